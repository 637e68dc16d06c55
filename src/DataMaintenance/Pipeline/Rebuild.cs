using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Fills Redis from the store when it turns out empty or short: derived families and the state of the last seven sessions. Asks no provider.</summary>
public sealed partial class Rebuild(
    FamilyRefresh families, Publisher publisher, Reader cache, RunState state, TradingCalendar calendar, TimeProvider clock, ILogger<Rebuild> logger)
{
    public const int StateSessions = 7;

    /// <summary>Publishes the families whose record in <c>maintenance:derived</c> is absent.</summary>
    /// <returns>Families and sessions restored, in words; empty when nothing was missing, or there is nothing to publish yet.</returns>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken ct)
    {
        var done = new List<string>();
        foreach (var family in Enum.GetValues<Family>())
        {
            if (await cache.DerivedAsync(family, ct) is not null) continue;
            if (await families.ComputeAsync(family, ct) is not { Items.Count: > 0 } values) continue;
            var report = await publisher.PublishAsync(values, FamilyRefresh.NoOthers, ct);
            done.Add($"{family.Text()}: {report.Written:N0} keys of {values.Session:yyyy-MM-dd}");
            Restored(family.Text(), values.Session, report.Written);
        }

        var newest = calendar.NewestEnded(clock.GetUtcNow());
        var sessions = await state.RestoreAsync(calendar.LastSessions(StateSessions, calendar.NextSession(newest)), ct);
        if (sessions > 0) done.Add($"state of {sessions} sessions");
        return done;
    }

    [LoggerMessage(EventId = 130, EventName = "derived_family_rebuilt", Level = LogLevel.Information, Message = "{family} of {date:O} was absent in Redis: {keys} keys written from the store")]
    private partial void Restored(string family, DateOnly date, long keys);
}
