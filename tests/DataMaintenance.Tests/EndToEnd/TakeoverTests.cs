using System.Diagnostics;
using CrashHarness;
using Npgsql;
using static DataMaintenance.Tests.EndToEnd.TwoInstances;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>Two processes on one database and one Redis: exactly one works.</summary>
[Collection(nameof(House.Alone))]
public sealed class TakeoverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_stands_by_and_follows_at_once_when_the_first_is_told_to_end()
    {
        await using var world = await StartAsync();
        var first = world.Serve();
        var leads = await SaysAsync(first, "service_started");
        var second = world.Serve();
        var stands = await SaysAsync(second, "standing_by");

        var (status, health) = await GetAsync(stands, "health");
        Assert.Equal((200, "standby", $"{Environment.MachineName}-{first.Id}"), (status, health["role"]!.GetValue<string>(), health["leader"]!["holder"]!.GetValue<string>()));
        Assert.Equal((1, leads["url"]!.GetValue<string>()), (health["leader"]!["epoch"]!.GetValue<int>(), health["leader"]!["url"]!.GetValue<string>()));
        Assert.Equal(200, (await GetAsync(stands, "health/live")).Status);
        var (refused, problem) = await GetAsync(stands, "status");
        Assert.Equal(503, refused);
        Assert.Contains(leads["url"]!.GetValue<string>(), problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        var (_, leading) = await GetAsync(leads, "health");
        Assert.Equal("leader", leading["role"]!.GetValue<string>());
        Assert.Equal(leading.AsObject().Select(f => f.Key), health.AsObject().Select(f => f.Key));
        Assert.Equal(("connected", leading["store"]!.GetValue<string>(), 1L), (health["redis"]!.GetValue<string>(), health["store"]!.GetValue<string>(), health["epoch"]!.GetValue<long>()));

        first.Signal(Signal.Term);
        var watch = Stopwatch.StartNew();
        var follows = await SaysAsync(second, "leader_changed");
        // The lease has not run out by then: it was given back.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains("gave it back", follows["before"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(await first.EndedAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, first.ExitCode);
        await CompleteAsync(stands);
        Assert.Equal(["1", "2"], await world.RowsAsync("SELECT epoch FROM maintenance_event WHERE kind = 'leader_changed' ORDER BY id"));
    }

    [Fact]
    public async Task A_leader_frozen_while_it_publishes_to_Redis_is_followed_and_Redis_refuses_its_transaction()
    {
        await using var world = await StartAsync();
        _ = world.Redis.Options();
        await using var wire = new HeldConnection(world.Redis.Port, "atr:data:");
        var frozen = world.Serve(wire.Address);
        var old = await SaysAsync(frozen, "service_started");
        var second = world.Serve();
        var leads = await SaysAsync(second, "standing_by");

        await wire.Held.WaitAsync(TimeSpan.FromSeconds(180), Ct);
        frozen.Signal(Signal.Stop);
        await SaysAsync(second, "leader_changed", seconds: 30);
        await SaysAsync(second, "service_started");
        await CompleteAsync(leads);
        var before = await world.RowsAsync("SELECT run_id, ended_at::text FROM maintenance_run WHERE epoch = 1 AND cut_off AND NOT success");
        Assert.NotEmpty(before);

        wire.Release();
        await UntilAsync(() => wire.RepliesAfterRelease.Contains("*-1\r\n", StringComparison.Ordinal) || wire.RepliesAfterRelease.Contains("_\r\n", StringComparison.Ordinal),
            () => $"Redis carried the transaction out: {wire.RepliesAfterRelease}");
        frozen.Signal(Signal.Continue);
        await SaysAsync(frozen, "write_refused");
        await SaysAsync(frozen, "lead_lost");
        await SaysAsync(frozen, "standing_by");
        Assert.Equal("standby", (await GetAsync(old, "health")).Body["role"]!.GetValue<string>());
        // Its row of the run, which the next one closed, could not be ended by it: the database refused that.
        Assert.Equal(before, await world.RowsAsync("SELECT run_id, ended_at::text FROM maintenance_run WHERE epoch = 1 AND cut_off AND NOT success"));
        await CompleteAsync(leads);
    }

    [Fact]
    public async Task A_leader_frozen_inside_a_publishing_transaction_is_cut_off_and_the_next_completes_the_night()
    {
        await using var world = await StartAsync();
        var frozen = world.Serve();
        await SaysAsync(frozen, "service_started");
        var second = world.Serve();
        var leads = await SaysAsync(second, "standing_by");

        // Held inside the transaction that publishes a session: what it is to write is locked by somebody else.
        await UntilAsync(async () => (await world.RowsAsync("SELECT count(*) FROM volume_slots_staging")) is not ["0"]);
        await using (var other = new NpgsqlConnection($"{world.Database.Options.ConnectionString};Search Path={world.Database.Options.Schema};Pooling=false"))
        {
            await other.OpenAsync(Ct);
            await using (var block = new NpgsqlCommand("BEGIN; LOCK TABLE coverage IN EXCLUSIVE MODE", other)) await block.ExecuteNonQueryAsync(Ct);
            await UntilAsync(async () => (await world.RowsAsync("SELECT count(*) FROM pg_locks WHERE relation = 'coverage'::regclass AND NOT granted")) is not ["0"]);
            frozen.Signal(Signal.Stop);
        }

        await SaysAsync(second, "leader_changed", seconds: 30);
        frozen.Signal(Signal.Continue);
        await SaysAsync(frozen, "lead_lost");
        await SaysAsync(frozen, "standing_by");
        await CompleteAsync(leads);
        Assert.Equal(["0"], await world.RowsAsync("SELECT count(*) FROM maintenance_run WHERE epoch = 1 AND success"));
        Assert.Equal(["0"], await world.RowsAsync("SELECT count(*) FROM volume_slots_staging"));
    }

    private static Task UntilAsync(Func<bool> reached, Func<string> otherwise) => UntilAsync(() => Task.FromResult(reached()), otherwise);

    private static async Task UntilAsync(Func<Task<bool>> reached, Func<string>? otherwise = null)
    {
        for (var attempt = 0; !await reached(); attempt++)
        {
            Assert.True(attempt < 6_000, otherwise?.Invoke() ?? "was not reached");
            await Task.Delay(20, Ct);
        }
    }
}
