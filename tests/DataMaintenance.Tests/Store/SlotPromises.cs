using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbSlotTests() : SlotPromises(new DuckDbTestStore());

public abstract class SlotPromises(TestStore database) : StorePromises(database)
{
    [Fact]
    public async Task Nothing_is_seen_before_publishing_and_all_of_it_after()
    {
        await StageAsync(Day("MSFT", Monday, Slot(66, 100.5, 100.5), Slot(67, 50, 150.5, null, null)), Day("AAPL", Monday, Slot(0, 1, 1)));
        Assert.Empty(await SlotsAsync(Monday));
        Assert.Empty(await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct));
        Assert.Equal(3, await PublishAsync(Monday));
        Assert.Equal(["AAPL 0 1 1 3 10.25", "MSFT 66 100.5 100.5 3 10.25", "MSFT 67 50 150.5  "], await SlotLinesAsync(Monday));
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task Replies_survive_a_restart_before_publishing()
    {
        await StageAsync(Day("AAPL", Monday, Slot(5, 10, 10)), Day("AAPL", Tuesday, Slot(6, 20, 20)));
        await Database.ReopenAsync();
        Assert.Equal([new Symbol("AAPL")], await Store.StagedAsync(Monday, Ct));
        await PublishAsync(Tuesday);
        Assert.Equal(["AAPL 6 20 20 3 10.25"], await SlotLinesAsync(Tuesday));
        Assert.Equal([new Symbol("AAPL")], await Store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task A_symbol_staged_again_replaces_what_was_staged()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10), Slot(2, 5, 15)), Day("MSFT", Monday, Slot(1, 7, 7)));
        await StageAsync(Day("AAPL", Monday, Slot(3, 30, 30)), Day("AAPL", Monday, Slot(4, 40, 40)));
        Assert.Equal(2, await PublishAsync(Monday));
        Assert.Equal(["AAPL 4 40 40 3 10.25", "MSFT 1 7 7 3 10.25"], await SlotLinesAsync(Monday));
    }

    [Fact]
    public async Task Publishing_replaces_the_staged_symbols_and_keeps_the_others_of_the_day()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10), Slot(2, 5, 15)), Day("MSFT", Monday, Slot(1, 7, 7)));
        await PublishAsync(Monday);
        await StageAsync(Day("AAPL", Monday, Slot(2, 99, 99)));
        Assert.Equal(2, await PublishAsync(Monday));
        Assert.Equal(["AAPL 2 99 99 3 10.25", "MSFT 1 7 7 3 10.25"], await SlotLinesAsync(Monday));
        Assert.Equal(2, Assert.Single(await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct)).Rows);
    }

    [Fact]
    public async Task Publishing_twice_changes_no_row()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        var before = await Database.RowsAsync("SELECT * FROM volume_slots_raw");
        var coverage = await Database.RowsAsync("SELECT * FROM coverage ORDER BY dataset, date, symbol");
        Assert.Equal(1, await PublishAsync(Monday));
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        Assert.Equal(before, await Database.RowsAsync("SELECT * FROM volume_slots_raw"));
        Assert.Equal(coverage, await Database.RowsAsync("SELECT * FROM coverage ORDER BY dataset, date, symbol"));
    }

    [Fact]
    public async Task A_reply_without_a_slot_is_known_to_be_empty()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("QUIET", Monday));
        Assert.Contains(new Symbol("QUIET"), await Store.StagedAsync(Monday, Ct));
        await PublishAsync(Monday);
        var coverage = await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct);
        Assert.Equal(0, coverage[new Symbol("QUIET")].Rows);
        Assert.Equal(1, coverage[new Symbol("AAPL")].Rows);
        Assert.Equal(["AAPL"], (await SlotsAsync(Monday)).Select(d => d.Symbol.Text));
    }

    [Fact]
    public async Task A_symbol_that_became_empty_loses_its_slots()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        await StageAsync(Day("AAPL", Monday));
        Assert.Equal(0, await PublishAsync(Monday));
        Assert.Empty(await SlotsAsync(Monday));
    }

    [Fact]
    public async Task Coverage_keeps_source_instant_and_finality_of_each_reply()
    {
        await Store.StageSlotsAsync([Day("AAPL", Monday, Slot(1, 10, 10))], "massive:range5m", Night, true, Ct);
        await Store.StageSlotsAsync([Day("MSFT", Monday, Slot(1, 10, 10))], "directory:minute", Night.AddHours(1), false, Ct);
        await Store.PublishSlotsAsync(Monday, "mixed", Night.AddHours(2), false, Ct);
        var coverage = await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct);
        Assert.Equal(new Coverage(Dataset.Slots, Monday, new Symbol("AAPL"), 1, "massive:range5m", Night, true), coverage[new Symbol("AAPL")]);
        Assert.Equal(new Coverage(Dataset.Slots, Monday, new Symbol("MSFT"), 1, "directory:minute", Night.AddHours(1), false), coverage[new Symbol("MSFT")]);
        Assert.Equal([new Coverage(Dataset.Slots, Monday, null, 2, "mixed", Night.AddHours(2), false)], await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct));
        Assert.Equal(["AAPL|massive:range5m", "MSFT|directory:minute"], await Database.RowsAsync("SELECT symbol, source FROM volume_slots_raw ORDER BY symbol"));
    }

    [Fact]
    public async Task Slot_time_is_the_wall_time_the_slot_starts()
    {
        await StageAsync(Day("AAPL", Monday, Slot(0, 1, 1), Slot(66, 1, 2), Slot(191, 1, 3)));
        await PublishAsync(Monday);
        Assert.Equal(["0|04:00", "66|09:30", "191|19:55"], await Database.RowsAsync("SELECT slot_number, slot_time FROM volume_slots_raw ORDER BY slot_number"));
    }

    [Fact]
    public async Task What_is_discarded_is_not_published()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("AAPL", Tuesday, Slot(1, 10, 10)));
        await Store.DiscardStagedAsync(Monday, Ct);
        await Store.DiscardStagedAsync(Monday.AddDays(-7), Ct);
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
        Assert.Equal(0, await PublishAsync(Monday));
        Assert.Equal(1, await PublishAsync(Tuesday));
    }

    [Fact]
    public async Task Old_slots_are_dropped_and_counted_and_their_coverage_stays()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10), Slot(2, 1, 11)), Day("AAPL", Tuesday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        await PublishAsync(Tuesday);
        Assert.Equal(2, await Store.DropSlotsBeforeAsync(Tuesday, Ct));
        Assert.Equal([Tuesday], (await Store.CountAsync(Dataset.Slots, Monday, Tuesday, Ct)).Keys);
        Assert.Equal(2, (await Store.DayCoverageAsync(Dataset.Slots, Monday, Tuesday, Ct)).Count);
        Assert.Equal(0, await Store.DropSlotsBeforeAsync(Tuesday, Ct));
    }

    [Fact]
    public async Task Slots_come_by_symbol_and_number_whatever_the_order_of_replies()
    {
        var symbols = new[] { "b", "BCpC", "A", "BCPC", "Z" };
        await StageAsync([.. symbols.Select(s => Day(s, Monday, Slot(1, 1, 1), Slot(9, 1, 2), Slot(70, 1, 3)))]);
        await PublishAsync(Monday);
        var days = await SlotsAsync(Monday);
        Assert.Equal(["A", "BCPC", "BCpC", "Z", "b"], days.Select(d => d.Symbol.Text));
        Assert.All(days, d => Assert.Equal([1, 9, 70], d.Slots.Select(s => (int)s.Number)));
        Assert.Equal(["BCpC"], await Store.ReadSlotsAsync(Monday, [new Symbol("BCpC"), new Symbol("NONE")], Ct).Select(d => d.Symbol.Text).ToListAsync(Ct));
    }

    [Fact]
    public async Task Slots_that_do_not_ascend_or_leave_the_grid_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StageAsync(Day("AAPL", Monday, Slot(2, 1, 1), Slot(2, 1, 2))));
        var outside = await Assert.ThrowsAsync<ArgumentException>(() => StageAsync(Day("AAPL", Monday, Slot(192, 1, 1))));
        Assert.Contains("0 to 191 expected; AAPL on 2025-01-27 has 192", outside.Message, StringComparison.Ordinal);
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task A_cancelled_batch_leaves_nothing_staged()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.StageSlotsAsync([Day("AAPL", Monday, Slot(1, 1, 1))], "test", Night, true, stop.Token));
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
        await StageAsync(Day("AAPL", Monday, Slot(1, 1, 1)));
        Assert.Equal(1, await PublishAsync(Monday));
    }

    [Fact]
    public async Task A_reader_of_slots_sees_a_whole_day_or_the_other()
    {
        var symbols = Enumerable.Range(0, 400).Select(i => $"S{i:000}").ToArray();
        async Task WriteAsync(int volume)
        {
            await StageAsync([.. symbols.Select(s => Day(s, Monday, [.. Enumerable.Range(0, 20).Select(n => Slot((short)n, volume, volume * (n + 1)))]))]);
            await PublishAsync(Monday);
        }

        await WriteAsync(1);
        var writer = Task.Run(async () =>
        {
            for (var volume = 2; volume <= 10; volume++) await WriteAsync(volume);
        }, Ct);
        for (var reads = 0; !writer.IsCompleted || reads < 3; reads++)
        {
            var slots = (await SlotsAsync(Monday)).SelectMany(d => d.Slots).ToArray();
            Assert.Equal(symbols.Length * 20, slots.Length);
            Assert.Single(slots.Select(s => s.Volume).Distinct());
        }

        await writer;
    }
}
