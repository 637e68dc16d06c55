using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbWholeSessionTests() : WholeSessionPromises(new DuckDbTestStore());

public sealed class PostgresWholeSessionTests() : WholeSessionPromises(new PostgresTestStore());

/// <summary>A session written whole, without staging, as minute files are.</summary>
public abstract class WholeSessionPromises(TestStore database) : StorePromises(database)
{
    private static readonly IReadOnlySet<Symbol> None = new HashSet<Symbol>();

    private Task<long> WriteAsync(params SlotDay[] days) => Store.SaveSlotsAsync(Monday, days, None, "massive:file", Night, true, Ct);

    [Fact]
    public async Task It_ends_in_the_rows_that_staging_and_publishing_give()
    {
        SlotDay[] days = [Day("MSFT", Monday, Slot(66, 100.5, 100.5), Slot(67, 50, 150.5, null, null)), Day("QUIET", Monday), Day("AAPL", Monday, Slot(0, 1, 1), Slot(191, 2, 3))];
        Assert.Equal(4, await WriteAsync(days));
        var (rows, coverage) = (await Database.RowsAsync(Rows), await Database.RowsAsync(AllCoverage));
        await Store.DropSlotsBeforeAsync(Tuesday, Ct);
        await Store.StageSlotsAsync(days, "massive:file", Night, true, Ct);
        await Store.PublishSlotsAsync(Monday, "massive:file", Night, true, Ct);
        Assert.Equal(await Database.RowsAsync(Rows), rows);
        Assert.Equal(await Database.RowsAsync(AllCoverage), coverage);
    }

