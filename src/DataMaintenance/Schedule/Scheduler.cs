using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>
/// Asks timetable and journal what is to be done, and has it done, one run at a time: what is due by its hour, failed tasks again
/// inside the window, and, at start and once an hour, the sessions of the past week that are not complete.
/// </summary>
public sealed partial class Scheduler(
    Timetable timetable, Agenda agenda, Recovery recovery, IStore store, Pause pause, Runner runner, RedisWatch redis, TimeProvider clock, ILogger<Scheduler> logger)
{
    /// <summary>A person's resume, a run by request and a clock that jumped are noticed within this.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(15);

    private static readonly string[] Facts = [TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.LoadVolumeSlots];
    private readonly MissedReconcile missed = new(timetable, store);
    private DateTimeOffset lookBack = DateTimeOffset.MinValue;
    private DateTimeOffset? healed;

    /// <summary>Whether the loop goes on in this process.</summary>
    public bool Running { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        Running = true;
        lookBack = DateTimeOffset.MinValue;
        try
        {
            while (true)
            {
                var next = await StepAsync(ct);
                var left = next - clock.GetUtcNow();
                if (left > TimeSpan.Zero) await Task.Delay(left < LongestSleep ? left : LongestSleep, clock, ct);
            }
        }
        finally
        {
            Running = false;
        }
    }

    /// <summary>Does what is to be done now, and returns when it is done.</summary>
    /// <returns>The instant at which there may be more to do; nothing happens when it is called earlier.</returns>
    public async Task<DateTimeOffset> StepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // A clock that was set back must not put the next look off for as long.
        if (lookBack > now + TimeSpan.FromHours(1)) lookBack = now;
        if (runner.Current is null && await pause.FindAsync(ct) is null)
        {
            var open = await agenda.OpenAsync(now, ct);
            if (redis.HealedAt != healed) lookBack = now;
            healed = redis.HealedAt;
            var looked = now >= lookBack ? await MissingAsync(now, ct) : null;
            var (missing, due) = (looked ?? [], open.Where(s => s.State == StandingState.Due).ToArray());
            await DoAsync(due, missing, ct);
            if (looked is { Count: 0 } && due.Length == 0) await MakeGoodAsync(now, ct);
            // What failed may be due again at an instant of its own.
            open = await agenda.OpenAsync(clock.GetUtcNow(), ct);
            var again = open.Where(s => s.State is StandingState.Waiting or StandingState.Due).Select(s => s.At).ToArray();
            return Earliest([.. again, lookBack, timetable.Next(now)[0].At]);
        }

        return now + LongestSleep;
    }

    /// <summary>Several sessions are filled in one go, since the provider gives them in one call a symbol; then each is run, oldest first.</summary>
    private async Task DoAsync(IReadOnlyList<Standing> due, IReadOnlyList<Incomplete> missing, CancellationToken ct)
    {
        var main = due.FirstOrDefault(d => d.Due.Plan == timetable.Main);
        foreach (var other in due.Where(d => d != main && d.Due.At <= (main?.Due.At ?? DateTimeOffset.MaxValue))) await StartAsync(other, ct);
        if (missing.Count(m => !m.Ran) + (main is { Run: null } ? 1 : 0) > 1)
        {
            var newest = main?.Due.Session ?? missing[^1].Session;
            await TryAsync(() => runner.RunAsync(new(newest, timetable.Main.Plan, Trigger.Recovery, Facts), Silent.Observer, ct), ct);
        }

        foreach (var session in missing) await RecoverAsync(session, ct);
        if (main is not null) await StartAsync(main, ct);
    }

    private async Task StartAsync(Standing due, CancellationToken ct)
    {
        if (await pause.FindAsync(ct) is not null) return;
        if (due.Run is null && due.Due.Plan.Plan.Tasks.Contains(TaskNames.ClearCaches)) CacheClearTime(TradingCalendar.NewYorkTime(due.Due.At).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), TradingCalendar.NewYorkDate(due.Due.At));
        var request = timetable.Request(due.Due, Trigger.Schedule);
        if (due.Run is { } run)
        {
            Again(due.Due.Session, "retrying_failed_tasks");
            await TryAsync(() => runner.ContinueAsync(run.Id, request, Silent.Observer, ct), ct);
        }
        else
        {
            await TryAsync(() => runner.RunAsync(request, Silent.Observer, ct), ct);
        }
    }

    /// <returns>Null when it cannot be told.</returns>
    private async Task<IReadOnlyList<Incomplete>?> MissingAsync(DateTimeOffset now, CancellationToken ct)
    {
        lookBack = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        try
        {
            var missing = await recovery.DueAsync(now, ct);
            if (missing.Count > 0) Missing(missing.Count, string.Join(", ", missing.Select(m => m.Session.ToString("O", System.Globalization.CultureInfo.InvariantCulture))));
            return missing;
        }
        catch (Exception e) when (e is Cache.RedisUnavailableException or Cache.RedisRefusedException)
        {
            // Whether a session is complete cannot be known without Redis; what is due by its hour is run all the same.
            CannotTell(e.Message);
            lookBack = now + TimeSpan.FromMinutes(1);
            return null;
        }
    }

    private async Task MakeGoodAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (await missed.FindAsync(now, ct) is not { } due) return;
        Again(due.Session, $"making_good_{due.Plan.Name}");
        await TryAsync(() => runner.RunAsync(timetable.Request(due, Trigger.Recovery), Silent.Observer, ct), ct);
    }

    private async Task RecoverAsync(Incomplete incomplete, CancellationToken ct)
    {
        if (await pause.FindAsync(ct) is not null || !recovery.MayRun(incomplete.Session, clock.GetUtcNow())) return;
        if (incomplete.Ran) Again(incomplete.Session, "re_executing");
        Recovering(incomplete.Session, incomplete.Why);
        await TryAsync(() => runner.RunAsync(new(incomplete.Session, timetable.Main.Plan, Trigger.Recovery), Silent.Observer, ct), ct);
    }

    private async Task TryAsync(Func<Task<RunResult>> run, CancellationToken ct)
    {
        try
        {
            await run();
        }
        catch (RunInProgressException e)
        {
            // Somebody asked for a run in this very moment; ours is still due when it ends.
            HeldUp(e.RunId);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // A person stopped this run; the journal says so, and it counts as failed.
        }
    }

    private static DateTimeOffset Earliest(IEnumerable<DateTimeOffset> instants) => instants.Min();

    [LoggerMessage(EventId = 300, EventName = "missing_maintenance_days_detected", Level = LogLevel.Warning, Message = "{count} of the last sessions are not complete: {dates}")]
    private partial void Missing(int count, string dates);

    [LoggerMessage(EventId = 301, EventName = "executing_recovery_maintenance", Level = LogLevel.Information, Message = "{date:O} is run: {reason}")]
    private partial void Recovering(DateOnly date, string reason);

    [LoggerMessage(EventId = 302, EventName = "maintenance_incomplete_or_failed", Level = LogLevel.Warning, Message = "{date:O} is not complete: {action}")]
    private partial void Again(DateOnly date, string action);

    [LoggerMessage(EventId = 303, EventName = "cache_clear_time_detected", Level = LogLevel.Information, Message = "{time} New York on {date:O}: caches are cleared")]
    private partial void CacheClearTime(string time, DateOnly date);

    [LoggerMessage(EventId = 304, EventName = "recovery_put_off", Level = LogLevel.Warning, Message = "whether sessions are complete cannot be told while Redis is away: {reason}")]
    private partial void CannotTell(string reason);

    [LoggerMessage(EventId = 305, EventName = "run_held_up", Level = LogLevel.Information, Message = "run {run_id} is going on; what is due waits for its end")]
    private partial void HeldUp(long? run_id);
}

/// <summary>Why a run began, as the journal says it.</summary>
internal static class Trigger
{
    public const string Schedule = "schedule", Recovery = "recovery";
}
