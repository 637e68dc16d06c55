using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>
/// What a run does while the store's server is away, or its disk full, for a while: a task that an absence cut off is begun again, and what a run must
/// leave in the journal waits. A task that found no room fails at once, and says so.
/// </summary>
public sealed partial class StoreAbsence(IStore store, ILogger logger)
{
    /// <summary>After it a task fails, and its plan tries it again.</summary>
    private static readonly TimeSpan TasksWait = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a task's, since a run without an end is found by nobody but the next one.</summary>
    private static readonly TimeSpan JournalWaits = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs the task; from its start again, on from what is committed, when the store went away under it and came back in time.</summary>
    /// <exception cref="StoreUnreachableException">It did not come back within 30 s of real time.</exception>
    public async Task<TaskReport> RunAsync(IMaintenanceTask task, RunContext run, CancellationToken ct)
    {
        long? since = null;
        while (true)
        {
            try
            {
                return await task.RunAsync(run, ct);
            }
            catch (StoreUnreachableException e) when (!ct.IsCancellationRequested && Left(since, TasksWait))
            {
                since ??= TimeProvider.System.GetTimestamp();
                BegunAgain(task.Name, run.Session, e.Message);
                if (!await ReturnsAsync(since.Value, ct)) throw;
            }
        }
    }

    /// <summary>Writes, again and again while the store is away or full, until it took two minutes or the run is stopped.</summary>
    /// <param name="write">Bears being done twice.</param>
    public async Task WriteAsync(Func<Task> write, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (StoreException e) when (e is StoreUnreachableException or StoreFullException && !ct.IsCancellationRequested && Left(since, JournalWaits))
            {
                if (!told) JournalIsAway(e.Message);
                told = true;
                await Task.WhenAny(Task.Delay(Pause, TimeProvider.System, ct));
            }
        }
    }

    private async Task<bool> ReturnsAsync(long since, CancellationToken ct)
    {
        while (Left(since, TasksWait))
        {
            await Task.Delay(Pause, TimeProvider.System, ct);
            try
            {
                await store.PingAsync(ct);
                return true;
            }
            catch (StoreUnreachableException)
            {
                // Asked again until the time is over.
            }
        }

        return false;
    }

    private static bool Left(long? since, TimeSpan patience) => since is null || TimeProvider.System.GetElapsedTime(since.Value) < patience;

    [LoggerMessage(EventId = 115, EventName = "task_begun_again", Level = LogLevel.Warning, Message = "{task} of {date:O} begins again once the store answers: {reason}")]
    private partial void BegunAgain(string task, DateOnly date, string reason);

    [LoggerMessage(EventId = 116, EventName = "journal_waits", Level = LogLevel.Warning, Message = "the end of a task or run waits for the store: {reason}")]
    private partial void JournalIsAway(string reason);
}
