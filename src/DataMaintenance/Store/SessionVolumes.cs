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

    /// <summary>Shares of the symbol in the whole session, added in slot order.</summary>
    public double SumOf(int index)
    {
        var sum = 0.0;
        foreach (var volume in VolumesOf(index)) sum += volume;
        return sum;
    }

    /// <summary>Takes rows in any order; those of a symbol that follow each other cost least.</summary>
    public sealed class Builder(DateOnly date)
    {
        private readonly Dictionary<Symbol, int> known = new(16_384);
        private readonly List<int> owners = new(1 << 19);
        private readonly List<short> numbers = new(1 << 19);
        private readonly List<double> volumes = new(1 << 19);
        private Symbol current;
        private int owner = -1;

        public void Add(Symbol symbol, short number, double volume)
        {
            if (symbol != current)
            {
                current = symbol;
                if (!known.TryGetValue(symbol, out owner)) known.Add(symbol, owner = known.Count);
            }

            owners.Add(owner);
            numbers.Add(number);
            volumes.Add(volume);
        }

        public SessionVolumes Build()
        {
            var symbols = known.Keys.Order().ToArray();
            var place = new int[symbols.Length];
            for (var i = 0; i < symbols.Length; i++) place[known[symbols[i]]] = i;
            var starts = new int[symbols.Length + 1];
            foreach (var of in owners) starts[place[of] + 1]++;
            for (var i = 0; i < symbols.Length; i++) starts[i + 1] += starts[i];

            var (next, sortedNumbers, sortedVolumes) = (starts[..symbols.Length], new short[numbers.Count], new double[numbers.Count]);
            for (var row = 0; row < owners.Count; row++)
            {
                var at = next[place[owners[row]]]++;
                (sortedNumbers[at], sortedVolumes[at]) = (numbers[row], volumes[row]);
            }

            for (var i = 0; i < symbols.Length; i++)
            {
                var (start, length) = (starts[i], starts[i + 1] - starts[i]);
                if (!Ascends(sortedNumbers.AsSpan(start, length))) Array.Sort(sortedNumbers, sortedVolumes, start, length);
            }

            return new(date, symbols, starts, sortedNumbers, sortedVolumes);
        }

        private static bool Ascends(ReadOnlySpan<short> numbers)
        {
            for (var i = 1; i < numbers.Length; i++) if (numbers[i] < numbers[i - 1]) return false;
            return true;
        }
    }
}
