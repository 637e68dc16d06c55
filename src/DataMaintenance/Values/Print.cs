using System.Globalization;
using System.Numerics;
using Market;

namespace DataMaintenance.Values;

/// <summary>
/// A 64-bit digest over numbers and texts in the order they are added: the same additions, the same digest, on any machine. It tells inputs
/// apart, at a chance of one in 10^19 a pair; it is no defence against somebody who wants two to be alike. <c>default</c> is the empty one.
/// </summary>
internal struct Print
{
    private ulong state;

    /// <summary>The digest so far.</summary>
    public readonly ulong Value
    {
        get
        {
            var mixed = (state ^ (state >> 32)) * 0xD6E8FEB86659FD93;
            return mixed ^ (mixed >> 32);
        }
    }

    /// <summary>As it is shown: 16 hexadecimal digits.</summary>
    public static string Text(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    public static Print Of(FormattableString head)
    {
        var print = default(Print);
        print.Add(head.ToString(CultureInfo.InvariantCulture));
        return print;
    }

    public void Add(ulong number)
    {
        // Each step is a bijection of what is added, so nothing is lost on the way.
        state = (BitOperations.RotateLeft(state, 23) ^ number) * 0x9FB21C651E98DF25;
        state ^= state >> 35;
    }

    public void Add(double number) => Add(BitConverter.DoubleToUInt64Bits(number));

    public void Add(DateOnly date) => Add((ulong)date.DayNumber);

    /// <summary>Null is told from an empty text, and both from absence.</summary>
    public void Add(string? text)
    {
        Add(text is null ? ulong.MaxValue : (ulong)text.Length);
        foreach (var character in text ?? "") Add(character);
    }

    public void Add(IEnumerable<Split> splits)
    {
        foreach (var split in splits)
        {
            Add(split.ExecutionDate);
            Add(split.From);
            Add(split.To);
        }
    }
}
