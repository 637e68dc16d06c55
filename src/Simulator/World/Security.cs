using System.Globalization;
using System.Text;
using Market;

namespace Simulator.World;

/// <summary>One security under one ticker: what it is, when it is listed, how it trades.</summary>
public sealed class Security
{
    internal ulong Key { get; init; }
    public required string Ticker { get; init; }
    public required string Name { get; init; }
    /// <summary>The provider's type code: CS, ETF, ADRC, PFD, WARRANT, …</summary>
    public required string Type { get; init; }
    /// <summary>Market identifier code of the primary exchange.</summary>
    public required string Exchange { get; init; }
    /// <summary>Null where the provider gives none: funds, warrants, units.</summary>
    public Industry? Industry { get; init; }
    /// <summary>First day on which it can trade under this ticker.</summary>
    public DateOnly Listed { get; init; }
    /// <summary>First day on which it no longer trades under this ticker; null while it does.</summary>
    public DateOnly? Delisted { get; internal set; }
    /// <summary>The same security under its former ticker.</summary>
    public Security? FormerTicker { get; init; }
    /// <summary>The security that bore this ticker earlier.</summary>
    public Security? FormerHolder { get; internal set; }
    /// <summary>By execution date; double listings are kept in <see cref="SimulatedMarket.Splits"/> only.</summary>
    public IReadOnlyList<Split> Splits { get; internal set; } = [];

    /// <summary>USD at the middle of its path, on the basis before its first split.</summary>
    internal double BasePrice { get; init; }
    /// <summary>Standard deviation of a day's return.</summary>
    internal double Volatility { get; init; }
    /// <summary>Trades a minute in the mean of the regular session.</summary>
    internal double Intensity { get; init; }
    /// <summary>USD a trade, in the mean.</summary>
    internal double TradeSize { get; init; }

    /// <summary>Ten digits; null for those the provider gives none, most funds among them.</summary>
    public string? Cik => Type is "CS" or "ADRC" ? Key % 97 == 0 ? null : Digits() : Key % 3 == 0 ? Digits() : null;
    /// <summary>Null for one in forty.</summary>
    public string? CompositeFigi => Key % 40 == 0 ? null : Figi("BBG00", Key);
    public string? ShareClassFigi => Key % 40 == 0 ? null : Figi("BBG001", Key >> 7);
    /// <summary>First day under any ticker.</summary>
    public DateOnly FirstListed => FormerTicker?.FirstListed ?? Listed;

    /// <summary>Shares outstanding on the basis of the date.</summary>
    public long SharesOutstanding(DateOnly date)
    {
        var dollarsADay = 390 * Intensity * TradeSize;
        return (long)Math.Max(200_000, dollarsADay * (80 + (Key % 240)) / (BasePrice * SplitFactor(date)));
    }

    /// <summary>USD; null for what is no company, and for one company in eighty.</summary>
    public double? MarketCap(DateOnly date) => Type is "CS" or "ADRC" && Key % 83 != 0
        ? Math.Round(SharesOutstanding(date) * BasePrice * SplitFactor(date), 2)
        : null;

    internal byte[] Utf8 => field ??= Encoding.ASCII.GetBytes(Ticker);

    public bool IsListedOn(DateOnly date) => date >= Listed && (Delisted is not { } end || date < end);

    /// <summary>Product of from/to over the splits executed up to and including the date: raw price = path × this.</summary>
    internal double SplitFactor(DateOnly date)
    {
        var factor = 1.0;
        foreach (var split in Splits)
            if (split.ExecutionDate <= date) factor *= split.PriceFactor;
        return factor;
    }

    /// <summary>What a price of <paramref name="date"/> is multiplied by to be on the basis of <paramref name="asOf"/>.</summary>
    internal double Adjustment(DateOnly date, DateOnly asOf) => Splits.Count == 0 ? 1 : SplitFactor(asOf) / SplitFactor(date);

    /// <summary>The same security under another ticker.</summary>
    internal Security Renamed(string ticker, DateOnly from, Security? formerHolder) => new()
    {
        Key = Key,
        Ticker = ticker,
        Name = Name,
        Type = Type,
        Exchange = Exchange,
        Industry = Industry,
        Listed = from,
        FormerTicker = this,
        FormerHolder = formerHolder,
        BasePrice = BasePrice,
        Volatility = Volatility,
        Intensity = Intensity,
        TradeSize = TradeSize,
    };

    /// <summary>Another company of its kind under its ticker, at a third of its price.</summary>
    internal Security Succeeded(DateOnly listed)
    {
        var key = Hash.Of(Key, (ulong)listed.DayNumber);
        return new()
        {
            Key = key,
            Ticker = Ticker,
            Name = CompanyNames.Of(key, Type),
            Type = Type,
            Exchange = Exchange,
            Industry = Industry,
            Listed = listed,
            FormerHolder = this,
            BasePrice = BasePrice / 3,
            Volatility = Volatility,
            Intensity = Intensity,
            TradeSize = TradeSize,
        };
    }

    public override string ToString() => Ticker;

    private string Digits() => (Key % 2_000_000).ToString("D10", CultureInfo.InvariantCulture);

    private static string Figi(string prefix, ulong key)
    {
        const string letters = "BCDFGHJKLMNPQRSTVWXYZ0123456789";
        Span<char> text = stackalloc char[12];
        prefix.CopyTo(text);
        for (var i = prefix.Length; i < text.Length; i++, key /= 31) text[i] = letters[(int)(key % 31)];
        return new string(text);
    }
}

/// <summary>A Standard Industrial Classification code with its description, upper case.</summary>
public sealed record Industry(string SicCode, string Description);