    [Fact]
    public async Task Twice_is_once()
    {
        SlotDay[] days = [Day("AAPL", Monday, Slot(1, 10, 10), Slot(2, 5, 15)), Day("QUIET", Monday)];
        await WriteAsync(days);
        var (rows, coverage) = (await Database.RowsAsync(Rows), await Database.RowsAsync(AllCoverage));
        Assert.Equal(2, await WriteAsync(days));
        Assert.Equal(rows, await Database.RowsAsync(Rows));
        Assert.Equal(coverage, await Database.RowsAsync(AllCoverage));
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task Its_symbols_are_replaced_and_others_of_the_day_stay()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10), Slot(2, 5, 15)), Day("MSFT", Monday, Slot(1, 7, 7)), Day("GONE", Monday, Slot(3, 1, 1)));
        await PublishAsync(Monday);
        Assert.Equal(2, await WriteAsync(Day("AAPL", Monday, Slot(2, 99, 99)), Day("GONE", Monday)));
        Assert.Equal(["AAPL 2 99 99 3 10.25", "MSFT 1 7 7 3 10.25"], await SlotLinesAsync(Monday));
        Assert.Equal(0, (await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct))[new Symbol("GONE")].Rows);
        Assert.Equal(3, (await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct)).Count);
    }

    [Fact]
    public async Task Staged_replies_of_other_symbols_come_along_and_of_its_own_give_way()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("MSFT", Monday, Slot(1, 7, 7)), Day("MSFT", Tuesday, Slot(1, 8, 8)));
        Assert.Equal(2, await WriteAsync(Day("AAPL", Monday, Slot(2, 99, 99))));
        Assert.Equal(["AAPL 2 99 99 3 10.25", "MSFT 1 7 7 3 10.25"], await SlotLinesAsync(Monday));
        Assert.Empty(await Store.StagedAsync(Monday, Ct));
        Assert.Equal([new Symbol("MSFT")], await Store.StagedAsync(Tuesday, Ct));
    }

    [Fact]
    public async Task With_one_symbol_provisional_so_is_the_day()
    {
        await Store.SaveSlotsAsync(Monday, [Day("AAPL", Monday, Slot(1, 10, 10)), Day("MSFT", Monday, Slot(1, 7, 7))], new HashSet<Symbol> { new("MSFT") }, "massive:file", Night, true, Ct);
        var coverage = await Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct);
        Assert.Equal((true, false), (coverage[new Symbol("AAPL")].Final, coverage[new Symbol("MSFT")].Final));
        Assert.Equal([new Coverage(Dataset.Slots, Monday, null, 2, "massive:file", Night, false)], await Store.DayCoverageAsync(Dataset.Slots, Monday, Monday, Ct));
    }

    [Fact]
    public async Task A_reader_sees_the_whole_session_or_the_one_before()
    {
        var symbols = Enumerable.Range(0, 400).Select(i => $"S{i:000}").ToArray();
        Task<long> SessionAsync(int volume) => WriteAsync([.. symbols.Select(s => Day(s, Monday, [.. Enumerable.Range(0, 20).Select(n => Slot((short)n, volume, volume * (n + 1)))]))]);
        var writer = Task.Run(async () =>
        {
            for (var volume = 1; volume <= 10; volume++) await SessionAsync(volume);
        }, Ct);
        var whole = 0;
        while (!writer.IsCompleted || whole < 3)
        {
            var slots = (await SlotsAsync(Monday)).SelectMany(d => d.Slots).ToArray();
            if (slots.Length == 0 && whole == 0) continue;
            Assert.Equal(symbols.Length * 20, slots.Length);
            Assert.Single(slots.Select(s => s.Volume).Distinct());
            whole++;
        }

        await writer;
    }

    [Fact]
    public async Task One_cut_off_in_its_middle_leaves_the_day_and_its_staging_as_they_were()
    {
        await WriteAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await StageAsync(Day("MSFT", Monday, Slot(1, 7, 7)));
        var (rows, coverage) = (await Database.RowsAsync(Rows), await Database.RowsAsync(AllCoverage));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var symbols = new HashSet<Symbol>([new("OTHER")], new Stopping(stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SaveSlotsAsync(Monday, [.. Enumerable.Range(0, 2_000).Select(i => Day($"S{i:0000}", Monday, Slot(1, i, i)))], symbols, "massive:file", Night, true, stop.Token));
        await Database.ReopenAsync();
        Assert.Equal(rows, await Database.RowsAsync(Rows));
        Assert.Equal(coverage, await Database.RowsAsync(AllCoverage));
        Assert.Equal([new Symbol("MSFT")], await Store.StagedAsync(Monday, Ct));
    }

    [Fact]
    public async Task An_instance_that_leads_no_more_is_refused()
    {
        await WriteAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await Database.ExecuteAsync("UPDATE leadership SET epoch = epoch + 1");
        await Assert.ThrowsAsync<NotLeaderException>(() => WriteAsync(Day("AAPL", Monday, Slot(1, 99, 99))));
        Assert.Equal(["AAPL 1 10 10 3 10.25"], await SlotLinesAsync(Monday));
    }

    [Fact]
    public async Task Another_day_a_symbol_twice_or_slots_out_of_order_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(Day("AAPL", Tuesday, Slot(1, 10, 10))));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("AAPL", Monday, Slot(2, 10, 10))));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(Day("AAPL", Monday, Slot(2, 10, 10), Slot(1, 10, 20))));
        Assert.Empty(await SlotsAsync(Monday));
    }

    [Fact]
    public async Task Volumes_alone_are_those_of_the_slots_in_order_whatever_way_they_came()
    {
        await StageAsync(Day("b", Monday, Slot(9, 1.5, 1.5), Slot(70, 2, 3.5)), Day("BCpC", Monday, Slot(1, 4, 4)));
        await PublishAsync(Monday);
        await WriteAsync(Day("A", Monday, Slot(5, 7, 7), Slot(6, 8, 15)), Day("BCPC", Monday));
        await StageAsync(Day("BCpC", Monday, Slot(0, 3, 3), Slot(2, 5, 8)));
        await PublishAsync(Monday);
        Assert.Equal(["A 5=7 6=8", "BCpC 0=3 2=5", "b 9=1.5 70=2"], Lines(await Store.ReadVolumesAsync(Monday, null, Ct)));
        Assert.Equal(["BCpC 0=3 2=5"], Lines(await Store.ReadVolumesAsync(Monday, [new("BCpC"), new("BCPC"), new("NONE")], Ct)));
        Assert.Equal(0, (await Store.ReadVolumesAsync(Tuesday, null, Ct)).Rows);
    }

    private const string Rows = "SELECT date, symbol, slot_number, slot_time, volume, volume_accumulated, trades_count, avg_price, source FROM volume_slots_raw ORDER BY symbol, slot_number";
    private const string AllCoverage = "SELECT dataset, date, symbol, rows, source, as_of, final FROM coverage ORDER BY dataset, date, symbol";

    private static IEnumerable<string> Lines(SessionVolumes session)
    {
        for (var i = 0; i < session.Symbols.Count; i++)
        {
            var (numbers, volumes) = (session.NumbersOf(i).ToArray(), session.VolumesOf(i).ToArray());
            yield return $"{session.Symbols[i]} {string.Join(' ', numbers.Zip(volumes).Select(s => FormattableString.Invariant($"{s.First}={s.Second}")))}";
        }
    }

    /// <summary>Cancels when the write has come to asking which symbols are provisional.</summary>
    private sealed class Stopping(CancellationTokenSource stop) : IEqualityComparer<Symbol>
    {
        private int asked;

        public bool Equals(Symbol x, Symbol y) => x == y;

        public int GetHashCode(Symbol obj)
        {
            if (asked++ == 1_000) stop.Cancel();
            return obj.GetHashCode();
        }
    }
}
