namespace Market;

/// <summary>
/// The sector of a Standard Industrial Classification code, in the eleven sectors that screens and indices use. The SIC knows
/// industries, not sectors, so this is a mapping of its groups; more specific ranges come first.
/// </summary>
public static class SicSector
{
    private static readonly (int First, int Last, string Sector)[] Ranges =
    [
        (2833, 2836, "Healthcare"), (3841, 3851, "Healthcare"), (5047, 5047, "Healthcare"), (5122, 5122, "Healthcare"), (5912, 5912, "Healthcare"),
        (6324, 6324, "Healthcare"), (8000, 8099, "Healthcare"), (8731, 8734, "Healthcare"),
        (3570, 3579, "Technology"), (3661, 3679, "Technology"), (3812, 3812, "Industrials"), (3820, 3829, "Technology"), (7370, 7379, "Technology"),
        (5045, 5045, "Technology"), (3690, 3699, "Technology"),
        (2710, 2741, "Communication Services"), (4800, 4899, "Communication Services"), (7810, 7841, "Communication Services"), (7310, 7319, "Communication Services"),
        (6500, 6599, "Real Estate"), (6798, 6798, "Real Estate"),
        (1200, 1399, "Energy"), (2900, 2999, "Energy"), (4600, 4619, "Energy"), (4922, 4924, "Energy"), (5171, 5172, "Energy"), (6792, 6792, "Energy"),
        (4900, 4991, "Utilities"),
        (100, 999, "Consumer Defensive"), (2000, 2199, "Consumer Defensive"), (2840, 2844, "Consumer Defensive"), (5140, 5159, "Consumer Defensive"),
        (5180, 5182, "Consumer Defensive"), (5311, 5399, "Consumer Defensive"), (5400, 5499, "Consumer Defensive"), (8200, 8299, "Consumer Defensive"),
        (1000, 1199, "Basic Materials"), (1400, 1499, "Basic Materials"), (2400, 2421, "Basic Materials"), (2600, 2699, "Basic Materials"), (2800, 2899, "Basic Materials"), (3310, 3399, "Basic Materials"),
        (2200, 2399, "Consumer Cyclical"), (2430, 2599, "Consumer Cyclical"), (3000, 3199, "Consumer Cyclical"), (3630, 3659, "Consumer Cyclical"),
        (3710, 3716, "Consumer Cyclical"), (3751, 3799, "Consumer Cyclical"), (3900, 3999, "Consumer Cyclical"), (5200, 5299, "Consumer Cyclical"), (5500, 5999, "Consumer Cyclical"),
        (7000, 7299, "Consumer Cyclical"), (7500, 7699, "Consumer Cyclical"), (7900, 7999, "Consumer Cyclical"),
        (6000, 6999, "Financial Services"),
        (1500, 1799, "Industrials"), (2750, 2799, "Industrials"), (3200, 3299, "Basic Materials"), (3400, 3629, "Industrials"), (3680, 3689, "Technology"), (3717, 3750, "Industrials"),
        (3810, 3819, "Industrials"), (3860, 3899, "Consumer Cyclical"), (4000, 4799, "Industrials"), (5000, 5199, "Industrials"), (7320, 7369, "Industrials"), (7380, 7399, "Industrials"),
        (8100, 8199, "Industrials"), (8300, 8799, "Industrials"), (8800, 9999, "Industrials"),
    ];

    /// <summary>The sector, or null where the code is absent, no number, or in no group.</summary>
    /// <param name="code">Four digits as text, as the provider gives it; a leading zero may be lost.</param>
    public static string? Of(string? code)
    {
        if (!int.TryParse(code, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) return null;
        foreach (var (first, last, sector) in Ranges)
            if (number >= first && number <= last) return sector;
        return null;
    }
}
