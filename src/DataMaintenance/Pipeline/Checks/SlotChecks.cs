using DataMaintenance.Provider;
using DataMaintenance.Store;
using DataMaintenance.Values;
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
    /// <param name="symbols">Only at these; null at the session as a whole.</param>
    public static async Task<IReadOnlyList<(Symbol? Symbol, Breach Breach)>> AgainAsync(
        IStore store, TradingCalendar calendar, DateOnly session, SlotGrid grid, string by, DateTimeOffset at, CancellationToken ct, IReadOnlySet<Symbol>? symbols = null)
    {
        var daily = new Dictionary<Symbol, DailyBar>();
        await foreach (var bar in store.ReadDailyAsync(session, session, null, ct)) daily[bar.Symbol] = bar;
        var look = Begin(session, grid, calendar, daily, await ExchangesAsync(store, ct));
        await foreach (var day in store.ReadSlotsAsync(session, symbols, ct)) look.Add(day.Symbol, day.Slots);
        foreach (var silent in symbols?.Where(s => !look.Judged.Contains(s)) ?? []) look.Add(silent, []);
        return await EndAsync(store, calendar, look, null, by, at, ct, symbols is null ? new(store) : null);
    }

    /// <summary>Records what was found, rows that were refused included, and heals what was looked at and is sound.</summary>
    /// <param name="refused">Null when the rows as they came are not at hand: what was refused then is not judged anew.</param>
    public static async Task<IReadOnlyList<(Symbol? Symbol, Breach Breach)>> EndAsync(
        IStore store, TradingCalendar calendar, SlotLook look, IReadOnlyList<RejectedRow>? refused, string by, DateTimeOffset at, CancellationToken ct, SharedInputs? shared = null)
    {
        look.Holes.Losses ??= await SlotLosses.OfAsync(store, calendar, look, shared, ct);
        var found = look.Found().ToList();
        var whole = look.IsWhole;
        found.AddRange(await RepeatedAsync(store, calendar, look, shared, ct));
        found.AddRange(await UntoldAsync(store, calendar, look, ct));
        var rows = (refused ?? []).Select(r => (Symbol: Symbol.IsValid(r.Symbol) ? new Symbol(r.Symbol) : (Symbol?)null, Breach: new Breach(r.Rule, Rules.Find(r.Rule)?.Severity ?? Severity.Error, r.Value, r.Expectation)));
        Finding[] findings = [.. found.Concat(rows).Select(f => new Finding(0, Rules.Slots, look.Session, f.Symbol, f.Breach.Rule, f.Breach.Severity, f.Breach.Value, f.Breach.Expectation, FindingState.Open, at, null))];
        var rules = Rules.OfSymbolSlots.Where(r => shared is not null || r != Rules.SlotsSame.Name).Where(r => refused is not null || Rules.RefusedSlots.All(known => known.Name != r)).Union(findings.Select(f => f.Rule)).Union(whole ? Rules.OfDaySlots : []).ToArray();
        var scope = new Look(Rules.Slots, rules, look.Session, look.Session, by, at);
        await store.SaveFindingsAsync(whole ? scope : scope with { Symbols = look.Judged }, findings, ct);
        return found;
    }

    /// <summary>Everybody against the session before, where that is read anyway; else a sample.</summary>
    private static async Task<IReadOnlyList<(Symbol?, Breach)>> RepeatedAsync(IStore store, TradingCalendar calendar, SlotLook look, SharedInputs? shared, CancellationToken ct)
    {
        var earlier = calendar.PreviousSession(look.Session);
        if (shared is null) return look.IsWhole && await SampleAsync(store, look, earlier, ct) is { } sampled ? [(null, sampled)] : [];
        if ((await store.DayCoverageAsync(Dataset.Slots, earlier, earlier, ct)) is not [{ Rows: > 0 } day]) return [];
        var volumes = await shared.VolumesAsync(day, ct);
        var (same, judged) = (new List<Symbol>(), 0);
        for (var i = 0; i < volumes.Symbols.Count; i++)
        {
            if (!look.Prints.TryGetValue(volumes.Symbols[i], out var print)) continue;
            judged++;
            if (SlotPrint.Of(volumes.NumbersOf(i), volumes.VolumesOf(i)) == print) same.Add(volumes.Symbols[i]);
        }

        return look.IsWhole && same.Count > 0 && same.Count >= RepeatedShare * judged ? [(null, Repeated(same.Count, judged, earlier))]
            : [.. same.Select(s => ((Symbol?)s, Rules.SlotsSame.Breach(Invariant($"the slots of {earlier:yyyy-MM-dd}"), "slots of this session")))];
    }

    private static async Task<Breach?> SampleAsync(IStore store, SlotLook look, DateOnly earlier, CancellationToken ct)
    {
        if (look.Sample.Count == 0) return null;
        var before = new Dictionary<Symbol, Slot[]>();
        await foreach (var day in store.ReadSlotsAsync(earlier, [.. look.Sample.Select(s => s.Symbol)], ct)) before[day.Symbol] = day.Slots;
        var same = look.Sample.Count(s => before.TryGetValue(s.Symbol, out var old) && SlotPrint.Of(old) == SlotPrint.Of(s.Slots));
        return same > 0 && same >= RepeatedShare * before.Count ? Repeated(same, before.Count, earlier) : null;
    }

    private static Breach Repeated(int same, int of, DateOnly earlier) => Rules.SlotsRepeated.Breach(Invariant($"{same:N0} of {of:N0} symbols looked at have the slots of {earlier:yyyy-MM-dd}"), "slots of this session");

    /// <summary>A symbol that had daily bars until now; one that never had is told of nowhere.</summary>
    private static async Task<IReadOnlyList<(Symbol?, Breach)>> UntoldAsync(IStore store, TradingCalendar calendar, SlotLook look, CancellationToken ct)
    {
        if (look.Untold.Count == 0) return [];
        var known = new HashSet<Symbol>();
        await foreach (var bar in store.ReadDailyAsync(calendar.LastSessions(SessionsKnown + 1, look.Session)[0], look.Session.AddDays(-1), [.. look.Untold.Select(u => u.Symbol)], ct)) known.Add(bar.Symbol);
        return [.. look.Untold.Where(u => known.Contains(u.Symbol)).Select(u => ((Symbol?)u.Symbol, Rules.Untold.Breach(Invariant($"{u.Shares:0} shares in slots"), "a daily bar, as in the sessions before")))];
    }
}
