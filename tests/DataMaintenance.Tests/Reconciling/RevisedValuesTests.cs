using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Tests.Pipeline;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Reconciling;

/// <summary>After a revision exactly the values that depend on it are published, and come out as if everything had been.</summary>
public sealed class RevisedValuesTests
{
    private static readonly DateOnly Session = new(2025, 12, 1), Morning = new(2025, 12, 2);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Only_keys_of_revised_symbols_change_and_a_full_computation_changes_nothing_more(int seed)
    {
        await using var world = await RevisedWorld.StartAsync(Session, revised: 0.05, seed: seed);
        Assert.True((await world.NightAsync(Session)).Success);
        var before = await KeysAsync(world);
        var run = await world.ReconcileAsync(Morning, Session);
        Assert.True(run.Success, run.Failures());
        var after = await KeysAsync(world);

        var revised = (await world.LedgerAsync()).Select(r => r.Symbol.Text).ToHashSet(StringComparer.Ordinal);
        var changed = before.Keys.Union(after.Keys).Where(k => before.GetValueOrDefault(k) != after.GetValueOrDefault(k)).ToArray();
        Assert.NotEmpty(changed);
        Assert.Equal([], changed.Where(k => !revised.Contains(k[(k.LastIndexOf(':') + 1)..])));
        foreach (var task in new[] { TaskNames.CalculateAtr, TaskNames.CalculateRvol }) Assert.InRange(run.Of(task).Counts["stale"], 1, revised.Count);

        var full = await world.Wiring.Runner.RunAsync(new(Session, Plan.Nightly, "test", [TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis], Force: true), Silent.Observer, Ct);
        Assert.True(full.Success, full.Failures());
        Assert.Equal(after, await KeysAsync(world));
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_was_stored_provisionally_is_compared_too_and_what_became_of_it_is_in_the_ledger()
    {
        await using var world = await RevisedWorld.StartAsync(Session, revised: 0.05);
        await world.NightAsync(Session);
        var bars = await world.Store.ReadDailyAsync(Session, Session, null, Ct).ToListAsync(Ct);
        await world.Store.SaveDailyAsync(Session, bars, "massive:grouped", world.Clock.GetUtcNow(), false, Ct);
        var run = await world.ReconcileAsync(Morning, Session);
        Assert.True(run.Success, run.Failures());
        var revised = (await world.LedgerAsync()).Where(r => r.Dataset == Dataset.Daily && r.Date == Session && r.Field == "volume" && r.Kind == RevisionKind.Changed).ToArray();
        Assert.NotEmpty(revised);
        var now = await world.Store.ReadDailyAsync(Session, Session, null, Ct).ToDictionaryAsync(b => b.Symbol, cancellationToken: Ct);
        Assert.All(revised, r => Assert.Equal((bars.Single(b => b.Symbol == r.Symbol).Volume, now[r.Symbol].Volume), (r.Old, r.New)));
        Assert.True((await world.Store.DayCoverageAsync(Dataset.Daily, Session, Session, Ct)).Single().Final);
    }

    [Fact]
    public async Task A_second_comparison_finds_nothing_and_touches_neither_store_nor_redis()
    {
        await using var world = await RevisedWorld.StartAsync(Session, revised: 0.05);
        await world.NightAsync(Session);
        await world.ReconcileAsync(Morning, Session);
        var (ledger, keys, coverage) = (await world.LedgerAsync(), await KeysAsync(world), await world.Store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, Ct));
        var run = await world.ReconcileAsync(Morning, Session);
        Assert.Equal(TaskState.Skipped, run.Of(TaskNames.ReconcileSessions).State);
        Assert.Equal(ledger, await world.LedgerAsync());
        Assert.Equal(keys, await KeysAsync(world));
        Assert.Equal(coverage, await world.Store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, Ct));
    }

    [Fact]
    public async Task What_was_revised_is_counted_by_kind_and_age_and_told_by_symbol()
    {
        await using var world = await RevisedWorld.StartAsync(Session, revised: 0.05);
        await world.NightAsync(Session);
        await world.ReconcileAsync(Morning, Session);
        var ledger = await world.LedgerAsync();
        var symbol = ledger.First(r => r is { Dataset: Dataset.Daily, Kind: RevisionKind.Changed }).Symbol;
        var why = await new DataMaintenance.Api.Explanations(world.Store, world.Wiring.Calendar, world.Wiring.Settings.Values, world.Clock).OfAsync(symbol, null, Ct);
        Assert.Equal(ledger.Where(r => r.Symbol == symbol).Take(100).Select(r => r.Id), why.Revisions.Select(r => r.Id));

        var measured = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == world.Wiring.Metrics.MeterName && instrument.Name == "data_maintenance.revisions") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => measured[string.Join(' ', tags.ToArray().Select(t => t.Value))] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        var newest = ledger.Where(r => r.Date == Session && r.Kind == RevisionKind.Changed).ToArray();
        Assert.Equal(newest.Count(r => r is { Dataset: Dataset.Daily, Field: "volume" }), measured["daily volume 1"]);
        Assert.Equal(newest.Count(r => r is { Dataset: Dataset.Slots, Field: "trades_count" }), measured["slots trades 1"]);
        Assert.Equal(ledger.Count(r => r is { Dataset: Dataset.Daily, Kind: RevisionKind.Changed, Field: not ("volume" or "trades_count") }), measured.Where(m => m.Key.StartsWith("daily price", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(0, measured["daily volume 5"]);
    }

    /// <summary>Every derived key with its whole value; what tells when it was published is left out.</summary>
    private static async Task<SortedDictionary<string, string>> KeysAsync(RevisedWorld world)
    {
        var db = world.Wiring.Redis.Database;
        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in (await world.Wiring.Redis.KeysAsync("*", Ct)).Where(k => !k.StartsWith("maintenance:", StringComparison.Ordinal) && !k.StartsWith("market:", StringComparison.Ordinal)))
        {
            keys[key] = await db.KeyTypeAsync(key) switch
            {
                RedisType.Hash => string.Join(',', (await db.HashGetAllAsync(key)).OrderBy(e => e.Name.ToString(), StringComparer.Ordinal).Select(e => $"{e.Name}={e.Value}")),
                RedisType.Set => string.Join(',', (await db.SetMembersAsync(key)).Select(m => m.ToString()).Order(StringComparer.Ordinal)),
                _ => (await db.StringGetAsync(key)).ToString(),
            };
        }

        return keys;
    }
}
