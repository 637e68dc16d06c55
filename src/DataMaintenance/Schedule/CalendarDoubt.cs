using System.Globalization;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>
/// Holds three witnesses of the exchange's days against each other once a day: our rules, what the provider announces, and what it
/// has data for. Where they disagree there is a finding, and the reading wins under which no day is skipped: a day counts as a session
/// until announcement and data both say that it was none, and a closed day with data becomes one. <c>Calendar:Extra</c> wins over all.
/// </summary>
public sealed partial class CalendarDoubt(TradingCalendar calendar, IMarketSource source, IStore store, TimeProvider clock, string instance, ILogger<CalendarDoubt> logger)
{
    public const string Dataset = "calendar";
    /// <summary>The journal's event of a day that the rules take for a session and that was none; its date is the day's.</summary>
    internal const string ClosedLearned = "calendar_closed_learned";

    private const string Compared = "calendar_compared", Announced = "holiday_announced", SessionLearned = "calendar_session_learned";
    private const int DaysBack = 7, EventsLookedAt = 1_000;

    /// <summary>Before the night's run, which then knows what was learned.</summary>
    private static readonly TimeOnly Hour = new(2, 30);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);
    private static readonly Symbol Spy = new("SPY");

    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await StepAsync(ct);
            await Task.Delay(Again, clock, ct);
        }
    }

    /// <summary>Takes up again what was learned about days before this process began.</summary>
    public static async Task RecallAsync(IStore store, TradingCalendar calendar, CancellationToken ct)
    {
        foreach (var closed in await store.EventsAsync(ClosedLearned, EventsLookedAt, ct)) calendar.Learn(new(closed.Date!.Value, closed.Text, null));
        foreach (var session in await store.EventsAsync(SessionLearned, EventsLookedAt, ct)) calendar.Learn(new(session.Date!.Value, session.Text, TradingCalendar.RegularClose));
    }

    /// <summary>The calendar, with what the store has learned of single days.</summary>
    public static async Task<TradingCalendar> RecalledAsync(TradingCalendar calendar, IStore store, CancellationToken ct)
    {
        await RecallAsync(store, calendar, ct);
        return calendar;
    }

    /// <summary>Compares, unless it was done since 02:30 New York.</summary>
    /// <returns>False when there was nothing to do, or the provider did not answer and is asked again later.</returns>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = TradingCalendar.NewYorkDate(now);
        var due = TradingCalendar.At(now < TradingCalendar.At(today, Hour) ? today.AddDays(-1) : today, Hour);
        if (await store.EventsAsync(Compared, 1, ct) is [var last] && last.At >= due) return false;
        try
        {
            var announced = await source.UpcomingHolidaysAsync(ct);
            await KeepAsync(announced, now, ct);
            await CompareAnnouncedAsync(announced, today, now, ct);
            await CompareDataAsync(today, now, ct);
            await store.RecordEventAsync(new(Compared, source.Name, today, $"{announced.Count} announced days compared with the rules and the data", now, instance), ct);
            return true;
        }
        catch (ProviderException e)
        {
            NotCompared(e.Message);
            return false;
        }
    }

    /// <summary>The provider lists future days only, so what it said is kept.</summary>
    private async Task KeepAsync(IReadOnlyList<SpecialDay> announced, DateTimeOffset now, CancellationToken ct)
    {
        var kept = (await store.EventsAsync(Announced, EventsLookedAt, ct)).GroupBy(e => e.Subject).ToDictionary(e => e.Key, e => e.MaxBy(k => k.Id)!.Text);
        foreach (var day in announced)
            if (kept.GetValueOrDefault(Text(day.Date)) != Words(day))
                await store.RecordEventAsync(new(Announced, Text(day.Date), day.Date, Words(day), now, instance), ct);
    }

    private async Task CompareAnnouncedAsync(IReadOnlyList<SpecialDay> announced, DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        var found = new List<Finding>();
        foreach (var day in announced.Where(d => d.Date >= today && !calendar.IsGiven(d.Date)))
        {
            if (day.EarlyClose is null && calendar.IsSession(day.Date))
                found.Add(Finding(day.Date, CalendarRules.AnnouncedClosed, Words(day), "a session by our rules; it counts as one until there turn out to be no bars", now));
            else if (day.EarlyClose is { } close && Close(day.Date) != close)
                found.Add(Finding(day.Date, CalendarRules.EarlyClose, Words(day), $"by our rules {(calendar.ClosedReason(day.Date) is { } reason ? $"closed: {reason}" : $"a close at {Close(day.Date):HH\\:mm}")}", now));
        }

        if (announced.Count > 0)
        {
            var listed = announced.Select(d => d.Date).ToHashSet();
            for (var day = today; day < listed.Max(); day = day.AddDays(1))
                if (IsSpecial(day) && !listed.Contains(day) && !calendar.IsGiven(day))
                    found.Add(Finding(day, CalendarRules.NotAnnounced, "not among the provider's announced days, which reach further", $"by our rules {calendar.ClosedReason(day) ?? "an early close"}", now));
        }

        await SaveAsync([CalendarRules.AnnouncedClosed, CalendarRules.EarlyClose, CalendarRules.NotAnnounced], today, DateOnly.MaxValue, found, now, ct);
    }

    private async Task CompareDataAsync(DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        var doubted = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).Where(f => f.Rule == CalendarRules.AnnouncedClosed).ToDictionary(f => f.Date, f => f.Value);
        var done = await store.EventsAsync(Compared, 1, ct) is [var last] ? last.Date!.Value : DateOnly.MinValue;
        for (var day = today.AddDays(-DaysBack); day < today; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || calendar.IsGiven(day)) continue;
            if (calendar.ClosedReason(day) is { } reason)
            {
                // Asked once, on the day after.
                if (day >= done && await HasDataAsync(day, ct)) await OpenAsync(day, reason, now, ct);
            }
            else if (doubted.GetValueOrDefault(day) is { } said)
            {
                // Two of three: the data decide between the rules and the announcement.
                if (!await HasDataAsync(day, ct)) await CloseAsync(day, said, now, ct);
                else await store.SaveFindingsAsync(CalendarRules.AnnouncedClosed, day, [], now, ct);
            }
            else
            {
                await LookForSpyAsync(day, today, now, ct);
            }
        }
    }

    /// <summary>Whether the provider has bars like those of a session: the market's broadest fund, or half as many as the session before.</summary>
    private async Task<bool> HasDataAsync(DateOnly day, CancellationToken ct)
    {
        var before = calendar.PreviousSession(day);
        var usual = (await store.DayCoverageAsync(Store.Dataset.Daily, before, before, ct)).Select(c => c.Rows).FirstOrDefault();
        try
        {
            var bars = (await source.DailyAsync(day, ct)).Bars;
            return bars.Any(b => b.Symbol == Spy) || (usual > 0 && bars.Count >= usual / 2.0);
        }
        catch (ProviderException e) when (e.Fault is ProviderFault.NotYet or ProviderFault.NotFound or ProviderFault.TooOld)
        {
            return false;
        }
    }

    private async Task OpenAsync(DateOnly day, string reason, DateTimeOffset now, CancellationToken ct)
    {
        var why = $"the rules close it ({reason}), but the provider has bars of it";
        await SaveAsync([CalendarRules.BarsOnClosedDay], day, day, [Finding(day, CalendarRules.BarsOnClosedDay, "the provider has bars of this day", $"closed: {reason}; it counts as a session from now on", now)], now, ct);
        await store.RecordEventAsync(new(SessionLearned, Text(day), day, why, now, instance), ct);
        calendar.Learn(new(day, why, TradingCalendar.RegularClose));
        Learned(day, why);
    }

    private async Task CloseAsync(DateOnly day, string said, DateTimeOffset now, CancellationToken ct)
    {
        await store.RecordEventAsync(new(ClosedLearned, Text(day), day, $"{said}; no bars came", now, instance), ct);
        await store.SaveFindingsAsync(CalendarRules.AnnouncedClosed, day, [], now, ct);
        calendar.Learn(new(day, said, null));
        Learned(day, said);
    }

    /// <summary>
    /// A session whose bars came without the market's broadest fund, when the session before had it, is no whole session; nor, perhaps, is one
    /// of which nothing came although it was asked for, and another session has passed since.
    /// </summary>
    private async Task LookForSpyAsync(DateOnly day, DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        var symbols = await store.SymbolCoverageAsync(Store.Dataset.Daily, day, ct);
        if (!symbols.Values.Any(c => c.Rows > 0))
        {
            if (day < calendar.PreviousSession(today) && (await store.RunsOfAsync(day, ct)).Any(r => r is { Full: true, EndedAt: not null }) && !await HasDataAsync(day, ct))
                await SaveAsync([CalendarRules.NoSpyOnSession], day, day, [Finding(day, CalendarRules.NoSpyOnSession, "no bar of any symbol", "a session by our rules, and not announced as closed", now)], now, ct);
            return;
        }

        var before = await store.SymbolCoverageAsync(Store.Dataset.Daily, calendar.PreviousSession(day), ct);
        var lacks = before.GetValueOrDefault(Spy) is { Rows: > 0 } && symbols.GetValueOrDefault(Spy) is null or { Rows: 0 };
        await SaveAsync([CalendarRules.NoSpyOnSession], day, day, lacks ? [Finding(day, CalendarRules.NoSpyOnSession, "no bar of SPY", "one on every session", now)] : [], now, ct);
    }

    /// <summary>Records what was found, and heals what stood of the days, both inclusive, and is found no more.</summary>
    private async Task SaveAsync(IReadOnlyList<string> rules, DateOnly from, DateOnly to, IReadOnlyList<Finding> found, DateTimeOffset now, CancellationToken ct)
    {
        var open = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).Where(f => f.Dataset == Dataset && rules.Contains(f.Rule) && f.Date >= from && f.Date <= to);
        foreach (var (rule, date) in found.Concat(open).Select(f => (f.Rule, f.Date)).Distinct().ToArray())
            await store.SaveFindingsAsync(rule, date, [.. found.Where(f => f.Rule == rule && f.Date == date)], now, ct);
    }

    private static Finding Finding(DateOnly day, string rule, string value, string expectation, DateTimeOffset now) =>
        new(0, Dataset, day, null, rule, Severity.Error, value, expectation, FindingState.Open, now, null);

    private bool IsSpecial(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && (!calendar.IsSession(day) || calendar.IsHalfDay(day));

    private TimeOnly? Close(DateOnly day) => calendar.IsSession(day) ? TradingCalendar.NewYorkTime(calendar.Hours(day).Close) : null;

    private static string Words(SpecialDay day) => day.EarlyClose is { } close ? string.Create(CultureInfo.InvariantCulture, $"closes at {close:HH\\:mm}: {day.Reason}") : $"closed: {day.Reason}";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [LoggerMessage(EventId = 330, EventName = "calendar_day_learned", Level = LogLevel.Warning, Message = "{date:O}: {reason}")]
    private partial void Learned(DateOnly date, string reason);

    [LoggerMessage(EventId = 331, EventName = "calendar_not_compared", Level = LogLevel.Warning, Message = "the exchange's days could not be compared with the provider's: {reason}")]
    private partial void NotCompared(string reason);
}

/// <summary>The rules of findings about the exchange's days.</summary>
internal static class CalendarRules
{
    public const string AnnouncedClosed = "calendar.announced_closed", EarlyClose = "calendar.early_close", NotAnnounced = "calendar.not_announced",
        BarsOnClosedDay = "calendar.bars_on_closed_day", NoSpyOnSession = "calendar.no_spy_on_session";
}
