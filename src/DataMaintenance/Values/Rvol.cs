using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>
/// Baselines of relative volume: for each symbol the mean, over the newest sessions on which it traded, of its cumulative volume at
/// the end of every slot.
/// </summary>
internal static class Rvol
{
    public const int Formula = 1;

    public static async Task<Computed> ComputeAsync(IStore store, Inputs inputs, ValuesOptions options, IReadOnlyCollection<Symbol>? symbols, SharedInputs? shared, CancellationToken ct)
    {
        var baselines = new Dictionary<Symbol, Baseline>(symbols?.Count ?? 16_384);
        var head = Print.Of($"rvol {Formula} {options.RvolSessions} {options.RvolLookbackSessions} {options.Grid.Name}");
        foreach (var part in await PlanAsync(store, inputs, options, symbols, ct))
        {
            var session = part.Symbols is null && shared is not null ? await shared.VolumesAsync(part.Day, ct) : await store.ReadVolumesAsync(part.Day.Date, part.Symbols, ct);
            if (session.Rows != part.Rows) throw new InputsShortException(Dataset.Slots, part.Day.Date, part.Rows, session.Rows);
            for (var i = 0; i < session.Symbols.Count; i++)
            {
                var symbol = session.Symbols[i];
                if (part.Day.Date < inputs.Since(symbol)) continue;
                if (!baselines.TryGetValue(symbol, out var baseline)) baselines.Add(symbol, baseline = new(options.Grid.Count, part.Day.Date, head));
                baseline.Add(part.Day.Date, session.NumbersOf(i), session.VolumesOf(i), inputs.AdjustmentOf(symbol).VolumeFactor(part.Day.Date));
            }
        }

        var prints = baselines.ToDictionary(b => b.Key, b => b.Value.PrintOf(inputs.AdjustmentOf(b.Key)));
        return new([.. baselines.OrderBy(b => b.Key).Select(b => b.Value.Of(b.Key))], 0, prints);
    }

    /// <summary>
    /// What is read, oldest session first: the newest sessions whole, older ones within the look-back only for symbols that had
    /// fewer than enough in the newer ones. No symbol is read more often than it is averaged.
    /// </summary>
    public static async Task<IReadOnlyList<Part>> PlanAsync(IStore store, Inputs inputs, ValuesOptions options, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        var first = inputs.Calendar.LastSessions(options.RvolLookbackSessions, inputs.AsOf)[0];
        var days = await store.DayCoverageAsync(Dataset.Slots, first, inputs.AsOf, ct);
        var found = new Dictionary<Symbol, int>(16_384);
        var plan = new List<Part>(days.Count);
        foreach (var day in days.Reverse())
        {
            var coverage = await store.SymbolCoverageAsync(Dataset.Slots, day.Date, ct);
            var traded = (symbols is null ? coverage.Keys : symbols).Where(s => coverage.TryGetValue(s, out var known) && known.Rows > 0 && day.Date >= inputs.Since(s));
            var wanted = traded.Where(s => found.GetValueOrDefault(s) < options.RvolSessions).ToHashSet();
            foreach (var symbol in wanted) found[symbol] = found.GetValueOrDefault(symbol) + 1;
            if (plan.Count < options.RvolSessions && symbols is null) plan.Add(new(day, null, day.Rows));
            else if (wanted.Count > 0) plan.Add(new(day, wanted, Inputs.Rows(coverage, wanted)));
        }

        plan.Reverse();
        return plan;
    }

    /// <param name="Symbols">Null for all.</param>
    /// <param name="Rows">Rows coverage counted for them.</param>
    internal sealed record Part(Coverage Day, IReadOnlySet<Symbol>? Symbols, long Rows);

    /// <param name="first">The oldest session averaged.</param>
    private sealed class Baseline(int slots, DateOnly first, Print head)
    {
        private readonly double[] sums = new double[slots];
        private Print print = head;
        private int sessions;

        public void Add(DateOnly session, ReadOnlySpan<short> numbers, ReadOnlySpan<double> volumes, double volumeFactor)
        {
            VolumeProfile.AddSession(numbers, volumes, volumeFactor, sums);
            sessions++;
            print.Add(session);
            for (var i = 0; i < numbers.Length; i++)
            {
                print.Add((ulong)numbers[i]);
                print.Add(volumes[i]);
            }
        }

        public ulong PrintOf(Adjustment adjustment)
        {
            var whole = print;
            whole.Add(adjustment.After(first));
            return whole.Value;
        }

        public RvolValue Of(Symbol symbol)
        {
            VolumeProfile.Average(sums, sessions);
            return new(symbol, sums, sessions);
        }
    }
}
