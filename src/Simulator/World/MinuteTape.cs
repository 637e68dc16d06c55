namespace Simulator.World;

/// <summary>
/// Writes the minute bars of one security on one session. Minutes in which nothing trades do not exist. The price walks from
/// yesterday's close to the open, from there to today's close, which is the price of the closing auction, and wanders after it.
/// </summary>
internal static class MinuteTape
{
    private const ulong Purpose = 0x6D696E757465;
    private const double AuctionShare = .08, AuctionReach = 40;
    private const double RegularMinutes = 390;

    /// <param name="into">At least <see cref="TradingDay.Minutes"/> long.</param>
    /// <returns>How many bars were written, oldest first.</returns>
    internal static int Write(Security security, TradingDay day, Span<Bar> into)
    {
        var random = new RandomStream(Hash.Of(security.Key, Purpose, (ulong)day.Date.DayNumber));
        var intensity = security.Intensity * (.6 + (.8 * random.Unit()));
        Span<ulong> traded = stackalloc ulong[TradingDay.Minutes / 64];
        Choose(ref random, intensity, day, traded);

        var basis = security.SplitFactor(day.Date);
        var yesterday = PricePath.Level(security, day.Ordinal - 1) * basis;
        var today = PricePath.Level(security, day.Ordinal) * basis;
        var open = yesterday + ((today - yesterday) * random.Unit() * .6);
        var walk = new PriceWalk(yesterday, security.Volatility / Math.Sqrt(RegularMinutes));
        walk.Head(open, TradingDay.OpenMinute, .4);

        var (count, leg) = (0, 0);
        for (var word = 0; word < traded.Length; word++)
            for (var bits = traded[word]; bits != 0; bits &= bits - 1)
            {
                var minute = (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (leg == 0 && minute >= TradingDay.OpenMinute)
                {
                    leg = 1;
                    walk.Restart(open, TradingDay.OpenMinute);
                    walk.Head(today, day.CloseMinute, 1);
                }
                if (leg == 1 && minute > day.CloseMinute)
                {
                    leg = 2;
                    walk.Restart(today, day.CloseMinute);
                    walk.Head(today * (1 + ((random.Unit() - .5) * .2 * security.Volatility)), day.EndMinute, .4);
                }
                var trades = minute == day.CloseMinute
                    ? AuctionShare * RegularMinutes * intensity
                    : intensity * day.Activity[minute / TradingDay.BlockMinutes];
                into[count++] = Draw(ref random, ref walk, security, day, minute, trades);
            }
        return count;
    }

    // Presence of a minute is one 16-bit draw against 1 − e^(−trades expected); quiet half hours of thin names cost nothing.
    private static void Choose(ref RandomStream random, double intensity, TradingDay day, Span<ulong> traded)
    {
        traded.Clear();
        var end = day.EndMinute / TradingDay.BlockMinutes;
        for (var block = 0; block < end; block++)
        {
            var threshold = (int)(65_536 * (1 - Math.Exp(-intensity * day.Activity[block])));
            if (threshold == 0) continue;
            var draws = 0UL;
            for (var i = 0; i < TradingDay.BlockMinutes; i++)
            {
                draws = (i & 3) == 0 ? random.Next() : draws >> 16;
                if ((ushort)draws >= threshold) continue;
                var minute = (block * TradingDay.BlockMinutes) + i;
                traded[minute >> 6] |= 1UL << (minute & 63);
            }
        }
        ref var auction = ref traded[day.CloseMinute >> 6];
        var bit = 1UL << (day.CloseMinute & 63);
        auction = random.Unit() < 1 - Math.Exp(-intensity * AuctionReach * .25) ? auction | bit : auction & ~bit;
    }

    private static Bar Draw(ref RandomStream random, ref PriceWalk walk, Security security, TradingDay day, int minute, double expected)
    {
        var (noise, dice) = (random.Next(), random.Next());
        var trades = 1 + (long)(expected * (.5 + ((dice & 0xFF) / 256.0)));
        var (before, after) = walk.Step(minute, (((uint)noise >> 1) * (2.0 / int.MaxValue)) - 1);
        var close = Round(after, (noise & (0xFUL << 40)) == 0);
        var open = trades == 1 ? close : Round(before, odd: false);
        var (high, low) = open > close ? (open, close) : (close, open);
        if (trades > 2)
        {
            var reach = walk.Reach * (1.6 / 256);
            high = Round((high / (double)Bar.PriceScale) + (reach * ((dice >> 8) & 0xFF)), odd: false, high);
            low = Math.Min(low, Math.Max(Round((low / (double)Bar.PriceScale) - (reach * ((dice >> 16) & 0xFF)), odd: false), 1));
        }
        // The size of a trade has a heavy tail; the mean of 1/(.08 + u) over u in [0, 1) is 2.6.
        var dollars = security.TradeSize * Math.Max(expected, 1) / (2.6 * (.08 + ((dice >> 24 & 0xFFFF) / 65_536.0)));
        var volume = Math.Max(1, (long)(dollars / after)) * Bar.VolumeScale;
        if (day.Fractional && (dice >> 62) != 0) volume += (long)((noise >> 44) % Bar.VolumeScale);
        return new Bar(day.Start + (minute * 60_000L), open, high, low, close, volume, (open + close + high + low + 2) / 4, trades);
    }

    // Ticks of a cent from a dollar on, now and then a fraction of one; ticks of 1/10,000 below a dollar.
    private static long Round(double price, bool odd, long atLeast = 1)
    {
        var rounded = price >= 1 && !odd
            ? (long)((price * 100) + .5) * (Bar.PriceScale / 100)
            : (long)((price * Bar.PriceScale) + .5);
        return Math.Max(rounded, atLeast);
    }
}
