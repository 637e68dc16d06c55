using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Looks at sessions of slots: begun before they come, ended when they are stored.</summary>
internal static class SlotChecks
{
    /// <summary>How much of the sample must equal the session before.</summary>
    private const double RepeatedShare = 0.5;

    private const int SessionsKnown = 5;

    /// <param name="daily">Of the session; empty where none is known.</param>
    public static SlotLook Begin(DateOnly session, SlotGrid grid, TradingCalendar calendar, IReadOnlyDictionary<Symbol, DailyBar> daily, IReadOnlyDictionary<Symbol, string?> exchanges) =>
        new(session, grid, daily, TradingCalendar.NewYorkTime(calendar.Hours(session).Close), exchanges);

    public static async Task<IReadOnlyDictionary<Symbol, string?>> ExchangesAsync(IStore store, CancellationToken ct) =>
        (await store.UniverseAsync(ct)).Where(e => e.Exchange is not null).ToDictionary(e => e.Symbol, e => e.Exchange);

    /// <summary>Looks once more at a session that is stored, and records what is found now.</summary>
    public static async Task<IReadOnlyList<(Symbol? Symbol, Breach Breach)>> AgainAsync(
        IStore store, TradingCalendar calendar, DateOnly session, SlotGrid grid, string by, DateTimeOffset at, CancellationToken ct)
    {
        var daily = new Dictionary<Symbol, DailyBar>();
        await foreach (var bar in store.ReadDailyAsync(session, session, null, ct)) daily[bar.Symbol] = bar;
        var look = Begin(session, grid, calendar, daily, await ExchangesAsync(store, ct));
        await foreach (var day in store.ReadSlotsAsync(session, null, ct)) look.Add(day.Symbol, day.Slots);
        return await EndAsync(store, calendar, look, null, by, at, ct);
    }

    /// <summary>Records what was found, rows that were refused included, and heals what was looked at and is sound.</summary>
    /// <param name="refused">Null when the rows as they came are not at hand: what was refused then is not judged anew.</param>
    public static async Task<IReadOnlyList<(Symbol? Symbol, Breach Breach)>> EndAsync(
        IStore store, TradingCalendar calendar, SlotLook look, IReadOnlyList<RejectedRow>? refused, string by, DateTimeOffset at, CancellationToken ct)
    {
        var found = look.Found().ToList();
        var whole = look.IsWhole;
        if (whole && await RepeatedAsync(store, calendar, look, ct) is { } repeated) found.Add((null, repeated));
        found.AddRange(await UntoldAsync(store, calendar, look, ct));
        var rows = (refused ?? []).Select(r => (Symbol: Symbol.IsValid(r.Symbol) ? new Symbol(r.Symbol) : (Symbol?)null, Breach: new Breach(r.Rule, Rules.Find(r.Rule)?.Severity ?? Severity.Error, r.Value, r.Expectation)));
        Finding[] findings = [.. found.Concat(rows).Select(f => new Finding(0, Rules.Slots, look.Session, f.Symbol, f.Breach.Rule, f.Breach.Severity, f.Breach.Value, f.Breach.Expectation, FindingState.Open, at, null))];
        var rules = Rules.OfSymbolSlots.Where(r => refused is not null || Rules.RefusedSlots.All(known => known.Name != r)).Union(findings.Select(f => f.Rule)).Union(whole ? Rules.OfDaySlots : []).ToArray();
        var scope = new Look(Rules.Slots, rules, look.Session, look.Session, by, at);
        await store.SaveFindingsAsync(whole ? scope : scope with { Symbols = look.Judged }, findings, ct);
        return found;
    }

    private static async Task<Breach?> RepeatedAsync(IStore store, TradingCalendar calendar, SlotLook look, CancellationToken ct)
    {
        if (look.Sample.Count == 0) return null;
        var before = new Dictionary<Symbol, Slot[]>();
        var earlier = calendar.PreviousSession(look.Session);
        await foreach (var day in store.ReadSlotsAsync(earlier, [.. look.Sample.Select(s => s.Symbol)], ct)) before[day.Symbol] = day.Slots;
        var same = look.Sample.Count(s => before.TryGetValue(s.Symbol, out var old) && Same(old, s.Slots));
        return before.Count > 0 && same >= RepeatedShare * before.Count && same > 0
            ? Rules.SlotsRepeated.Breach(Invariant($"{same} of {before.Count} symbols looked at have the slots of {earlier:yyyy-MM-dd}"), "slots of this session")
            : null;
    }

    /// <summary>A symbol that had daily bars until now; one that never had is told of nowhere.</summary>
    private static async Task<IReadOnlyList<(Symbol?, Breach)>> UntoldAsync(IStore store, TradingCalendar calendar, SlotLook look, CancellationToken ct)
    {
        if (look.Untold.Count == 0) return [];
        var known = new HashSet<Symbol>();
        await foreach (var bar in store.ReadDailyAsync(calendar.LastSessions(SessionsKnown + 1, look.Session)[0], look.Session.AddDays(-1), [.. look.Untold.Select(u => u.Symbol)], ct)) known.Add(bar.Symbol);
        return [.. look.Untold.Where(u => known.Contains(u.Symbol)).Select(u => ((Symbol?)u.Symbol, Rules.Untold.Breach(Invariant($"{u.Shares:0} shares in slots"), "a daily bar, as in the sessions before")))];
    }

    private static bool Same(Slot[] old, Slot[] now)
    {
        if (old.Length != now.Length) return false;
        for (var i = 0; i < old.Length; i++)
            if (old[i].Number != now[i].Number || old[i].Volume != now[i].Volume) return false;
        return true;
    }
}
