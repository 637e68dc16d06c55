using System.Collections.Frozen;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>
/// Looks at sessions of daily bars as they are loaded, oldest first, each against the ten sessions before it. Keeps those in
/// memory: a night reads ten sessions once.
/// </summary>
internal sealed class DailyChecks
{
    public const int Depth = 10;

    private readonly BarHistory history = new(Depth);
    private readonly IStore store;
    private readonly TradingCalendar calendar;
    private readonly string by;
    private readonly DailyLook look;

    private DailyChecks(IStore store, TradingCalendar calendar, string by, FrozenDictionary<Symbol, Adjustment> adjustments, IReadOnlyDictionary<Symbol, UniverseEntry> universe)
    {
        (this.store, this.calendar, this.by) = (store, calendar, by);
        look = new(history, adjustments, universe);
    }

    /// <param name="by">Who looks: the task.</param>
    /// <param name="splits">Asked where the store knows none yet.</param>
    /// <param name="first">The oldest session that will be judged.</param>
    public static async Task<DailyChecks> OpenAsync(IStore store, TradingCalendar calendar, string by, Func<Task<IReadOnlyList<ListedSplit>>> splits, DateOnly first, DateOnly last, CancellationToken ct)
    {
        var known = await store.SplitsAsync(ct);
        var listed = known.Count > 0 ? known.Where(s => s.InForce).Select(s => s.Split) : (await splits()).Select(s => s.Split).Distinct();
        var checks = new DailyChecks(store, calendar, by, Adjustment.BySymbol(listed, last), (await store.UniverseAsync(ct)).ToDictionary(e => e.Symbol));
        await checks.ReadAsync(calendar.LastSessions(Depth + 1, first)[0], first.AddDays(-1), ct);
        return checks;
    }

    /// <summary>Judges a reply of a session newer than those before, and records what was found.</summary>
    public async Task<DailyVerdict> JudgeAsync(DailyReply reply, DateTimeOffset at, CancellationToken ct)
    {
        if (history.Sessions is [.., var newest]) await ReadAsync(newest.AddDays(1), reply.Date.AddDays(-1), ct);
        var verdict = look.Judge(reply, calendar.IsHalfDay(reply.Date));
        await store.SaveFindingsAsync(new Look(Rules.Daily, [.. Rules.OfDailyLook.Union(verdict.Found.Select(f => f.Breach.Rule))], reply.Date, reply.Date, by, at), [.. verdict.Findings(at)], ct);
        if (!verdict.IsOld) history.Take(reply.Date, verdict.Good);
        return verdict;
    }

    /// <summary>Judges a stored session anew, newer than those before. What was refused when it was loaded stands, but for those whose row was replaced since.</summary>
    public async Task AgainAsync(DateOnly session, IReadOnlySet<Symbol> replaced, DateTimeOffset at, CancellationToken ct)
    {
        var bars = await store.ReadDailyAsync(session, session, null, ct).ToListAsync(ct);
        var refused = (await store.OpenFindingsAsync(Rules.Daily, session, session, ct)).Where(f => Rules.IsRefusal(f.Rule) && !(f.Symbol is { } symbol && replaced.Contains(symbol)));
        await JudgeAsync(new(session, bars, [.. refused.Select(f => new RejectedRow(f.Symbol?.Text ?? "", f.Rule, f.Value, f.Expectation))], "the store"), at, ct);
    }

    /// <summary>Whether something is wrong with the session as a whole that nobody has accepted: it is to be asked for again.</summary>
    public static async Task<bool> IsGraveAsync(IStore store, string dataset, DateOnly session, CancellationToken ct) =>
        (await store.OpenFindingsAsync(dataset, session, session, ct)).Any(f => f.Symbol is null && f.Severity == Severity.Error && Rules.Find(f.Rule) is { OfDay: true });

    private async Task ReadAsync(DateOnly from, DateOnly to, CancellationToken ct)
    {
        if (from > to) return;
        await foreach (var bar in store.ReadDailyAsync(from, to, null, ct)) history.Add(bar);
    }
}
