using System.Globalization;

namespace DataMaintenance.Tests.Store;

/// <summary>
/// What only hypertables have. The extension is in no distribution's packages, so these run where <c>DATA_MAINTENANCE_TEST_POSTGRES</c> names a server
/// that has it, and are skipped elsewhere, in CI too.
/// </summary>
public sealed class PostgresTimescaleTests() : StorePromises(new PostgresTestStore())
{
    private const string Compressed = "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema() AND hypertable_name = 'volume_slots_raw' AND is_compressed";

    [Fact]
    public async Task Compressed_sessions_keep_their_rows_can_be_published_again_and_dropped()
    {
        NeedCompression();
        await PublishDaysAsync();
        var before = await Database.RowsAsync("SELECT * FROM volume_slots ORDER BY date, symbol, slot_number");
        var compression = await Store.CompressSlotsBeforeAsync(Tuesday, Ct);
        Assert.Equal((null, 1), (compression.Unavailable, compression.Sessions));
        Assert.True(compression.BytesAfter < compression.BytesBefore, $"{compression}");
        Assert.Equal(["1"], await Database.RowsAsync(Compressed));
        Assert.Equal(before, await Database.RowsAsync("SELECT * FROM volume_slots ORDER BY date, symbol, slot_number"));
        Assert.Equal(0, (await Store.CompressSlotsBeforeAsync(Tuesday, Ct)).Sessions);

        await StageAsync(Day("S007", Monday, Slot(3, 5, 5)));
        Assert.Equal((200 * 100) - 99, await PublishAsync(Monday));
        Assert.Contains("S007 3 5 5 3 10.25", await SlotLinesAsync(Monday));
        Assert.Equal(1, (await Store.CompressSlotsBeforeAsync(Tuesday, Ct)).Sessions);

        await StageAsync([.. Days(Monday, 7)]);
        Assert.Equal(200 * 100, await PublishAsync(Monday));
        Assert.Equal(1, (await Store.CompressSlotsBeforeAsync(Tuesday, Ct)).Sessions);
        Assert.Equal(200 * 100, await Store.DropSlotsBeforeAsync(Tuesday, Ct));
        Assert.Equal(200 * 100, (await SlotLinesAsync(Tuesday)).Count);
    }

    [Fact]
    public async Task Without_compression_it_is_said_and_nothing_is_changed()
    {
        Assert.SkipWhen(CanCompress, "this server compresses");
        await PublishDaysAsync();
        var compression = await Store.CompressSlotsBeforeAsync(Tuesday, Ct);
        Assert.Equal(0, compression.Sessions);
        Assert.Contains("does not compress", compression.Unavailable, StringComparison.Ordinal);
        Assert.Equal(200 * 100, (await SlotLinesAsync(Monday)).Count);
    }

    private bool CanCompress => Store.Description.Contains("hypertables", StringComparison.Ordinal) && !Store.Description.Contains("Apache", StringComparison.Ordinal);

    private void NeedCompression() => Assert.SkipUnless(CanCompress, "needs TimescaleDB with compression: name such a server in DATA_MAINTENANCE_TEST_POSTGRES");

    private async Task PublishDaysAsync()
    {
        foreach (var date in new[] { Monday, Tuesday })
        {
            await StageAsync([.. Days(date, 10)]);
            await PublishAsync(date);
        }
    }

    private static IEnumerable<DataMaintenance.Store.SlotDay> Days(DateOnly date, double volume) => Enumerable.Range(0, 200).Select(i => Day(
        string.Create(CultureInfo.InvariantCulture, $"S{i:000}"), date, [.. Enumerable.Range(0, 100).Select(n => Slot((short)n, volume, volume * (n + 1)))]));
}
