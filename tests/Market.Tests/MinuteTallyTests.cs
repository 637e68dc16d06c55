namespace Market.Tests;

/// <summary>A minute that a file has lost for everybody, or for many, is told; one that a few do not trade in is not.</summary>
public class MinuteTallyTests
{
    private static readonly TimeOnly Lost = new(10, 37);

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.2, true)]
    [InlineData(0.05, false)]
    [InlineData(0, false)]
    public void A_minute_is_lost_when_far_fewer_trade_in_it_than_beside_it(double struck, bool told)
    {
        var lost = Tally(TradingCalendar.RegularClose, 300, (symbol, minute) => minute == Lost && symbol < struck * 300).Lost();
        Assert.Equal(told ? [Lost] : [], lost.Select(l => l.Minute));
    }

    [Fact]
    public void Several_minutes_in_a_row_are_lost_each_and_the_others_are_not()
    {
        var lost = Tally(TradingCalendar.RegularClose, 300, (_, minute) => minute >= Lost && minute < Lost.AddMinutes(10)).Lost();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => Lost.AddMinutes(i)), lost.Select(l => l.Minute));
        Assert.All(lost, l => Assert.Equal(0, l.Trading));
    }

    [Fact]
    public void Few_symbols_prove_nothing() => Assert.Empty(Tally(TradingCalendar.RegularClose, MinuteTally.LeastLost - 1, (_, minute) => minute == Lost).Lost());

    [Fact]
    public void On_a_half_day_the_silence_after_the_close_is_none()
    {
        var close = new TimeOnly(13, 0);
        Assert.Empty(Tally(close, 300, (_, minute) => minute >= close).Lost());
        Assert.Equal(300, Tally(close, 300, (_, minute) => minute >= close).Symbols);
        Assert.Equal(0, Tally(TradingCalendar.RegularClose, 300, (_, minute) => minute >= close).Symbols);
    }

    [Fact]
    public void Who_trades_now_and_then_is_not_counted()
    {
        var tally = new MinuteTally(TradingCalendar.RegularClose);
        tally.Add(Minutes(minute => minute.Minute % 5 != 0));
        Assert.Equal(0, tally.Symbols);
        tally.Add(Minutes(minute => minute.Minute % 15 != 0));
        Assert.Equal(1, tally.Symbols);
    }

    /// <summary>Symbols that trade from 04:00 to 20:00 but in one minute of forty, each in others.</summary>
    private static MinuteTally Tally(TimeOnly close, int symbols, Func<int, TimeOnly, bool> silent)
    {
        var tally = new MinuteTally(close);
        for (var symbol = 0; symbol < symbols; symbol++) tally.Add(Minutes(minute => ((minute.Hour * 60) + minute.Minute + (symbol * 7)) % 40 != 0 && !silent(symbol, minute)));
        return tally;
    }

    private static ulong[] Minutes(Func<TimeOnly, bool> trades)
    {
        var bits = new ulong[23];
        for (var minute = 4 * 60; minute < 20 * 60; minute++)
            if (trades(TimeOnly.MinValue.AddMinutes(minute))) bits[minute >> 6] |= 1UL << (minute & 63);
        return bits;
    }
}
