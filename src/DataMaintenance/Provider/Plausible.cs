namespace DataMaintenance.Provider;

/// <summary>What a number of a bar can be at all. Finer judgement (high under low, jumps) is the tasks' affair.</summary>
internal static class Plausible
{
    public const double HighestPrice = 10_000_000;
    /// <summary>A hundred times what the whole market trades on a day.</summary>
    public const double MostShares = 1e12;
    public const string PriceText = "prices above 0 and at most 10,000,000 USD";
    public const string VolumeText = "a volume of at least 0 and at most 1,000,000,000,000 shares";
    public const string TradesText = "a number of trades of at least 0";

    public static bool Price(double usd) => usd is > 0 and <= HighestPrice;

    public static bool Prices(double open, double high, double low, double close) => Price(open) && Price(high) && Price(low) && Price(close);

    public static bool Volume(double shares) => shares is >= 0 and <= MostShares;
}
