using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>
/// Tells minutes that are missing from a halt, by the sessions before: what a halted symbol does not trade its daily volume lacks as well, so
/// its slots hold as much of it as ever; where minutes are missing they hold less, by about what that part of the day holds otherwise.
/// </summary>
internal sealed class SlotLosses
{
    /// <summary>Sessions looked back on, and of how many of them a symbol must be known.</summary>
    private const int Sessions = 5, LeastKnown = 3, Few = 500;

    /// <summary>Share of the day that a part of it must hold otherwise, to be judged; and in how many of the deviations of the symbol's own share.</summary>
    public const double LeastHeld = 0.01, Deviations = 5, LeastDeviation = 0.002;

    /// <summary>How much of what that part holds otherwise the day must lack.</summary>
    public const double LeastLost = 0.5, MostLost = 2;

    /// <summary>How many symbols, and which share of those that can be judged, make it everybody's.</summary>
    public const int LeastShared = 10;
    public const double Shared = 0.1;

    private readonly List<(Stretch Stretch, double Usual, double Lost)> lost = [];
    private readonly int[] kept = new int[Enum.GetValues<PartOfDay>().Length];

    public static readonly SlotLosses None = new();

    public IEnumerable<Symbol> Symbols => lost.Select(l => l.Stretch.Symbol).Distinct();

    /// <summary>Whether those silent together are so by a halt of the market, which loses nothing.</summary>
    public bool AreHalts => Kept(PartOfDay.Session) >= LeastShared && Kept(PartOfDay.Session) > Lost(PartOfDay.Session);

    /// <summary>Whether so many have lost the same part that everybody may have.</summary>
    public bool AreShared => Enum.GetValues<PartOfDay>().Any(part => Lost(part) >= LeastShared && Lost(part) >= Shared * (Lost(part) + Kept(part)));

    public int Count => lost.Count;

    public IEnumerable<(Symbol? Symbol, Breach Breach)> Found(SlotGrid grid) => lost.Select(l => ((Symbol?)l.Stretch.Symbol, Rules.Gap.Breach(
        Invariant($"slots hold {l.Stretch.Share:P1} of the daily volume, {l.Lost:P1} less than before, and {l.Stretch.Held:P1} of them lies between {grid.TimeOf(l.Stretch.First):HH\\:mm} and {grid.TimeOf(l.Stretch.First + l.Stretch.Count - 1).Add(SlotGrid.Width):HH\\:mm}"),
        Invariant($"{l.Usual:P1} of them there, as before, or a day that lacks nothing"))));

    /// <param name="shared">Volumes that others of the run read as well; null to read only those asked for.</param>
    public static async Task<SlotLosses> OfAsync(IStore store, TradingCalendar calendar, SlotLook look, SharedInputs? shared, CancellationToken ct)
    {
        // Many trade nothing before the open; of many it is looked for only where the sessions before are read anyway.
        var suspected = look.Holes.Stretches.Where(s => s.Part != PartOfDay.BeforeOpen || shared is not null || look.Judged.Count <= Few).ToLookup(s => s.Symbol);
        if (suspected.Count == 0) return None;
        var close = calendar.Hours(look.Session) is var hours ? TradingCalendar.NewYorkTime(hours.Close) : default;
        // Days with another close lie otherwise.
        DateOnly[] before = [.. calendar.LastSessions(Sessions + 1, look.Session).SkipLast(1).Where(s => TradingCalendar.NewYorkTime(calendar.Hours(s).Close) == close)];
        if (before.Length < LeastKnown) return None;
        Symbol[] symbols = [.. suspected.Select(s => s.Key)];
        var daily = new Dictionary<(DateOnly, Symbol), double>();
        await foreach (var bar in store.ReadDailyAsync(before[0], before[^1], symbols, ct)) daily[(bar.Date, bar.Symbol)] = bar.Volume;
        var past = new Dictionary<Stretch, List<(double Share, double Held)>>();
        foreach (var day in (await store.DayCoverageAsync(Dataset.Slots, before[0], before[^1], ct)).Where(d => d.Rows > 0 && before.Contains(d.Date)))
        {
            var volumes = shared is null ? await store.ReadVolumesAsync(day.Date, symbols, ct) : await shared.VolumesAsync(day, ct);
            for (var i = 0; i < volumes.Symbols.Count; i++)
            {
                if (!suspected.Contains(volumes.Symbols[i]) || !daily.TryGetValue((day.Date, volumes.Symbols[i]), out var traded) || !(traded > 0)) continue;
                foreach (var stretch in suspected[volumes.Symbols[i]])
                {
                    var (all, held) = Sum(volumes.NumbersOf(i), volumes.VolumesOf(i), stretch);
                    if (!(all > 0)) continue;
                    if (!past.TryGetValue(stretch, out var known)) past[stretch] = known = [];
                    known.Add((all / traded, held / all));
                }
            }
        }

        var losses = new SlotLosses();
        foreach (var (stretch, known) in past.OrderBy(p => p.Key.Symbol).ThenBy(p => p.Key.First)) losses.Judge(stretch, known);
        return losses;
    }

    private int Lost(PartOfDay part) => lost.Count(l => l.Stretch.Part == part);

    private int Kept(PartOfDay part) => kept[(int)part];

    private void Judge(in Stretch stretch, List<(double Share, double Held)> past)
    {
        if (past.Count < LeastKnown) return;
        var (share, usual) = (Median(past.Select(p => p.Share)), Median(past.Select(p => p.Held)));
        var mean = past.Average(p => p.Share);
        var deviation = Math.Max(LeastDeviation, Math.Sqrt(past.Sum(p => (p.Share - mean) * (p.Share - mean)) / (past.Count - 1)) / mean);
        var (missing, lacks) = (usual - stretch.Held, 1 - (stretch.Share / share));
        if (usual < LeastHeld || missing < LeastHeld || missing < Deviations * deviation) return;
        if (lacks >= LeastLost * missing && lacks <= MostLost * missing) lost.Add((stretch, usual, lacks));
        else if (lacks < LeastLost * missing) kept[(int)stretch.Part]++;
    }

    private static (double All, double Held) Sum(ReadOnlySpan<short> numbers, ReadOnlySpan<double> volumes, in Stretch stretch)
    {
        var (all, held) = (0.0, 0.0);
        for (var i = 0; i < numbers.Length; i++)
        {
            all += volumes[i];
            if (numbers[i] >= stretch.First && numbers[i] < stretch.First + stretch.Count) held += volumes[i];
        }

        return (all, held);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted && sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
