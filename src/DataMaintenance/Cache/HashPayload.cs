using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DataMaintenance.Cache;

/// <summary>
/// A whole hash as RESTORE takes it: the RDB type of a hash in a listpack, the listpack as a string, the version of the format and a
/// checksum. A server that keeps large hashes in tables converts it while reading; one from before Redis 7 refuses it.
/// </summary>
internal ref struct HashPayload
{
    private const byte HashListpack = 16;
    /// <summary>Redis 7.0's; servers take what is not newer than themselves.</summary>
    private const ushort RdbVersion = 10;
    /// <summary>Type and length of the string; the largest form is reserved, what is not needed is skipped at the end.</summary>
    private const int Head = 6, ListpackHead = 6, Footer = sizeof(ushort) + sizeof(ulong);
    private const byte End = 0xFF;

    private readonly Span<byte> bytes;
    private int length;
    private int elements;

    /// <param name="scratch">Where it is built; as large as <see cref="Room"/> says.</param>
    public HashPayload(Span<byte> scratch)
    {
        bytes = scratch;
        length = Head + ListpackHead;
    }

    /// <summary>Bytes that suffice for this many elements (a field and its value are two) with so much text in them.</summary>
    public static int Room(int elements, int textBytes) => Head + ListpackHead + 1 + Footer + elements * 12 + textBytes;

    public void Add(long number)
    {
        var start = length;
        switch (number)
        {
            case >= 0 and <= 127:
                bytes[length++] = (byte)number;
                break;
            case >= -4096 and <= 4095:
                BinaryPrimitives.WriteUInt16BigEndian(bytes[length..], (ushort)(0xC000 | (number & 0x1FFF)));
                length += 2;
                break;
            case >= short.MinValue and <= short.MaxValue:
                Sized(0xF1, number, 2);
                break;
            case >= -(1 << 23) and < 1 << 23:
                Sized(0xF2, number, 3);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Sized(0xF3, number, 4);
                break;
            default:
                Sized(0xF4, number, 8);
                break;
        }

        EndElement(start);
    }

    /// <param name="text">ASCII or UTF-8, shorter than 4096 bytes. What reads as a whole number is kept as one, as the server does.</param>
    public void Add(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text)
        {
            Add(number);
            return;
        }

        var start = length;
        var size = Encoding.UTF8.GetByteCount(text);
        if (size < 64)
        {
            bytes[length++] = (byte)(0x80 | size);
        }
        else
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4095);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[length..], (ushort)(0xE000 | size));
            length += 2;
        }

        length += Encoding.UTF8.GetBytes(text, bytes[length..]);
        EndElement(start);
    }

    /// <summary>The finished payload; nothing can be added after it.</summary>
    public byte[] ToArray()
    {
        bytes[length++] = End;
        var listpack = length - Head;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[Head..], listpack);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[(Head + 4)..], (ushort)elements);
        var start = Start(listpack);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[length..], RdbVersion);
        length += sizeof(ushort);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[length..], Crc64.Of(bytes[start..length]));
        length += sizeof(ulong);
        return bytes[start..length].ToArray();
    }

    /// <summary>Writes type and length right before the listpack.</summary>
    /// <returns>Where the payload begins.</returns>
    private readonly int Start(int size)
    {
        var start = size < 64 ? Head - 2 : size < 16_384 ? Head - 3 : 0;
        bytes[start] = HashListpack;
        if (size < 64)
        {
            bytes[start + 1] = (byte)size;
        }
        else if (size < 16_384)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(start + 1)..], (ushort)(0x4000 | size));
        }
        else
        {
            bytes[start + 1] = 0x80;
            BinaryPrimitives.WriteInt32BigEndian(bytes[(start + 2)..], size);
        }

        return start;
    }

    private void Sized(byte encoding, long number, int size)
    {
        bytes[length++] = encoding;
        for (var i = 0; i < size; i++, number >>= 8) bytes[length++] = (byte)number;
    }

    /// <summary>Behind every element stands its size, so that the list can be walked backwards: seven bits a byte, the highest first.</summary>
    private void EndElement(int start)
    {
        var size = length - start;
        if (size > 127) bytes[length++] = (byte)(size >> 7);
        bytes[length++] = (byte)(size > 127 ? (size & 127) | 128 : size);
        elements++;
    }
}
