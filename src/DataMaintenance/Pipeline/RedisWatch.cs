using System.Diagnostics;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Store;
using DataMaintenance.Values;

namespace DataMaintenance.Pipeline;

/// <summary>
/// Looks, while the service runs, whether Redis still holds what was published: a flushed or replaced server, an evicted or deleted family, one of an older
/// session. What is missing is rebuilt from the store at any hour, and told in an event. While a run goes on it keeps still: the run heals by itself.
/// </summary>
public sealed partial class RedisWatch(
    Presence presence, FamilyRefresh families, DerivedValues values, Fence fence, Rebuild rebuild, Runner runner, IStore store, TimeProvider clock, string instance, ILogger<RedisWatch> logger)
{
    /// <summary>The name of everything at once, beside those of the families.</summary>
    private const string Everything = "everything";

    private readonly RedisLosses losses = new(presence, families, values, fence, store);
    private readonly RebuildRests rests = new();
    private string? trouble, waits;
    private volatile IReadOnlyCollection<Family> lacking = [];

    /// <summary>Families that Redis lacked in whole or in part at the last look, and that are not back yet.</summary>
    public IReadOnlyCollection<Family> Lacking => lacking;

    /// <summary>When what was lost, or did not arrive while Redis was away, was put back last; what failed for want of it before may be tried again.</summary>
    public DateTimeOffset? HealedAt { get; private set; }

    /// <summary>Looks now and then until cancelled.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken ct)
    {
        await LookAsync(ct);
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(ct)) await LookAsync(ct);
    }

    /// <summary>One look, and the rebuild when something is missing.</summary>
    /// <returns>What was rebuilt, in words; empty when nothing had to be, or nothing could.</returns>
    public async Task<IReadOnlyList<string>> LookAsync(CancellationToken ct)
    {
        if (runner.Current is not null) return [];
        try
        {
            var found = await FindAsync(ct);
            lacking = [.. found.Families.Keys];
            if (trouble is not null) await BackAsync(found.Everything, ct);
            var due = Due(found, clock.GetUtcNow());
            return due is { Families.Count: 0, Everything: false } ? [] : await RebuildAsync(due, ct);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisRefusedException or FencedException or StoreException or InputsShortException or FormatException)
        {
            await TroubleAsync(e.Message, e is RedisUnavailableException, ct);
            return [];
        }
    }

    /// <summary>Somebody else found that Redis does not answer: said and recorded as if it had been seen here.</summary>
    public Task AwayAsync(string reason, CancellationToken ct) => TroubleAsync(reason, away: true, ct);

    /// <summary>Whether Redis has lost everything and is not whole again. Until then it has no state of the sessions, and its silence says nothing of them.</summary>
    /// <exception cref="RedisUnavailableException">Redis does not answer, so nobody knows.</exception>
    public Task<bool> LostEverythingAsync(CancellationToken ct) => losses.EverythingAsync(ct);

    internal Task<Losses> FindAsync(CancellationToken ct) => losses.FindAsync(ct);

    internal async Task<IReadOnlyList<string>> RebuildAsync(Losses found, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var part in Parts(found)) rests.Take(part, clock.GetUtcNow());
        await fence.RaiseAsync(store.Epoch, ct);
        var lost = fence.Losses;
        if (!found.Everything && lost != found.Known)
        {
            // Emptied while it was looked at: more is gone than was seen.
            found = await losses.FindAsync(ct);
            lost = found.Known;
        }

        var done = await rebuild.RunAsync([.. found.Families.Keys], found.Everything, ct);
        losses.Mended(lost);
        lacking = [.. (await losses.FindAsync(ct)).Families.Keys];
        if (done.Count == 0) return done;
        HealedAt = clock.GetUtcNow();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var why = found.Everything ? "Redis had lost everything" : string.Join(", ", found.Families.Select(f => $"{f.Key.Text()} {f.Value.Why}"));
        var text = FormattableString.Invariant($"{(found.Restarted ? "the server was restarted or replaced; " : "")}{why}; from the store in {seconds:0.0} s: {string.Join(", ", done)}");
        if (found.Gone) Rebuilt(Math.Round(seconds, 2), text);
        else CaughtUp(Math.Round(seconds, 2), text);
        await store.RecordEventAsync(new(found.Gone ? "redis_rebuilt" : "redis_caught_up", string.Join(',', found.Families.Keys.Select(f => f.Text())), null, text, clock.GetUtcNow(), instance), ct);
        return done;
    }

    /// <summary>What of it may be written now; what rests is said once.</summary>
    private Losses Due(Losses found, DateTimeOffset now)
    {
        var resting = Parts(found).Select(part => (Part: part, Until: rests.Until(part, now))).Where(r => r.Until is not null).ToArray();
        var said = string.Join(", ", resting.Select(r => r.Part));
        if (said.Length > 0 && said != waits) Waits(said, resting.Max(r => r.Until!.Value));
        waits = said;
        if (resting.Length == 0) return found;
        var held = resting.Select(r => r.Part).ToHashSet(StringComparer.Ordinal);
        return found with { Everything = false, Families = found.Everything ? new Dictionary<Family, Loss>() : found.Families.Where(f => !held.Contains(f.Key.Text())).ToDictionary() };
    }

    private static IEnumerable<string> Parts(Losses found) => found.Everything ? [Everything] : found.Families.Keys.Select(f => f.Text());

    private async Task TroubleAsync(string reason, bool away, CancellationToken ct)
    {
        if (trouble is not null) return;
        trouble = reason;
        Troubled(reason);
        if (away) await store.RecordEventAsync(new("redis_unreachable", "redis", null, reason, clock.GetUtcNow(), instance), ct);
    }

    private async Task BackAsync(bool empty, CancellationToken ct)
    {
        var over = trouble!;
        trouble = null;
        Over(over);
        if (!empty) await rebuild.StateAsync(absentOnly: false, ct);
        HealedAt = clock.GetUtcNow();
        await store.RecordEventAsync(new("redis_returned", "redis", null, $"over: {over}", clock.GetUtcNow(), instance), ct);
    }

    [LoggerMessage(EventId = 131, EventName = "redis_rebuilt", Level = LogLevel.Warning, Message = "in {seconds} s: {text}")]
    private partial void Rebuilt(double seconds, string text);

    [LoggerMessage(EventId = 135, EventName = "redis_caught_up", Level = LogLevel.Information, Message = "in {seconds} s: {text}")]
    private partial void CaughtUp(double seconds, string text);

    [LoggerMessage(EventId = 132, EventName = "redis_trouble", Level = LogLevel.Error, Message = "{reason}; it is tried again all the time and rebuilt from the store when it can be")]
    private partial void Troubled(string reason);

    [LoggerMessage(EventId = 134, EventName = "redis_waits", Level = LogLevel.Warning, Message = "{parts} lost again soon after it was put back; it is written again at {until}")]
    private partial void Waits(string parts, DateTimeOffset until);

    [LoggerMessage(EventId = 133, EventName = "redis_returned", Level = LogLevel.Information, Message = "over: {trouble}")]
    private partial void Over(string trouble);
}
