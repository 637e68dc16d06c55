namespace Simulator.World;

/// <summary>
/// Who is listed, and when. The world has a fixed number of places; most keep their security for ever, some pass from a delisted
/// one to a new listing or to the same company under another ticker, so that about as many are listed on every day.
/// </summary>
internal static class Population
{
    private const int Settled = 48;
    private static readonly DateOnly Founded = new(1990, 1, 1);

    // Shares of the types among 1,000 listings, and the exchanges they sit on.
    private static readonly (int UpTo, string Type, string[] Exchanges)[] Mix =
    [
        (430, "CS", ["XNAS", "XNAS", "XNYS", "XNAS", "XNYS", "XASE"]), (770, "ETF", ["ARCX", "ARCX", "XNAS", "BATS"]), (805, "ADRC", ["XNYS", "XNAS"]),
        (845, "PFD", ["XNYS"]), (890, "WARRANT", ["XNAS", "XNAS", "XNYS"]), (915, "UNIT", ["XNAS", "XNYS"]), (925, "RIGHT", ["XNAS"]),
        (960, "FUND", ["XNYS"]), (975, "ETN", ["ARCX"]), (1_000, "SP", ["XNYS"]),
    ];

    /// <returns>Every security that ever was or will be, the places in order, each place oldest first.</returns>
    internal static List<Security> Of(ulong seed, int places, DateOnly first, DateOnly last)
    {
        var tickers = new Tickers(KnownTickers.All.Select(known => known.Ticker));
        var all = new List<Security>(places * 3);
        var retired = new Queue<Security>();
        for (var place = 0; place < places; place++)
        {
            var random = new RandomStream(Hash.Of(seed, (ulong)place));
            if (place < KnownTickers.All.Length)
            {
                all.Add(Known(KnownTickers.All[place], ref random));
                continue;
            }
            var changes = place >= Settled && random.Below(5) == 0;
            var listed = Founded.AddDays(random.Below(first.DayNumber - Founded.DayNumber + 1));
            Security? former = null;
            while (true)
            {
                DateOnly? end = changes ? Later(listed, first).AddDays(200 + random.Below(1_500)) : null;
                if (end > last) end = null;
                var security = former is null ? Fresh(ref random, tickers, listed, end, retired) : Renamed(former, tickers, listed, end);
                all.Add(security);
                if (end is not { } delisted) break;
                former = random.Below(7) == 0 ? security : null;
                listed = former is null ? delisted.AddDays(random.Below(20)) : delisted;
                if (former is null && security.Ticker.Length <= 4) retired.Enqueue(security);
            }
        }
        return all;
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static Security Known(KnownTicker known, ref RandomStream random) => new()
    {
        Key = random.Next(),
        Ticker = known.Ticker,
        Name = known.Name,
        Type = known.Type,
        Exchange = known.Exchange,
        Industry = known.Industry,
        Listed = Founded,
        BasePrice = known.Price,
        Volatility = known.Type == "CS" ? .02 : .011,
        Intensity = known.Intensity ?? 1,
        TradeSize = known.Price > 10_000 ? 400_000 : known.Price > 100 ? 15_000 : 6_000,
    };

    private static Security Fresh(ref RandomStream random, Tickers tickers, DateOnly listed, DateOnly? end, Queue<Security> retired)
    {
        var key = random.Next();
        var draw = random.Below(1_000);
        var (_, type, exchanges) = Mix.First(kind => draw < kind.UpTo);
        var exchange = exchanges[random.Below(exchanges.Length)];
        // Now and then a ticker comes back with another company.
        var reused = listed > Founded && random.Below(12) == 0 && retired.TryPeek(out var oldest) && oldest.Delisted!.Value.AddDays(365) < listed
            ? retired.Dequeue()
            : null;
        var size = random.Unit();
        return new Security
        {
            Key = key,
            Ticker = reused?.Ticker ?? tickers.Next(type, exchange),
            Name = CompanyNames.Of(key, type),
            Type = type,
            Exchange = exchange,
            Industry = type is "CS" or "ADRC" ? Industries.All[random.Below(Industries.All.Length)] : type == "UNIT" ? Industries.BlankChecks : null,
            Listed = listed,
            Delisted = end,
            FormerHolder = reused,
            BasePrice = Price(type, random.Unit()),
            Volatility = type switch { "CS" or "ADRC" => .016 + (.024 * (1 - size)), "WARRANT" or "RIGHT" => .06, "UNIT" or "SP" or "PFD" => .006, _ => .011 },
            Intensity = Intensity(type, size),
            TradeSize = 500 + (5_500 * size * random.Unit()),
        };
    }

    private static Security Renamed(Security former, Tickers tickers, DateOnly listed, DateOnly? end) => new()
    {
        Key = former.Key,
        Ticker = tickers.Next(former.Type, former.Exchange),
        Name = former.Name,
        Type = former.Type,
        Exchange = former.Exchange,
        Industry = former.Industry,
        Listed = listed,
        Delisted = end,
        FormerTicker = former,
        BasePrice = former.BasePrice,
        Volatility = former.Volatility,
        Intensity = former.Intensity,
        TradeSize = former.TradeSize,
    };

    private static double Price(string type, double u) => type switch
    {
        "WARRANT" or "RIGHT" => .05 + (1.5 * u * u),
        "UNIT" or "SP" or "PFD" => 10 + (15 * u),
        _ => Math.Exp(.6 + (4.6 * u)),
    };

    // Trades a minute: from a handful a day to hundreds a minute. Calibrated so that a full-size regular day has about
    // 1.8 million minute bars in 584,000 five-minute slots over 11,500 symbols.
    private static double Intensity(string type, double u)
    {
        var scale = type switch { "CS" => 1.0, "ADRC" => .8, "ETF" or "ETN" => .5, "FUND" => .6, _ => .03 };
        return scale * (.013 + Math.Exp(-4.6 + (9.9 * u * u)));
    }
}
