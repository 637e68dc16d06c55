using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class PostgresRestartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_crash_of_the_server_one_call_fails_and_the_next_works_and_no_reply_is_lost()
    {
        var monday = new DateOnly(2025, 1, 27);
        var night = new DateTimeOffset(2025, 1, 29, 8, 0, 0, TimeSpan.Zero);
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = await StoreSetup.OpenAsync(new() { Kind = StoreKind.Postgres, ConnectionString = server.ConnectionString }, TimeProvider.System, "test", Ct);
        await store.StageSlotsAsync([new(new("AAPL"), monday, [new(1, 10, 10, 3, 10.25)])], "test", night, true, Ct);

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => store.PingAsync(Ct));
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => store.PublishSlotsAsync(monday, "test", night, true, Ct));

        await server.StartAgainAsync();
        await store.PingAsync(Ct);
        Assert.Equal([new Symbol("AAPL")], await store.StagedAsync(monday, Ct));
        Assert.Equal(1, await store.PublishSlotsAsync(monday, "test", night, true, Ct));
    }
}
