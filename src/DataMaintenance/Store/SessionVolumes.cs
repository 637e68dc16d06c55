using System.Runtime.InteropServices;
using Market;

namespace DataMaintenance.Store;

/// <summary>The volumes of one session's slots, in a few arrays for all symbols: ten bytes a slot, so that several sessions are held at little cost.</summary>
public sealed class SessionVolumes
{
    private readonly int[] starts;
    private readonly short[] numbers;
    private readonly double[] volumes;

    private SessionVolumes(DateOnly date, Symbol[] symbols, int[] starts, short[] numbers, double[] volumes) =>
        (Date, Symbols, this.starts, this.numbers, this.volumes) = (date, symbols, starts, numbers, volumes);

    public DateOnly Date { get; }

    /// <summary>Those with a slot, ordinal.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>Slots of all of them.</summary>
    public long Rows => numbers.Length;

    /// <summary>Slot numbers of the symbol at an index of <see cref="Symbols"/>, ascending.</summary>
    public ReadOnlySpan<short> NumbersOf(int index) => numbers.AsSpan(starts[index]..starts[index + 1]);

    /// <summary>Shares traded in each of <see cref="NumbersOf"/>.</summary>
    public ReadOnlySpan<double> VolumesOf(int index) => volumes.AsSpan(starts[index]..starts[index + 1]);

    /// <summary>Takes rows in any order; those of a symbol that follow each other, as they mostly lie in a table, are moved together.</summary>
    public sealed class Builder(DateOnly date)
    {
        private readonly Dictionary<Symbol, List<(int Start, int Length)>> runs = new(16_384);
        private readonly List<short> numbers = new(1 << 16);
        private readonly List<double> volumes = new(1 << 16);
        private Symbol current;
        private int start;

        public void Add(Symbol symbol, short number, double volume)
        {
            if (symbol != current)
            {
                EndRun();
                current = symbol;
            }

            numbers.Add(number);
            volumes.Add(volume);
        }

        public SessionVolumes Build()
        {
            EndRun();
            var symbols = runs.Keys.Order().ToArray();
            var (starts, sortedNumbers, sortedVolumes) = (new int[symbols.Length + 1], new short[numbers.Count], new double[numbers.Count]);
            var allNumbers = CollectionsMarshal.AsSpan(numbers);
            var allVolumes = CollectionsMarshal.AsSpan(volumes);
            var at = 0;
            for (var i = 0; i < symbols.Length; i++)
            {
                starts[i] = at;
                foreach (var (from, length) in runs[symbols[i]])
                {
                    allNumbers.Slice(from, length).CopyTo(sortedNumbers.AsSpan(at));
                    allVolumes.Slice(from, length).CopyTo(sortedVolumes.AsSpan(at));
                    at += length;
                }

                if (!Ascends(sortedNumbers.AsSpan(starts[i]..at))) Array.Sort(sortedNumbers, sortedVolumes, starts[i], at - starts[i]);
            }

            starts[^1] = at;
            return new(date, symbols, starts, sortedNumbers, sortedVolumes);
        }

        private void EndRun()
        {
            if (numbers.Count == start) return;
            if (!runs.TryGetValue(current, out var ofSymbol)) runs.Add(current, ofSymbol = new(1));
            ofSymbol.Add((start, numbers.Count - start));
            start = numbers.Count;
        }

        private static bool Ascends(ReadOnlySpan<short> numbers)
        {
            for (var i = 1; i < numbers.Length; i++) if (numbers[i] < numbers[i - 1]) return false;
            return true;
        }
    }
}
