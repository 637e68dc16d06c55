using System.Buffers.Binary;

namespace DataMaintenance.Cache;

/// <summary>The checksum at the end of what DUMP gives and RESTORE takes: CRC-64 of Jones, reflected, from zero.</summary>
internal static class Crc64
{
    private const ulong Polynomial = 0x95AC9329AC4BC9B5;
    private const int Step = sizeof(ulong);
    private static readonly ulong[][] Tables = MakeTables();

    public static ulong Of(ReadOnlySpan<byte> data)
    {
        ulong crc = 0;
        for (; data.Length >= Step; data = data[Step..])
        {
            var mixed = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(data);
            crc = 0;
            for (var i = 0; i < Step; i++, mixed >>= 8) crc ^= Tables[Step - 1 - i][(byte)mixed];
        }

        foreach (var one in data) crc = Tables[0][(byte)(crc ^ one)] ^ (crc >> 8);
        return crc;
    }

    /// <summary>The first takes one byte; each further one the same byte with one more zero byte behind it.</summary>
    private static ulong[][] MakeTables()
    {
        var tables = new ulong[Step][];
        for (var zeros = 0; zeros < Step; zeros++)
        {
            tables[zeros] = new ulong[256];
            for (var one = 0; one < 256; one++)
            {
                var crc = zeros == 0 ? (ulong)one : tables[zeros - 1][one];
                for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : Polynomial);
                tables[zeros][one] = crc;
            }
        }

        return tables;
    }
}
