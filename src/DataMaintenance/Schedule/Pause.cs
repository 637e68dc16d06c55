using DataMaintenance.Store;

namespace DataMaintenance.Schedule;

/// <summary>Whether the service may start runs by itself. Kept in the store, so that a pause outlives the process; runs that people ask for are not held up.</summary>
public sealed class Pause(IEventLog log, TimeProvider clock, string instance)
{
    private const string Paused = "paused", Resumed = "resumed", Subject = "schedule";

    /// <summary>The pause in force; null when there is none.</summary>
    public async Task<PauseInForce?> FindAsync(CancellationToken ct)
    {
        if (await log.EventsAsync(Paused, 1, ct) is not [var paused]) return null;
        if (await log.EventsAsync(Resumed, 1, ct) is [var resumed] && resumed.Id > paused.Id) return null;
        var (by, why) = paused.Text.Split(Separator, 2) is [var name, var reason] ? (name, reason) : (paused.Instance, paused.Text);
        return new(paused.At, by, why);
    }

    /// <summary>From now on nothing starts by itself; what runs goes on to its end. Pausing again changes who and why.</summary>
    public Task BeginAsync(string by, string why, CancellationToken ct) => RecordAsync(Paused, by, why, ct);

    /// <returns>False when there was no pause.</returns>
    public async Task<bool> EndAsync(string by, string why, CancellationToken ct)
    {
        if (await FindAsync(ct) is null) return false;
        await RecordAsync(Resumed, by, why, ct);
        return true;
    }

    private const string Separator = ": ";

    private Task<long> RecordAsync(string kind, string by, string why, CancellationToken ct) =>
        log.RecordEventAsync(new(kind, Subject, null, $"{by.Replace(Separator, " ", StringComparison.Ordinal)}{Separator}{why}".ReplaceLineEndings(" "), clock.GetUtcNow(), instance), ct);
}

/// <param name="By">Who asked for it.</param>
/// <param name="Why">For people, one line; may be empty.</param>
public sealed record PauseInForce(DateTimeOffset Since, string By, string Why);
