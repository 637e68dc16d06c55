using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>A number that two days of slots have in common only when they are the same to the share.</summary>
internal static class SlotPrint
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<Slot> slots)
    {
        var print = (ulong)slots.Length;
        foreach (ref readonly var slot in slots) print = Mix(print, slot.Number, slot.Volume);
        return print;
    }

    public static ulong Of(ReadOnlySpan<short> numbers, ReadOnlySpan<double> volumes)
    {
        var print = (ulong)numbers.Length;
        for (var i = 0; i < numbers.Length; i++) print = Mix(print, numbers[i], volumes[i]);
        return print;
    }

    private static ulong Mix(ulong print, short number, double volume) =>
        ulong.RotateLeft((print ^ (ulong)number) * Prime, 29) ^ (BitConverter.DoubleToUInt64Bits(volume) * Prime);
}
