using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbRevisionTests() : RevisionPromises(new DuckDbTestStore());

public sealed class PostgresRevisionTests() : RevisionPromises(new PostgresTestStore());

/// <summary>Heals: rows, coverage and ledger change together or not at all.</summary>
public abstract class RevisionPromises(TestStore database) : StorePromises(database)
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 29, 16, 30, 0, TimeSpan.Zero);
    private static readonly SourceFile File = new(Dataset.Slots, Monday, "2025-01-27.csv.gz", "\"new\"", 10, Noon.AddHours(-1), Noon);

    [Fact]
    public async Task A_heal_replaces_the_named_bars_alone_and_enters_them_into_the_ledger()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday), Bar("GONE", Monday), Bar("MSFT", Monday));
        var revised = Bar("AAPL", Monday, close: 11, vwap: null);
        await Store.HealDailyAsync(new(Monday, [Bar("NEW", Monday), revised], [new Symbol("GONE")], "massive:grouped", Noon, [Changed("AAPL", "close", 10, 11), Changed("NEW", "close", null, 10)]), Ct);

        Assert.Equal([revised, Bar("MSFT", Monday), Bar("NEW", Monday)], await BarsAsync(Monday));
        Assert.Equal(new Coverage(Dataset.Daily, Monday, null, 3, "massive:grouped", Noon, true), Assert.Single(await Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct)));
        var symbols = await Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct);
        Assert.Equal(["AAPL 1 massive:grouped", "GONE 0 massive:grouped", "MSFT 1 test", "NEW 1 massive:grouped"], symbols.Values.Select(c => $"{c.Symbol} {c.Rows} {c.Source}").Order(StringComparer.Ordinal));
        var ledger = await Store.RevisionsAsync(Monday, Monday, null, 10, Ct);
        Assert.Equal([Changed("NEW", "close", null, 10) with { Id = 2 }, Changed("AAPL", "close", 10, 11) with { Id = 1 }], ledger);
    }

    [Fact]
    public async Task A_heal_replaces_the_slots_of_the_named_symbols_and_remembers_the_file()
    {
        await StageAsync(Day("AAPL", Monday, Slot(66, 10, 10), Slot(70, 5, 15)), Day("GONE", Monday, Slot(66, 1, 1)), Day("MSFT", Monday, Slot(66, 7, 7)));
        await PublishAsync(Monday);
        await Store.HealSlotsAsync(new(Monday, [Day("GONE", Monday), Day("AAPL", Monday, Slot(66, 12, 12))], "massive:file", Noon, [Changed("AAPL", "volume", 10, 12, slot: 66)], File), Ct);

        Assert.Equal(["AAPL 66 12 12 3 10.25", "MSFT 66 7 7 3 10.25"], await SlotLinesAsync(Monday));
        Assert.Equal(new Coverage(Dataset.Slots, Monday, null, 2, "massive:file", Noon, true), Assert.Single(await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct)));
        Assert.Equal(0, (await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct))[new("GONE")].Rows);
        Assert.Equal(File, Assert.Single(await Store.SourceFilesAsync(Dataset.Slots, Monday, Monday, Ct)));
        Assert.Equal(66, Assert.Single(await Store.RevisionsAsync(Monday, Monday, new("AAPL"), 10, Ct)).Slot);
        // A healed session can be published again like any other.
        await StageAsync(Day("AAPL", Monday, Slot(66, 13, 13)));
        Assert.Equal(2, await PublishAsync(Monday));
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_leaves_rows_coverage_and_file_as_they_were()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await StageAsync(Day("AAPL", Monday, Slot(66, 10, 10)));
        await PublishAsync(Monday);
        var broken = Changed("AAPL", "volume", 10, 12) with { OldSource = null! };
        await Assert.ThrowsAnyAsync<Exception>(() => Store.HealDailyAsync(new(Monday, [Bar("AAPL", Monday, close: 12)], [], "massive:grouped", Noon, [broken]), Ct));
        await Assert.ThrowsAnyAsync<Exception>(() => Store.HealSlotsAsync(new(Monday, [Day("AAPL", Monday, Slot(66, 12, 12))], "massive:file", Noon, [broken], File), Ct));

        Assert.Equal([Bar("AAPL", Monday)], await BarsAsync(Monday));
        Assert.Equal(["AAPL 66 10 10 3 10.25"], await SlotLinesAsync(Monday));
        Assert.All((await Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct)).Concat(await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct)), c => Assert.Equal("test", c.Source));
        Assert.Empty(await Store.SourceFilesAsync(Dataset.Slots, Monday, Monday, Ct));
        Assert.Empty(await Store.RevisionsAsync(DateOnly.MinValue, DateOnly.MaxValue, null, 10, Ct));
    }

    [Fact]
    public async Task The_ledger_is_told_newest_first_by_session_and_symbol_and_outlives_the_process()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await SaveAsync(Tuesday, Bar("AAPL", Tuesday), Bar("MSFT", Tuesday));
        await Store.HealDailyAsync(new(Monday, [Bar("AAPL", Monday, close: 11)], [], "a", Noon, [Changed("AAPL", "close", 10, 11)]), Ct);
        await Store.HealDailyAsync(new(Tuesday, [Bar("MSFT", Tuesday, close: 12)], [], "b", Noon, [Changed("MSFT", "close", 10, 12) with { Date = Tuesday }]), Ct);
        await Database.ReopenAsync();
        Assert.Equal([2, 1], (await Store.RevisionsAsync(Monday, Tuesday, null, 10, Ct)).Select(r => r.Id));
        Assert.Equal([1], (await Store.RevisionsAsync(Monday, Monday, null, 10, Ct)).Select(r => r.Id));
        Assert.Equal([2], (await Store.RevisionsAsync(Monday, Tuesday, new("MSFT"), 10, Ct)).Select(r => r.Id));
        Assert.Equal([2], (await Store.RevisionsAsync(Monday, Tuesday, null, 1, Ct)).Select(r => r.Id));
    }

    private static Revision Changed(string symbol, string field, double? old, double? now, int? slot = null) => new(
        slot is null ? Dataset.Daily : Dataset.Slots, Monday, new(symbol), slot, field, old is null ? RevisionKind.Added : RevisionKind.Changed, old, now, "test", "massive:grouped", Noon, 7);
}
