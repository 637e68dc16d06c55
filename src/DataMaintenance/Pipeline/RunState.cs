using DataMaintenance.Cache;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>
/// Keeps the state keys of a session in step with the journal. Redis or the store being away does not stop a run: the journal is the truth,
/// the keys are written again with the next change, or at the next start.
/// </summary>
public sealed partial class RunState(IStore store, StateKeys keys, ILogger<RunState> logger) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>Writes <c>maintenance:status:{date}</c> from the journal. A session without a full run has none: a run of some tasks adds to a document, it begins none.</summary>
    public Task WriteAsync(DateOnly session, CancellationToken ct) => TryAsync(session, async () =>
    {
        if (!(await store.RunsOfAsync(session, ct)).Any(r => r.Full)) return;
        if (await StatusDocument.OfAsync(store, session, store.Epoch, ct) is { } document)
            await keys.WriteStatusAsync(session, document.Text, ct);
    });

    /// <summary>After a full run: <c>maintenance:executed:{date}</c> when every task succeeded, no such key when one did not, and <c>maintenance:last_run</c>.</summary>
    public Task EndedAsync(DateOnly session, bool success, CancellationToken ct) => TryAsync(session, async () =>
    {
        if (success) await keys.MarkExecutedAsync(session, ct);
        else await keys.ClearExecutedAsync(session, ct);
        // From the journal, since a flushed server would take an older session for the newest.
        var newest = (await store.RunsAsync(RecentRuns, ct)).Where(r => r.Full && r.EndedAt is not null).Select(r => r.Date).Append(session).Max();
        await keys.AdvanceLastRunAsync(newest, ct);
    });

    /// <summary>Whether both keys of the session say that it is complete. Either is deleted by people who want it looked at again.</summary>
    /// <exception cref="RedisUnavailableException">Redis does not answer, so nobody knows.</exception>
    public async Task<bool> SaysCompleteAsync(DateOnly session, CancellationToken ct) =>
        await keys.IsExecutedAsync(session, ct) && await keys.StatusAsync(session, ct) is { } text && StatusDocument.SaysSuccess(text);

    /// <summary>Holds the state keys of a session against the journal.</summary>
    /// <returns>Null when they agree; else what is expected and what is there. Keys that are absent are told as such: they expire.</returns>
    public async Task<string?> DisagreementAsync(DateOnly session, CancellationToken ct)
    {
        var full = (await store.RunsOfAsync(session, ct)).FirstOrDefault(r => r.Full);
        var document = full is null ? null : await StatusDocument.OfAsync(store, session, store.Epoch, ct);
        var (text, executed) = (await keys.StatusAsync(session, ct), await keys.IsExecutedAsync(session, ct));
        if (document is null) return text is null && !executed ? null : "the journal knows of no full run, Redis has a state";
        if (text is null) return Absent;
        if (text != document.Text) return "the status in Redis is not what the journal says";
        return executed == (full!.Success == true) ? null : $"the run {(full.Success == true ? "succeeded" : "did not succeed")}, and Redis says {(executed ? "executed" : "not executed")}";
    }

    /// <summary>What <see cref="DisagreementAsync"/> says when Redis has no status of a session that was run.</summary>
    public const string Absent = "Redis has no status";

    private const int RecentRuns = 200;

    /// <summary>Writes again the state keys of the given sessions, from the journal.</summary>
    /// <param name="absentOnly">Only of sessions of which Redis has neither key; else of all, since it was away while they changed. One that a person deleted alone is left to the schedule, which takes it for a wish to look again.</param>
    /// <returns>How many sessions were restored.</returns>
    public async Task<int> RestoreAsync(IEnumerable<DateOnly> sessions, bool absentOnly, CancellationToken ct)
    {
        var restored = 0;
        foreach (var session in sessions)
        {
            if (absentOnly && (await keys.HasStatusAsync(session, ct) || await keys.IsExecutedAsync(session, ct))) continue;
            // As while running: without a full run a session has no document.
            if ((await store.RunsOfAsync(session, ct)).FirstOrDefault(r => r.Full) is not { } full) continue;
            if (await StatusDocument.OfAsync(store, session, store.Epoch, ct) is not { } document) continue;
            await keys.WriteStatusAsync(session, document.Text, ct);
            if (full.Success == true) await keys.MarkExecutedAsync(session, ct);
            if (full.EndedAt is not null) await keys.AdvanceLastRunAsync(session, ct);
            restored++;
        }

        return restored;
    }

    private async Task TryAsync(DateOnly session, Func<Task> write)
    {
        await one.WaitAsync();
        try
        {
            await write();
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisRefusedException or StoreUnreachableException or StoreFullException)
        {
            StateNotWritten(session, e.Message);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    [LoggerMessage(EventId = 120, EventName = "state_not_written", Level = LogLevel.Warning, Message = "the state of {date:O} was not written to Redis: {reason}")]
    private partial void StateNotWritten(DateOnly date, string reason);
}
