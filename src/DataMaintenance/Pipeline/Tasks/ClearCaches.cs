using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Tells other programs that a new trading day begins: the event, a POST to each configured URL, and, where configured, others' key patterns.</summary>
public sealed class ClearCaches(
    Events events, CacheCleaner cleaner, IStore store, TradingCalendar calendar, NotifyOptions notify, HttpClient http, TimeProvider clock, ILogger<ClearCaches> logger) : IMaintenanceTask
{
    public string Name => TaskNames.ClearCaches;
    public IReadOnlyList<string> After => [];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var newest = calendar.NewestEnded(clock.GetUtcNow());
        // Run for the day that begins, or, in a night, for the session that ended before it.
        var day = run.Session > newest ? run.Session : calendar.NextSession(run.Session);
        var named = run.Explicit.Contains(Name);
        if (!named && run.Session < newest)
            return report.Ok($"{run.Session:yyyy-MM-dd} is not the newest session, so no day begins with it");
        if (!named && !run.Force && await AlreadyAsync(run, day, ct) is { } earlier)
            return report.Ok($"{day:yyyy-MM-dd} was announced by run {earlier}");

        report.Worked();
        var receivers = await events.NewDayAsync(day, ct);
        if (receivers == 0) report.Warn("trading:new_day had no receiver");
        else report.Ok($"trading:new_day of {day:yyyy-MM-dd} reached {receivers:N0} receivers");
        ClearCachesLog.NewDayPublished(logger, day, receivers);

        var body = new JsonObject { ["reason"] = "new_trading_day", ["date"] = StatusDocument.Day(day) };
        var reached = notify.Enabled ? await Notices.PostAsync(http, notify.ClearCacheUrls, body.ToJsonString(), report, ct) : 0;
        var cleared = await cleaner.ClearAsync(ct);
        if (cleared > 0) report.Ok($"{cleared:N0} keys of the configured patterns removed");
        ClearCachesLog.Completed(logger, receivers + reached, cleared);
        ClearCachesLog.Executed(logger, day);
        return report.Count("receivers", receivers).Count("urls", reached).Count("keys", cleared);
    }

    /// <summary>The newest run of this session, other than this one, that announced the day after it had begun: what a run by hand told on the evening before clears no caches in the morning.</summary>
    private async Task<long?> AlreadyAsync(RunContext run, DateOnly day, CancellationToken ct)
    {
        var begins = TradingCalendar.At(day, TimeOnly.MinValue);
        foreach (var earlier in await store.RunsOfAsync(run.Session, ct))
            if (earlier.Id != run.RunId && (await store.TaskRunsAsync(earlier.Id, ct)).Any(t => t.Task == Name && t.State == "completed" && t.StartedAt >= begins)) return earlier.Id;
        return null;
    }
}

internal static partial class ClearCachesLog
{
    [LoggerMessage(EventId = 200, EventName = "new_day_event_published", Level = LogLevel.Information, Message = "trading:new_day of {date:O} reached {receivers} receivers")]
    public static partial void NewDayPublished(ILogger logger, DateOnly date, long receivers);

    [LoggerMessage(EventId = 201, EventName = "clear_caches_task_completed", Level = LogLevel.Information, Message = "{services_notified} notified, {caches_cleared} keys cleared")]
    public static partial void Completed(ILogger logger, long services_notified, long caches_cleared);

    [LoggerMessage(EventId = 202, EventName = "cache_clear_executed_successfully", Level = LogLevel.Information, Message = "caches cleared for {date:O}")]
    public static partial void Executed(ILogger logger, DateOnly date);
}
