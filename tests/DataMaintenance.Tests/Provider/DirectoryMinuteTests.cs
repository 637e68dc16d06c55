using DataMaintenance.Provider;
using Market;
using static DataMaintenance.Tests.Provider.FlatFolder;

namespace DataMaintenance.Tests.Provider;

public sealed class DirectoryMinuteTests : IDisposable
{
    private static readonly DateOnly Date = Massive.Day;

    private readonly FlatFolder folder = new();

    public void Dispose() => folder.Dispose();

    private async Task<IReadOnlyList<SlotReply>> AskAsync(string[] lines, SlotGrid? grid = null, params string[] wanted)
    {
        folder.With(Minute, Date, [Header, .. lines]);
        await using var source = folder.Source();
        return (await source.AllSlotsAsync(wanted.Length > 0 ? wanted : ["A"], grid ?? SlotGrid.Extended, Date)).Replies;
    }

    private static string Row(string ticker, int hour, int minute, string volume = "100", string close = "10.5", string trades = "7") =>
        FlatFolder.Row(ticker, Date, hour, minute, volume, $"10,{close},20,9.5", trades);

    [Fact]
    public async Task Minutes_become_slots_with_the_average_of_closes_by_volume()
    {
        var reply = Assert.Single(await AskAsync([Row("A", 9, 30, "100", "10"), Row("A", 9, 34, "300", "12"), Row("A", 9, 35, "2.5", "13"), Row("A", 19, 59, "1", "14")]));

        Assert.Equal([new Slot(66, 400, 400, 14, 11.5), new Slot(67, 2.5, 402.5, 7, 13), new Slot(191, 1, 403.5, 7, 14)], Assert.Single(reply.Days).Slots);
        Assert.Equal(("directory:minute", Date), (reply.Source, reply.Days[0].Date));
    }

    [Fact]
    public async Task Every_symbol_of_the_file_is_handed_over_and_a_wanted_one_it_lacks_as_empty()
    {
        var replies = await AskAsync([Row("A", 10, 0), Row("B", 10, 0)], null, "A", "SILENT");

        Assert.Equal([("A", 1), ("B", 1), ("SILENT", 0)], replies.Select(reply => (reply.Symbol.Text, reply.Days[0].Slots.Length)));
    }

    [Fact]
    public async Task A_name_that_comes_again_later_is_joined()
    {
        var replies = await AskAsync([Row("A", 10, 0, "1"), Row("B", 10, 0), Row("A", 10, 1, "2", "11.5"), Row("A", 9, 0, "4"), Row("A", 10, 0, "99")]);

        Assert.Equal(["A", "B"], replies.Select(reply => reply.Symbol.Text));
        Assert.Equal([((short)60, 4.0, 4.0), ((short)72, 3.0, 7.0)], replies[0].Days[0].Slots.Select(slot => (slot.Number, slot.Volume, slot.Accumulated)));
        Assert.Equal((10.5 + 23) / 3, replies[0].Days[0].Slots[1].AveragePrice!.Value, 12);
        Assert.Equal("slot.duplicate", Assert.Single(replies[0].Rejected).Rule);
    }

    [Fact]
    public async Task Identical_minutes_are_one_and_of_different_ones_the_one_with_more_trades_stays()
    {
        var reply = Assert.Single(await AskAsync([Row("A", 10, 0), Row("A", 10, 0), Row("A", 10, 1, "5", trades: "3"), Row("A", 10, 1, "6", trades: "4")]));

        Assert.Equal(106, Assert.Single(reply.Days[0].Slots).Volume);
        Assert.Equal(("slot.duplicate", "line 5: minute 10:01, volume 5"), (Assert.Single(reply.Rejected).Rule, reply.Rejected[0].Value));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_rejected_with_their_line()
    {
        var reply = Assert.Single(await AskAsync(
        [
            Row("A", 10, 0), Row("A", 3, 59), Row("A", 20, 0), FlatFolder.Row("A", Date.AddDays(1), 10), Row("A", 10, 1, "-1"),
            Row("A", 10, 2, close: "0"), Row("A", 10, 3, trades: "-4"), Row("A", 10, 4).Replace("000000000,", "500000000,", StringComparison.Ordinal),
        ]));

        Assert.Equal(
            ["slot.outside_grid", "slot.outside_grid", "slot.wrong_day", "slot.volume", "slot.price", "slot.trades", "slot.misaligned"],
            reply.Rejected.Select(row => row.Rule));
        Assert.Equal("line 3: 2025-01-02 03:59:00 New York", reply.Rejected[0].Value);
        Assert.Equal(100, Assert.Single(reply.Days[0].Slots).Volume);
    }

    [Fact]
    public async Task The_regular_grid_leaves_other_hours_aside()
    {
        var reply = Assert.Single(await AskAsync([Row("A", 4, 0), Row("A", 9, 30, "3"), Row("A", 15, 59, "4"), Row("A", 16, 0)], SlotGrid.Regular));

        Assert.Equal([((short)0, 3.0), ((short)77, 7.0)], reply.Days[0].Slots.Select(slot => (slot.Number, slot.Accumulated)));
        Assert.Empty(reply.Rejected);
    }

    [Fact]
    public async Task Nothing_of_a_bad_file_is_handed_over_but_the_other_days_are()
    {
        folder.With(Minute, Date, Header, Row("A", 10, 0), "A,torn");
        folder.With(Minute, Date.AddDays(1), Header, FlatFolder.Row("A", Date.AddDays(1), 10));
        await using var source = folder.Source();
        var replies = new List<SlotReply>();
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.SlotsAsync(
            new Dictionary<Symbol, IReadOnlyList<DateOnly>> { [new Symbol("A")] = [Date, Date.AddDays(1), Date.AddDays(4)] },
            SlotGrid.Extended,
            (reply, _) =>
            {
                replies.Add(reply);
                return ValueTask.CompletedTask;
            },
            TestContext.Current.CancellationToken));

        Assert.Equal(Date.AddDays(1), Assert.Single(Assert.Single(replies).Days).Date);
        Assert.Contains("2 of 3 files were not taken", error.Message, StringComparison.Ordinal);
        Assert.Contains("2025-01-02.csv.gz: line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("2025-01-06.csv.gz: no such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_wholly_of_another_day_is_one_error()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => AskAsync([FlatFolder.Row("A", Date.AddDays(1), 10), FlatFolder.Row("B", Date.AddDays(1), 11)]));

        Assert.Contains("all 2 rows are of 2025-01-03, expected 2025-01-02", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_receiver_throws_ends_the_reading()
    {
        folder.With(Minute, Date, Header, Row("A", 10, 0));
        await using var source = folder.Source();

        await Assert.ThrowsAsync<InvalidOperationException>(() => source.SlotsAsync(
            new Dictionary<Symbol, IReadOnlyList<DateOnly>> { [new Symbol("A")] = [Date] }, SlotGrid.Extended,
            (_, _) => throw new InvalidOperationException("store"), TestContext.Current.CancellationToken));
    }
}
