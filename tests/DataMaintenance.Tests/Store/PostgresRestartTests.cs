using DataMaintenance.Store;
using Market;
using Npgsql;

namespace DataMaintenance.Tests.Store;

/// <summary>A server that goes away and comes back, or refuses: what passes is waited for, what does not is told in one line.</summary>
public sealed class PostgresRestartTests
{
    private static readonly DateOnly Monday = new(2025, 1, 27);
    private static readonly DateTimeOffset Night = new(2025, 1, 29, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_waits_for_a_server_that_restarts_and_no_reply_is_lost()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = await OpenAsync(server.ConnectionString);
        await store.StageSlotsAsync([new(new("AAPL"), Monday, [new(1, 10, 10, 3, 10.25)])], "test", Night, true, Ct);

        await server.StopAsync();
        var away = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(Ct));
        Assert.Contains("does not answer", away.Message, StringComparison.Ordinal);
        var publish = store.PublishSlotsAsync(Monday, "test", Night, true, Ct);
        Assert.False(publish.IsCompleted);

        await server.StartAgainAsync();
        Assert.Equal(1, await publish);
        Assert.Equal([new Symbol("AAPL")], (await store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct)).Keys);
        Assert.Empty(await store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task Opening_waits_for_a_server_that_restarts()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await server.StopAsync();
        var opening = OpenAsync(server.ConnectionString);
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        Assert.False(opening.IsCompleted);
        await server.StartAgainAsync();
        await using var store = await opening;
        await store.PingAsync(Ct);
    }

    [Fact]
    public async Task A_stream_that_breaks_under_its_reader_says_so_in_words()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = await OpenAsync(server.ConnectionString);
        // More than the buffers of both sides hold.
        await store.SaveDailyAsync(Monday, [.. Enumerable.Range(0, 200_000).Select(i => new DailyBar(new($"S{i:000000}"), Monday, 10, 11, 9, 10, i, 10, 1))], "test", Night, true, Ct);
        var broke = await Assert.ThrowsAsync<StoreUnreachableException>(async () =>
        {
            var rows = 0;
            await foreach (var _ in store.ReadDailyAsync(Monday, Monday, null, Ct))
                if (++rows == 1) await server.StopAsync();
        });
        Assert.DoesNotContain("..", broke.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("end of the stream", broke.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_in_one_line_and_the_next_call_after_its_return_works()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = await OpenAsync(server.ConnectionString);
        await server.StopAsync();
        var away = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.UniverseAsync(Ct));
        Assert.DoesNotContain('\n', away.Message);
        await Assert.ThrowsAsync<StoreUnreachableException>(() => store.ReadDailyAsync(Monday, Monday, null, Ct).ToListAsync(Ct).AsTask());
        await server.StartAgainAsync();
        Assert.Empty(await store.UniverseAsync(Ct));
    }

    [Fact]
    public async Task Connections_cut_in_the_middle_of_a_write_leave_all_of_it_or_nothing_and_it_is_done_again()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = await OpenAsync(server.ConnectionString);
        DailyBar[] bars = [.. Enumerable.Range(0, 20_000).Select(i => new DailyBar(new($"S{i:00000}"), Monday, 10, 11, 9, 10, i, 10, 1))];
        var writes = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await store.SaveDailyAsync(Monday, bars, "test", Night, true, Ct);
        }, Ct);
        await using var other = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await other.OpenAsync(Ct);
        var cut = 0L;
        for (var look = 0; !writes.IsCompleted; look++)
        {
            // Now and then, so that a write in between has the time to end.
            if (look % 20 == 0 && cut < 5) cut += await other.ScalarAsync<long>(
                "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'data-maintenance' AND state <> 'idle' AND query LIKE 'COPY%'", [], Ct);
            Assert.Contains(await other.ScalarAsync<long>("SELECT count(*) FROM market_data_daily_raw", [], Ct), new long[] { 0, bars.Length });
            await Task.WhenAny(writes, Task.Delay(20, Ct));
        }

        await writes;
        Assert.True(cut > 0, "no connection was cut");
        Assert.Equal(bars.Length, (await store.CountAsync(Dataset.Daily, Monday, Monday, Ct))[Monday]);
    }

    [Fact]
    public async Task A_server_that_refuses_is_told_with_what_to_do()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await server.ExecuteAsync("CREATE ROLE reader LOGIN; CREATE ROLE few LOGIN CONNECTION LIMIT 0");
        await RefusedAsync<StoreUnreachableException>(server, s => s.Database = "absent", "create it with createdb");
        await RefusedAsync<StoreUnreachableException>(server, s => s.Username = "few", "no connection left");
        await RefusedAsync<StoreException>(server, s => s.Username = "reader", "grant the role CREATE");
        await RefusedAsync<StoreException>(server, s => s.Options = "-c default_transaction_read_only=on", "Name the primary");
        await server.RequirePasswordsAsync();
        var refused = await RefusedAsync<StoreUnreachableException>(server, s => s.Password = "wr0ng", "refuses the user or its password");
        Assert.DoesNotContain("wr0ng", refused.ToString(), StringComparison.Ordinal);
    }

    private static Task<IStore> OpenAsync(string connectionString) =>
        StoreSetup.OpenAsync(new() { Kind = StoreKind.Postgres, ConnectionString = connectionString }, TimeProvider.System, "test", Ct);

    private static async Task<TException> RefusedAsync<TException>(PostgresServer server, Action<NpgsqlConnectionStringBuilder> change, string said) where TException : StoreException
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        change(settings);
        var refused = await Assert.ThrowsAsync<TException>(() => OpenAsync(settings.ToString()));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        return refused;
    }
}
