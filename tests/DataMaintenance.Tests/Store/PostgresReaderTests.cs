using System.Globalization;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

/// <summary>Other programs read the tables and views while days are published.</summary>
public sealed class PostgresReaderTests() : StorePromises(new PostgresTestStore())
{
    private const int Symbols = 60, Cycles = 10;

    [Fact]
    public async Task Beside_ten_publishings_of_a_day_no_reader_sees_half_of_it_or_an_error()
    {
        await PublishVersionAsync(1);
        string[] whole = [Sums(1), Sums(2)];
        var (readers, done) = (new List<Task<long>>(), new CancellationTokenSource());
        foreach (var table in new[] { "volume_slots_raw", "volume_slots" })
        {
            readers.Add(ReadAsync($"SELECT count(*)::text || ' ' || sum(volume)::bigint FROM {table} WHERE date = '2025-01-27'", "", whole, done.Token));
            readers.Add(ReadAsync($"SELECT count(*)::text || ' ' || sum(volume)::bigint FROM {table}", "REPEATABLE READ", whole, done.Token));
        }

        foreach (var table in new[] { "market_data_daily_raw", "market_data_daily" })
            readers.Add(ReadAsync($"SELECT count(*)::text || ' ' || sum(volume)::bigint FROM {table} WHERE date = '2025-01-27'", "", [Bars(1), Bars(2)], done.Token));

        var publishing = Task.Run(async () =>
        {
            for (var cycle = 0; cycle < Cycles; cycle++) await PublishVersionAsync(2 - (cycle % 2));
        }, Ct);
        await Task.WhenAny([publishing, .. readers]);
        await publishing;
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
    }

    [Fact]
    public async Task A_reader_waits_for_the_exchange_of_a_day_and_not_for_its_building()
    {
        await PublishVersionAsync(1);
        await using var holder = await Database.ConnectAsync();
        await holder.ExecuteAsync("BEGIN; SELECT count(*) FROM volume_slots", [], Ct);
        var publishing = PublishVersionAsync(2);
        // The holder keeps the partition from being exchanged; a reader that came in meanwhile is not kept longer than the exchange is tried.
        await using var reader = await Database.ConnectAsync();
        await reader.ExecuteAsync("SET statement_timeout = '20s'", [], Ct);
        for (var reads = 0; reads < 20 || !publishing.IsCompleted; reads++) await reader.ScalarAsync<long>("SELECT count(*) FROM volume_slots", [], Ct);
        await publishing;
        await holder.ExecuteAsync("COMMIT", [], Ct);
        Assert.Equal(Sums(2), await reader.ScalarAsync<string>("SELECT count(*)::text || ' ' || sum(volume)::bigint FROM volume_slots", [], Ct));
    }

    private static short Slots(int version) => (short)(20 + (version * 10));

    private static string Sums(int version) => string.Create(CultureInfo.InvariantCulture, $"{Symbols * Slots(version)} {Symbols * Slots(version) * 10L * version}");

    private static string Bars(int version) => string.Create(CultureInfo.InvariantCulture, $"{Symbols + version} {(Symbols + version) * 1000L * version}");

    private async Task PublishVersionAsync(int version)
    {
        await SaveAsync(Monday, [.. Enumerable.Range(0, Symbols + version).Select(i => Bar($"S{i:000}", Monday, volume: 1000 * version))]);
        await StageAsync([.. Enumerable.Range(0, Symbols).Select(i => Day($"S{i:000}", Monday,
            [.. Enumerable.Range(0, Slots(version)).Select(n => Slot((short)n, 10 * version, 10 * version * (n + 1)))]))]);
        await PublishAsync(Monday);
    }

    private async Task<long> ReadAsync(string sql, string isolation, string[] whole, CancellationToken done)
    {
        await using var connection = await Database.ConnectAsync();
        var reads = 0L;
        while (!done.IsCancellationRequested)
        {
            if (isolation.Length > 0) await connection.ExecuteAsync($"BEGIN ISOLATION LEVEL {isolation}", [], Ct);
            var first = await connection.ScalarAsync<string>(sql, [], Ct);
            Assert.Contains(first, whole);
            if (isolation.Length > 0)
            {
                Assert.Equal(first, await connection.ScalarAsync<string>(sql, [], Ct));
                await connection.ExecuteAsync("COMMIT", [], Ct);
            }

            reads++;
        }

        return reads;
    }
}
