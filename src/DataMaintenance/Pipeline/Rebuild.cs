using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Fills Redis from the store when it turns out empty or short: derived families and the state of the last seven sessions. Asks no provider.</summary>
public sealed partial class Rebuild(FamilyRefresh families, Reader cache, RunState state, TradingCalendar calendar, TimeProvider clock, ILogger<Rebuild> logger)
{
    public const int StateSessions = 7;

    /// <summary>Publishes the families whose record in <c>maintenance:derived</c> is absent, and what is absent of the state: what was cut off before it left the values alone.</summary>
    /// <returns>Families and sessions restored, in words; empty when nothing was missing, or there is nothing to publish yet.</returns>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken ct)
    {
        var missing = new List<Family>();
        foreach (var family in Enum.GetValues<Family>())
            if (await cache.DerivedAsync(family, ct) is null) missing.Add(family);
        return await RunAsync(missing, withState: missing.Count == Enum.GetValues<Family>().Length, ct);
    }

    /// <summary>Computes the families from the store and publishes them whole, and then the state: who reads that a session was executed finds its values.</summary>
    /// <param name="withState">Writes the state keys of all the last sessions, since the whole was lost; else of those that have neither.</param>
    /// <returns>What was restored, in words.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyCollection<Family> lost, bool withState, CancellationToken ct)
    {
        var done = new List<string>();
        foreach (var family in lost)
        {
            if (await families.PublishAsync(family, ct) is not { } published) continue;
            done.Add($"{family.Text()}: {published.Report.Written:N0} keys of {published.Session:yyyy-MM-dd}");
            Restored(family.Text(), published.Session, published.Report.Written);
        }

        var sessions = await StateAsync(absentOnly: !withState, ct);
        if (sessions > 0) done.Add($"state of {sessions} sessions");
        return done;
    }

    /// <summary>Writes the state keys of the last sessions from the journal.</summary>
    /// <param name="absentOnly">False after Redis was away, when what happened meanwhile did not reach it.</param>
    /// <returns>How many sessions were written.</returns>
    public Task<int> StateAsync(bool absentOnly, CancellationToken ct) =>
        state.RestoreAsync(calendar.LastSessions(StateSessions + 1, calendar.NextSession(calendar.NewestEnded(clock.GetUtcNow()))), absentOnly, ct);

    [LoggerMessage(EventId = 130, EventName = "derived_family_rebuilt", Level = LogLevel.Information, Message = "{family} of {date:O}: {keys} keys written to Redis from the store")]
    private partial void Restored(string family, DateOnly date, long keys);
}
