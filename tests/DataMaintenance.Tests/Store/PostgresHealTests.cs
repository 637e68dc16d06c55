using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

/// <summary>A server connection killed between the rows of a heal and its ledger.</summary>
public sealed class PostgresHealTests() : StorePromises(new PostgresTestStore())
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 29, 16, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_heal_cut_off_before_its_ledger_is_done_again_whole_and_is_there_once()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await using var holder = await Database.ConnectAsync();
        // Another one, since a transaction goes on seeing the activity it saw first.
        await using var watcher = await Database.ConnectAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE data_revision IN ACCESS EXCLUSIVE MODE", [], Ct);
        var healing = Store.HealDailyAsync(new(Monday, [Bar("AAPL", Monday, close: 12)], [], "massive:grouped", Noon,
            [new(Dataset.Daily, Monday, new("AAPL"), null, "close", RevisionKind.Changed, 10, 12, "test", "massive:grouped", Noon, 7)]), Ct);

        const string Waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%data_revision%'";
        int? killed = null;
        while (killed is null or 0 && !healing.IsCompleted) killed = await watcher.ScalarAsync<int>(Waiting, [], Ct);
        await watcher.ExecuteAsync($"SELECT pg_terminate_backend({killed})", [], Ct);
        int again;
        do again = await watcher.ScalarAsync<int>(Waiting, [], Ct);
        while ((again == 0 || again == killed) && !healing.IsCompleted);

        // Nobody has seen half of it, and the second try waits for the same lock.
        Assert.Equal([Bar("AAPL", Monday)], await BarsAsync(Monday));
        Assert.False(healing.IsCompleted);
        await holder.ExecuteAsync("COMMIT", [], Ct);
        await healing;
        Assert.Equal([Bar("AAPL", Monday, close: 12)], await BarsAsync(Monday));
        Assert.Single(await Store.RevisionsAsync(Monday, Monday, null, 10, Ct));
    }
}
