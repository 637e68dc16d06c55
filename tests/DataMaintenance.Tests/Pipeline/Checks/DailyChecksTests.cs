using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>What a load of daily bars is looked at for, each rule on both sides of its bound.</summary>
public class DailyChecksTests
{
    private static readonly Symbol Aal = new("AAL"), Big = new("XJL"), Thin = new("ZAQ");
    private static readonly DateOnly Monday = ChecksWorld.Monday;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_session_raises_nothing_and_says_who_was_expected()
    {
        await using var world = await ChecksWorld.StartAsync();
        var run = await world.NightAsync(Monday);
        Assert.True(run.Success, run.Failures());
        Assert.Empty(await world.FoundAsync());
        Assert.Contains(run.Of(TaskNames.LoadOhlc).Checks, c => c.Result == CheckResult.Ok && c.Text.Contains("260 of 260 symbols that trade every day are there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_liquid_symbol_that_is_missing_is_named_a_thin_one_only_listed_and_the_others_are_published()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Aal && b.Symbol != Thin);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.AutoRecover]);
        Assert.True(run.Success, run.Failures());
        Assert.Equal(["set.missing AAL"], await world.FoundAsync());
        Assert.Contains(run.Of(TaskNames.LoadOhlc).Checks, c => c.Text.Contains("set.missing: AAL", StringComparison.Ordinal));
        Assert.Contains(run.Of(TaskNames.LoadOhlc).Checks, c => c.Text.Contains("thin: ZAQ", StringComparison.Ordinal));
        Assert.Equal((258, true), await DayAsync(world));
        Assert.All(await world.Wiring.Store.UniverseAsync(Ct), e => Assert.True(e.IsActive));

        world.Market.Bars.Clear();
        await world.NightAsync(Monday, force: true, TaskNames.LoadOhlc);
        var healed = Assert.Single(await world.Wiring.Store.FindingsAsync(openOnly: false, 10, Ct));
        Assert.Equal((FindingState.Healed, TaskNames.LoadOhlc), (healed.State, healed.ClosedBy));
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Aal);
        await world.NightAsync(Monday, force: true, TaskNames.LoadOhlc);
        Assert.Equal([FindingState.Open, FindingState.Healed], (await world.Wiring.Store.FindingsAsync(openOnly: false, 10, Ct)).Select(f => f.State));
    }

    [Fact]
    public async Task Who_left_the_providers_list_is_not_missing_and_who_is_in_no_list_is_a_stranger()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Delisted.Add(Aal);
        world.Market.Bars[Monday] = bars => [.. bars, bars[0] with { Symbol = new("QQQQ") }];
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.AutoRecover]);
        Assert.True(run.Success, run.Failures());
        Assert.Equal(["set.stranger QQQQ"], await world.FoundAsync());
        Assert.Contains(run.Of(TaskNames.LoadOhlc).Checks, c => c.Text.Contains("1 symbols were not known: QQQQ", StringComparison.Ordinal));
        var missing = Assert.Single(await world.Wiring.Store.FindingsAsync(openOnly: false, 10, Ct), f => f.Rule == "set.missing");
        Assert.Equal((FindingState.Healed, TaskNames.AutoRecover), (missing.State, missing.ClosedBy));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public async Task Many_missing_symbols_fail_the_task_and_make_the_session_due_again_but_the_others_are_stored(int missing, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Skip(missing);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(!alarm, run.Success);
        Assert.Equal(alarm, (await world.FoundAsync()).Contains("set.missing_many *"));
        Assert.Equal((260 - missing, !alarm), await DayAsync(world));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public async Task A_file_that_ends_before_the_alphabet_does_is_told(int cut, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.SkipLast(cut);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? ["set.tail_missing *"] : [], await world.FoundAsync());
        Assert.Equal(!alarm, run.Success);
    }

    [Fact]
    public async Task A_symbol_in_the_wrong_case_is_recognised_and_what_is_no_ticker_is_refused()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? b with { Symbol = new("aal") } : b.Symbol == Big ? b with { Symbol = new("nan") } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(["daily.not_a_ticker nan", "set.case aal", "set.missing AAL", "set.missing XJL"], await world.FoundAsync());
        Assert.DoesNotContain(new Symbol("nan"), (await world.Wiring.Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct)).Keys);
    }

    [Theory]
    [InlineData(4.5, 1, true)]
    [InlineData(0.2, 1, true)]
    [InlineData(3.5, 1, false)]
    [InlineData(4.5, 4, false)]
    public async Task A_price_far_from_the_symbols_own_is_absurd_unless_it_trades_as_on_news(double factor, double volume, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? Priced(Usual(b) with { Volume = Usual(b).Volume * volume }, factor) : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? ["price.absurd AAL"] : [], await world.FoundAsync());
    }

    [Fact]
    public async Task A_step_that_a_listed_split_explains_is_no_absurd_price()
    {
        await using var world = await ChecksWorld.StartAsync(nights: false);
        world.Market.Splits.Add(new(new Split(Aal, Monday, 10, 1), "1"));
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? Priced(b with { Volume = b.Volume / 10 }, 10) : b);
        Assert.True((await world.NightAsync(Monday)).Success);
        Assert.DoesNotContain("price.absurd AAL", await world.FoundAsync());
    }

    [Fact]
    public async Task A_split_that_is_listed_late_explains_the_price_and_releases_the_symbol()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? Priced(Usual(b), 10) with { Volume = 15_000, Trades = 180 } : b);
        await world.NightAsync(Monday);
        Assert.Contains("price.absurd AAL", await world.FoundAsync());
        Assert.Equal("2025-11-28", await world.Wiring.Redis.Database.HashGetAsync("atr:data:AAL", "date"));
        world.Market.Splits.Add(new(new Split(Aal, Monday, 10, 1), "1"));
        await world.NightAsync(Monday, tasks: [TaskNames.ReconcileSplits, TaskNames.CalculateAtr]);
        Assert.DoesNotContain("price.absurd AAL", await world.FoundAsync());
        Assert.Equal(TaskNames.ReconcileSplits, (await world.Wiring.Store.FindingsAsync(openOnly: false, 100, Ct)).First(f => f.Rule == "price.absurd").ClosedBy);
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.HashGetAsync("atr:data:AAL", "date"));
    }

    [Fact]
    public async Task A_poisoned_symbol_keeps_its_old_values_the_others_get_new_ones_and_accepting_releases_it()
    {
        await using var world = await ChecksWorld.StartAsync();
        var redis = world.Wiring.Redis.Database;
        var before = await redis.HashGetAllAsync("atr:data:AAL");
        Assert.NotEmpty(before);
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? Priced(Usual(b), 100) : b);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.CalculateAtr]);
        Assert.Equal(before, await redis.HashGetAllAsync("atr:data:AAL"));
        Assert.Equal("2025-12-01", await redis.HashGetAsync("atr:data:ABL", "date"));
        Assert.Contains(run.Of(TaskNames.CalculateAtr).Checks, c => c.Result == CheckResult.Warning && c.Text.Contains("AAL (price.absurd of 2025-12-01)", StringComparison.Ordinal));
        Assert.Equal(TaskState.Skipped, (await world.NightAsync(Monday, tasks: [TaskNames.CalculateAtr])).Of(TaskNames.CalculateAtr).State);

        await world.Wiring.Store.AcceptFindingAsync((await world.OpenAsync()).Single(f => f.Rule == "price.absurd").Id, "Ana", null, world.Clock.GetUtcNow(), Ct);
        await world.NightAsync(Monday, tasks: [TaskNames.CalculateAtr]);
        Assert.Equal("2025-12-01", await redis.HashGetAsync("atr:data:AAL", "date"));
    }

    [Theory]
    [InlineData(3.9, 1, false)]
    [InlineData(4.1, 1, true)]
    [InlineData(1, 3.9, false)]
    [InlineData(1, 4.1, true)]
    public async Task A_high_or_low_far_from_open_and_close_is_a_bad_print(double up, double down, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? b with { High = Math.Max(b.Open, b.Close) * Math.Max(up, 1.01), Low = Math.Min(b.Open, b.Close) / Math.Max(down, 1.01) } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? ["bar.spike AAL"] : [], await world.FoundAsync());
    }

    [Theory]
    [InlineData(true, 1.04, false)]
    [InlineData(true, 1.06, true)]
    [InlineData(false, 1.24, false)]
    [InlineData(false, 1.26, true)]
    public async Task A_vwap_outside_the_days_range_is_told_by_liquidity(bool liquid, double above, bool alarm)
    {
        var symbol = liquid ? Big : Aal;
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == symbol ? b with { Vwap = b.High * above, Volume = liquid ? 2_500_000 : 200_000, Trades = liquid ? 26_000 : 2_500 } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? [$"bar.vwap_outside_range {symbol}"] : [], await world.FoundAsync());
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task Bars_of_an_earlier_session_are_recognised_one_by_one_and_many_are_the_days(int repeated, bool ofDay)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select((b, i) => i < repeated ? MadeMarket.Bar(b.Symbol, ChecksWorld.Wednesday) with { Date = Monday } : b);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        var found = await world.FoundAsync();
        Assert.Equal(repeated, found.Count(f => f.StartsWith("bar.repeated", StringComparison.Ordinal)));
        Assert.Equal(ofDay, found.Contains("day.repeated *"));
        Assert.Equal((260, !ofDay), await DayAsync(world));
        Assert.Equal(!ofDay, run.Success);
    }

    [Fact]
    public async Task Nothing_is_taken_of_yesterdays_file_once_more()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => MadeMarket.Bar(b.Symbol, ChecksWorld.Wednesday) with { Date = Monday });
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Contains("of an earlier session; nothing of it was taken", string.Join('\n', run.Of(TaskNames.LoadOhlc).Checks), StringComparison.Ordinal);
        Assert.Empty(await world.Wiring.Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct));
        Assert.Contains("day.repeated *", await world.FoundAsync());
        world.Market.Bars.Clear();
        Assert.True((await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc])).Success);
        Assert.Empty(await world.FoundAsync());
    }

    [Theory]
    [InlineData(1.5, 1.5, new string[0])]
    [InlineData(2, 2, new[] { "volume.market *" })]
    [InlineData(2, 1, new[] { "volume.market *", "volume.per_trade *" })]
    [InlineData(3, 3, new[] { "volume.market *" })]
    [InlineData(0.4, 0.4, new string[0])]
    [InlineData(0.3, 0.3, new[] { "volume.market *" })]
    public async Task The_whole_markets_volume_counted_twice_or_in_other_units_is_told(double shares, double trades, string[] expected)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b with { Volume = b.Volume * shares, Trades = (long)(b.Trades!.Value * trades) });
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(expected, await world.FoundAsync());
    }

    [Theory]
    [InlineData(0.98, false)]
    [InlineData(0.8, true)]
    public async Task A_market_that_opens_by_one_factor_lower_is_told(double factor, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => Priced(b, factor));
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? ["price.market *"] : [], await world.FoundAsync());
    }

    [Fact]
    public async Task A_bar_of_one_price_or_without_a_share_is_told_of_a_symbol_that_never_had_one_and_held_back()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b =>
            b.Symbol == Aal || b.Symbol == Thin ? Usual(b) with { Open = b.Close, High = b.Close, Low = b.Close, Vwap = b.Close, Volume = b.Symbol == Aal ? 150_000 : 400 }
            : b.Symbol == Big ? b with { Volume = 0, Trades = 0 } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.CalculateAtr]);
        Assert.Equal(["bar.flat AAL", "volume.none XJL"], await world.FoundAsync());
        foreach (var symbol in new[] { Aal, Big }) Assert.Equal("2025-11-28", await world.Wiring.Redis.Database.HashGetAsync($"atr:data:{symbol}", "date"));
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.HashGetAsync("atr:data:ABL", "date"));
    }

    [Theory]
    [InlineData(1.4, false)]
    [InlineData(2, true)]
    public async Task One_exchanges_volume_counted_twice_is_told_by_name(double factor, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        var exchanges = (await world.Wiring.Store.UniverseAsync(Ct)).ToDictionary(e => e.Symbol, e => e.Exchange);
        world.Market.Bars[Monday] = bars => bars.Select(b => exchanges[b.Symbol] == "XNAS" ? b with { Volume = b.Volume * factor, Trades = (long)(b.Trades!.Value * factor) } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Equal(alarm ? ["volume.exchange *"] : [], await world.FoundAsync());
        if (alarm) Assert.StartsWith("XNAS: 2", Assert.Single(await world.OpenAsync()).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_whose_doubt_a_person_accepted_is_final_at_the_next_look()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Skip(11);
        Assert.False((await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc])).Success);
        foreach (var finding in await world.OpenAsync()) await world.Wiring.Store.AcceptFindingAsync(finding.Id, "Ana", "a holiday of theirs", world.Clock.GetUtcNow(), Ct);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc]);
        Assert.Empty(await world.FoundAsync());
        Assert.Equal((249, true), await DayAsync(world));
    }

    [Fact]
    public async Task An_impossible_row_is_refused_its_symbol_held_back_and_a_duplicate_only_warned_of()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Aal ? b with { High = b.Low - 1 } : b);
        world.Market.Rejected.Add(new("XJL", "daily.duplicate", "close 1, volume 2", "one row per symbol"));
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.CalculateAtr]);
        Assert.Contains("these have no bar: AAL", run.Of(TaskNames.LoadOhlc).Error, StringComparison.Ordinal);
        Assert.Equal(["bar.high_below_low AAL", "daily.duplicate XJL"], await world.FoundAsync());
        Assert.Equal("2025-11-28", await world.Wiring.Redis.Database.HashGetAsync("atr:data:AAL", "date"));
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.HashGetAsync("atr:data:XJL", "date"));
    }

    private static DailyBar Usual(in DailyBar bar) => bar with { Volume = 150_000, Trades = 1_800 };

    private static DailyBar Priced(in DailyBar bar, double factor) =>
        bar with { Open = bar.Open * factor, High = bar.High * factor, Low = bar.Low * factor, Close = bar.Close * factor, Vwap = bar.Vwap * factor };

    private static async Task<(int Rows, bool Final)> DayAsync(ChecksWorld world) =>
        Assert.Single(await world.Wiring.Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct)) is var day ? ((int)day.Rows, day.Final) : default;
}
