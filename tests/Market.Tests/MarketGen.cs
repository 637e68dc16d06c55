using CsCheck;

namespace Market.Tests;

/// <summary>Random but sound market data.</summary>
internal static class MarketGen
{
    public static readonly Symbol Symbol = new("ACME");
    private static readonly DateOnly Start = new(2020, 1, 1);

    public static readonly Gen<DateOnly> Date = Gen.Int[0, 400].Select(Start.AddDays);

    public static readonly Gen<double> Price = Gen.Double[0.01, 5_000];

    public static readonly Gen<double> Volume = Gen.OneOf(Gen.Int[0, 50_000_000].Select(v => (double)v), Gen.Double[0, 1e8]);

    public static readonly Gen<DailyBar> Bar = Gen.Select(Date, Price.Array[4], Volume, Price.Nullable(), Gen.Long[0, 1_000_000].Nullable())
        .Select((date, prices, volume, vwap, trades) => new DailyBar(Symbol, date, prices[0], prices.Max(), prices.Min(), prices[1], volume, vwap, trades));

    public static readonly Gen<HighLowClose> Range = Price.Array[3].Select(prices => new HighLowClose(prices.Max(), prices.Min(), prices[0]));

    public static readonly Gen<Split> Split = Gen.Select(Date, Gen.Int[1, 20], Gen.Int[1, 20]).Select((date, from, to) => new Split(Symbol, date, from, to));

    /// <summary>Slots of one session with volumes of whole shares, so that sums are exact in any order.</summary>
    public static Gen<Slot[]> Slots(int grid) => Gen.Select(Gen.Int[1, 100_000].Array[grid], Gen.Int[0, 3].Array[grid]).Select((volumes, silent) =>
    {
        var accumulated = 0.0;
        return Enumerable.Range(0, grid).Where(i => silent[i] == 0)
            .Select(i => new Slot((short)i, volumes[i], accumulated += volumes[i], 1, 10)).ToArray();
    });
}
