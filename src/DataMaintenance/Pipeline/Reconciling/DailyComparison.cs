using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>Stored bars of a session against told ones, field by field. A vwap or a count that is not told keeps the one stored.</summary>
internal sealed class DailyComparison : IComparison
{
    private static readonly (string Name, Func<DailyBar, double?> Value)[] Fields =
    [
        ("open", b => b.Open), ("high", b => b.High), ("low", b => b.Low), ("close", b => b.Close), ("volume", b => b.Volume), ("vwap", b => b.Vwap), ("trades_count", b => b.Trades),
    ];

    private readonly List<DailyBar> bars = [];
    private readonly List<Symbol> vanished = [];
    private readonly List<Symbol> wild = [];
    private readonly List<FieldChange> changes = [];

    public int Stored { get; private init; }
    public int Told { get; private init; }
    public IReadOnlyList<Symbol> Vanished => vanished;
    public IReadOnlyList<Symbol> Wild => wild;
    public IReadOnlyList<FieldChange> Changes => changes;

    /// <summary>Bars to be stored: revised, added, or only now complete.</summary>
    public IReadOnlyList<DailyBar> Bars => bars;

    /// <param name="kept">Symbols whose told row was refused: what is stored of them stays.</param>
    public static DailyComparison Of(IReadOnlyList<DailyBar> stored, IReadOnlyList<DailyBar> told, IReadOnlySet<Symbol> kept, ReconcileOptions options)
    {
        var comparison = new DailyComparison { Stored = stored.Count, Told = told.Count };
        var left = stored.ToDictionary(b => b.Symbol);
        foreach (var bar in told)
        {
            var known = left.Remove(bar.Symbol, out var was);
            if (kept.Contains(bar.Symbol)) continue;
            if (known) comparison.Compare(was, bar with { Vwap = bar.Vwap ?? was.Vwap, Trades = bar.Trades ?? was.Trades }, options);
            else comparison.Add(bar);
        }

        foreach (var gone in left.Values.Where(b => !kept.Contains(b.Symbol)).OrderBy(b => b.Symbol)) comparison.Vanish(gone);
        return comparison;
    }

    private void Compare(in DailyBar was, in DailyBar now, ReconcileOptions options)
    {
        if (was == now) return;
        var before = changes.Count;
        foreach (var (name, value) in Fields)
            if (FieldChange.Differs(value(was), value(now))) changes.Add(new(now.Symbol, null, name, RevisionKind.Changed, value(was), value(now)));
        if (changes.Count > before || was.Vwap is null != now.Vwap is null || was.Trades is null != now.Trades is null) bars.Add(now);
        if (Moved(was.Open, now.Open, options) || Moved(was.High, now.High, options) || Moved(was.Low, now.Low, options) || Moved(was.Close, now.Close, options)
            || IsWild(was.Volume, now.Volume, options)) wild.Add(now.Symbol);
    }

    private void Add(in DailyBar bar)
    {
        bars.Add(bar);
        foreach (var (name, value) in Fields)
            if (value(bar) is { } told) changes.Add(new(bar.Symbol, null, name, RevisionKind.Added, null, told));
    }

    private void Vanish(in DailyBar bar)
    {
        vanished.Add(bar.Symbol);
        foreach (var (name, value) in Fields)
            if (value(bar) is { } told) changes.Add(new(bar.Symbol, null, name, RevisionKind.Vanished, told, null));
    }

    private static bool Moved(double was, double now, ReconcileOptions options) => Math.Abs(now - was) > options.WildPrice * was;

    internal static bool IsWild(double was, double now, ReconcileOptions options) => now > was * (1 + options.WildVolume) || was > now * (1 + options.WildVolume);
}
