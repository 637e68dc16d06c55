using Market;
using Simulator.World;

namespace DataMaintenance.Tests.SimulatedProvider;

public sealed class WorldTests
{
    private static readonly SimulatedMarket Full = new();

    [Fact]
    public void A_regular_day_of_the_full_market_has_the_size_of_a_real_one()
    {
        var day = Full.FindDay(new DateOnly(2026, 11, 20))!;
        var (listed, minutes, slots, daily) = (0, 0, 0, 0);
        var buffer = new Bar[TradingDay.Minutes];
        foreach (var security in Full.ListedOn(day.Date))
        {
            listed++;
            var count = SimulatedMarket.Minutes(security, day, buffer);
            minutes += count;
            slots += buffer[..count].Select(bar => (bar.Start - day.Start) / 300_000).Distinct().Count();
            if (SimulatedMarket.Daily(security, day, buffer.AsSpan(0, count)) is not null) daily++;
        }
        Assert.InRange(listed, 10_800, 13_200);
        Assert.InRange(minutes, 1_620_000, 1_980_000);
        Assert.InRange(slots, 525_600, 642_400);
        Assert.InRange(daily, 10_350, 12_650);
    }

    [Fact]
    public void The_same_seed_is_the_same_market_and_a_smaller_one_is_its_beginning()
    {
        var small = new SimulatedMarket(symbols: 500);
        var day = new DateOnly(2024, 7, 3);
        for (var i = 0; i < small.Securities.Count; i++)
        {
            Assert.Equal(small.Securities[i].Ticker, Full.Securities[i].Ticker);
            Assert.Equal(Minutes(small, small.Securities[i], day), Minutes(Full, Full.Securities[i], day));
        }
        var other = new SimulatedMarket(seed: 2, symbols: 1);
        Assert.NotEqual(Minutes(small, small.Securities[0], day), Minutes(other, other.Securities[0], day));
    }

    [Fact]
    public void Listed_tickers_are_symbols_and_none_is_borne_twice_on_a_day()
    {
        foreach (var date in (DateOnly[])[new(2005, 1, 3), new(2015, 6, 1), new(2026, 11, 20)])
        {
            var tickers = Full.ListedOn(date).Select(security => security.Ticker).ToList();
            Assert.All(tickers, ticker => Assert.True(Symbol.IsValid(ticker), ticker));
            Assert.Equal(tickers.Count, tickers.Distinct(StringComparer.Ordinal).Count());
            Assert.All(tickers, ticker => Assert.Equal(ticker, Full.FindListed(ticker, date)!.Ticker));
        }
    }

    [Fact]
    public void The_spellings_that_break_programs_are_listed()
    {
        string[] odd = ["BRK.A", "BACpL", "BCpC", "BCPC", "OXY.WS", "AHACW", "AHACU", "NA", "TRUE", "NAN", "NULL", "INF", "ON", "E", "RACwA.WS.A"];
        Assert.All(odd, ticker => Assert.NotNull(Full.FindListed(ticker, new DateOnly(2026, 11, 20))));
        Assert.Null(Full.FindListed("bcpc", new DateOnly(2026, 11, 20)));
    }

    [Fact]
    public void Securities_come_go_and_change_their_ticker()
    {
        var (from, to) = (new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));
        Assert.Contains(Full.Securities, security => security.Listed > from && security.Listed < to && security.FormerTicker is null);
        Assert.Contains(Full.Securities, security => security.Delisted > from && security.Delisted < to);
        Assert.Contains(Full.Securities, security => security.FormerTicker is { } former && former.Delisted == security.Listed && former.Ticker != security.Ticker);
        Assert.Contains(Full.Securities, security => security.FormerHolder is { } earlier && earlier.Delisted < security.Listed);
    }

    [Fact]
    public void A_month_has_about_a_dozen_splits_and_each_is_a_step_of_the_price()
    {
        var (from, to) = (new DateOnly(2024, 1, 1), new DateOnly(2025, 12, 31));
        var splits = Full.Splits.Where(split => split.ExecutionDate >= from && split.ExecutionDate <= to).ToList();
        Assert.InRange(splits.Count / 24.0, 7, 18);
        Assert.Contains(splits, split => split.From < split.To);
        Assert.Contains(splits, split => split.From > split.To);
        var ratios = new List<double>();
        foreach (var split in splits)
        {
            var security = Full.FindListed(split.Symbol.Text, split.ExecutionDate)!;
            if (Close(security, Full.DayBefore(split.ExecutionDate)!) is not { } before || Close(security, Full.FindDay(split.ExecutionDate)!) is not { } after) continue;
            ratios.Add(after / before / split.PriceFactor);
        }
        Assert.NotEmpty(ratios);
        Assert.All(ratios, ratio => Assert.InRange(ratio, .7, 1.4));
    }

    [Fact]
    public void A_half_day_closes_at_one_and_ends_at_five()
    {
        var day = Full.FindDay(new DateOnly(2026, 11, 27))!;
        var minutes = Minutes(Full, Full.Securities[0], day.Date);
        Assert.All(minutes, bar => Assert.True(bar.Start < day.Start + (13 * 3_600_000L)));
        var auction = minutes.Single(bar => bar.Start == day.Start + (9 * 3_600_000L));
        Assert.True(auction.Volume > 10 * minutes.Average(bar => bar.Volume));
        Assert.Equal(auction.Close, SimulatedMarket.Daily(Full.Securities[0], day, minutes)!.Value.Close);
    }

    [Fact]
    public void A_minute_is_sound_and_the_day_holds_all_of_them()
    {
        var day = Full.FindDay(new DateOnly(2026, 11, 20))!;
        foreach (var security in Full.ListedOn(day.Date).Take(2_000))
        {
            var minutes = Minutes(Full, security, day.Date);
            foreach (var bar in minutes)
                Assert.True(bar.Low > 0 && bar.Low <= Math.Min(bar.Open, bar.Close) && bar.High >= Math.Max(bar.Open, bar.Close) && bar.Volume > 0 && bar.Trades > 0
                    && bar.Vwap >= bar.Low && bar.Vwap <= bar.High, $"{security} {bar}");
            if (SimulatedMarket.Daily(security, day, minutes) is { } daily) Assert.True(daily.Volume >= minutes.Sum(bar => bar.Volume));
        }
    }

    [Fact]
    public void Volumes_are_whole_until_the_tape_carries_fractions()
    {
        var security = Full.Securities[0];
        Assert.All(Minutes(Full, security, new DateOnly(2026, 2, 20)), bar => Assert.Equal(0, bar.Volume % Bar.VolumeScale));
        Assert.Contains(Minutes(Full, security, new DateOnly(2026, 2, 23)), bar => bar.Volume % Bar.VolumeScale != 0);
    }

    private static Bar[] Minutes(SimulatedMarket market, Security security, DateOnly date)
    {
        var buffer = new Bar[TradingDay.Minutes];
        return buffer[..SimulatedMarket.Minutes(security, market.FindDay(date)!, buffer)];
    }

    private static double? Close(Security security, TradingDay day)
    {
        var buffer = new Bar[TradingDay.Minutes];
        var count = SimulatedMarket.Minutes(security, day, buffer);
        return SimulatedMarket.Daily(security, day, buffer.AsSpan(0, count))?.Close;
    }
}
