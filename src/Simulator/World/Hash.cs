using System.Runtime.CompilerServices;

namespace Simulator.World;

/// <summary>
/// The world's randomness: a counter-based hash with the SplitMix64 finaliser. Every number is a function of its
/// coordinates (seed, symbol, day, purpose), so any part of the market can be generated without the rest.
/// </summary>
internal static class Hash
{
    internal const ulong Golden = 0x9E3779B97F4A7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Of(ulong key, ulong counter) => Mix(key + ((counter + 1) * Golden));

    internal static ulong Of(ulong key, ulong a, ulong b) => Of(Of(key, a), b);

    /// <summary>The text's UTF-16 units in order; the same on every machine and in every process.</summary>
    internal static ulong Of(ulong key, ReadOnlySpan<char> text)
    {
        foreach (var c in text) key = Of(key, c);
        return Mix(key);
    }

    /// <summary>From 0, inclusive, to 1, exclusive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}

/// <summary>A sequence of hashes from one key. <c>default</c> is the sequence of key 0.</summary>
internal struct RandomStream(ulong key)
{
    private ulong state = key;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Next() => Hash.Mix(state += Hash.Golden);

    internal double Unit() => Hash.Unit(Next());

    /// <summary>A whole number from 0 up to, not including, <paramref name="count"/>.</summary>
    internal int Below(int count) => (int)(Unit() * count);
}
