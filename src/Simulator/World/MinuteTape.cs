using System.Numerics;
using System.Runtime.Intrinsics;

namespace Simulator.World;

/// <summary>
/// Writes the minute bars of one security on one session. Minutes in which nothing trades do not exist. The price walks from
/// yesterday's close to the open, from there to today's close, which is the price of the closing auction, and wanders after it.
/// </summary>
internal static class MinuteTape
{
    private const ulong Purpose = 0x6D696E757465;
    private const double AuctionShare = .08, AuctionReach = 10;
    private const double RegularMinutes = 390;

    /// <param name="into">At least <see cref="TradingDay.Minutes"/> long.</param>
    /// <returns>How many bars were written, oldest first.</returns>
    internal static int Write(Security security, TradingDay day, Span<Bar> into)
    {
        var random = new RandomStream(Hash.Of(security.Key, Purpose, (ulong)day.Date.DayNumber));
        var intensity = security.Intensity * (.6 + (.8 * random.Unit()));
        Span<ulong> traded = stackalloc ulong[TradingDay.Minutes / 64];
        Choose(ref random, intensity, day, traded);

        var basis = security.SplitFactor(day.Date) * Bar.PriceScale;
        var yesterday = PricePath.Level(security, day.Ordinal - 1) * basis;
        var today = PricePath.Level(security, day.Ordinal) * basis;
        var open = yesterday + ((today - yesterday) * random.Unit() * .6);
        var walk = new PriceWalk(yesterday, security.Volatility / Math.Sqrt(RegularMinutes));
        walk.Head(open, TradingDay.OpenMinute, .4);

        var (count, leg) = (0, 0);
        for (var word = 0; word < traded.Length; word++)
            for (var bits = traded[word]; bits != 0; bits &= bits - 1)
            {
                var minute = (word * 64) + BitOperations.TrailingZeroCount(bits);
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
                Draw(ref random, ref walk, security, day, minute, trades, out into[count++]);
            }
        return count;
    }

    // Presence of a minute is one 16-bit draw against 1 − e^(−trades expected), sixteen minutes at a time.
    private static void Choose(ref RandomStream random, double intensity, TradingDay day, Span<ulong> traded)
    {
        traded.Clear();
        var end = day.EndMinute / TradingDay.BlockMinutes;
        for (var block = 0; block < end; block++)
        {
            var threshold = (int)(65_535 * (1 - Math.Exp(-intensity * day.Activity[block])));
            if (threshold == 0) continue;
            var bar = Vector256.Create((ushort)threshold);
            var minutes = (ulong)(Sixteen(ref random, bar) | (Sixteen(ref random, bar) << 16)) & ((1UL << TradingDay.BlockMinutes) - 1);
            var (word, bit) = Math.DivRem(block * TradingDay.BlockMinutes, 64);
            traded[word] |= minutes << bit;
            if (bit + TradingDay.BlockMinutes > 64) traded[word + 1] |= minutes >> (64 - bit);
        }
        ref var auction = ref traded[day.CloseMinute >> 6];
        var closing = 1UL << (day.CloseMinute & 63);
        auction = random.Unit() < 1 - Math.Exp(-intensity * AuctionReach) ? auction | closing : auction & ~closing;
    }

    private static uint Sixteen(ref RandomStream random, Vector256<ushort> threshold)
    {
        var draws = Vector256.Create(random.Next(), random.Next(), random.Next(), random.Next()).AsUInt16();
        return Vector256.LessThan(draws, threshold).ExtractMostSignificantBits();
    }

    private static void Draw(ref RandomStream random, ref PriceWalk walk, Security security, TradingDay day, int minute, double expected, out Bar bar)
    {
        var (noise, dice) = (random.Next(), random.Next());
        var trades = 1 + Whole(expected * (.5 + ((int)(dice & 0xFF) * (1 / 256.0))));
        var (before, after) = walk.Step(minute, (int)noise * (1.0 / int.MaxValue));
        // Now and then a close within the tick.
        var close = (noise & (0xFUL << 40)) == 0 ? Whole(after + .5) : Tick(after);
        var open = trades == 1 ? close : Tick(before);
        var (high, low) = open > close ? (open, close) : (close, open);
        if (trades > 2)
        {
            var reach = walk.Reach * (1.6 / 256);
            high = Math.Max(high, Tick(high + (reach * (int)((dice >> 8) & 0xFF))));
            low = Math.Min(low, Tick(Math.Max(low - (reach * (int)((dice >> 16) & 0xFF)), 1)));
        }
        // The size of a trade has a heavy tail; the mean of 1/(.08 + u) over u in [0, 1) is 2.6.
        var dollars = security.TradeSize * Math.Max(expected, 1) * Bar.PriceScale;
        var shares = Whole(dollars / (2.6 * (.08 + ((int)((dice >> 24) & 0xFFFF) * (1 / 65_536.0))) * after));
        var volume = Math.Max(shares, 1) * Bar.VolumeScale;
        if (day.Fractional && (dice >> 62) != 0) volume += (long)((noise >> 44) % Bar.VolumeScale);
        bar = new Bar(day.Start + (minute * 60_000L), open, high, low, close, volume, (open + close + high + low + 2) / 4, trades);
    }

    // Ticks of a cent from a dollar on, of 1/10,000 below.
    private static long Tick(double price) => price >= Bar.PriceScale ? Whole((price * .01) + .5) * 100 : Whole(price + .5);

    // Truncates; the saturating conversion of a cast is dearer, and no number here is near the ends of long.
    private static long Whole(double value) => double.ConvertToIntegerNative<long>(value);
}
