namespace Simulator.World;

/// <summary>A ticker the world spells out. Intensity: trades a minute; null leaves it to chance.</summary>
internal sealed record KnownTicker(string Ticker, string Name, string Type, string Exchange, double Price, double? Intensity, Industry? Industry);

/// <summary>The names everyone looks for first, then every spelling that has broken a program: in this order, so a small world has them too.</summary>
internal static class KnownTickers
{
    private static readonly KnownTicker[] Famous =
    [
        new("AAPL", "Apple Inc.", "CS", "XNAS", 225, 1400, Industries.Computers),
        new("MSFT", "Microsoft Corporation", "CS", "XNAS", 430, 1100, Industries.Software),
        new("NVDA", "NVIDIA Corporation", "CS", "XNAS", 140, 3600, Industries.Semiconductors),
        new("TSLA", "Tesla, Inc.", "CS", "XNAS", 310, 3000, Industries.Vehicles),
        new("SPY", "SPDR S&P 500 ETF Trust", "ETF", "ARCX", 590, 1900, null),
        new("QQQ", "Invesco QQQ Trust, Series 1", "ETF", "XNAS", 505, 1500, null),
        new("AMZN", "Amazon.com, Inc.", "CS", "XNAS", 205, 1200, Industries.Retail),
        new("META", "Meta Platforms, Inc. Class A Common Stock", "CS", "XNAS", 590, 700, Industries.Internet),
        new("GOOGL", "Alphabet Inc. Class A", "CS", "XNAS", 178, 900, Industries.Internet),
        new("GOOG", "Alphabet Inc. Class C", "CS", "XNAS", 180, 600, Industries.Internet),
        new("AMD", "Advanced Micro Devices, Inc.", "CS", "XNAS", 145, 1300, Industries.Semiconductors),
        new("INTC", "Intel Corporation", "CS", "XNAS", 24, 800, Industries.Semiconductors),
        new("IWM", "iShares Russell 2000 ETF", "ETF", "ARCX", 225, 700, null),
        new("BAC", "Bank of America Corporation", "CS", "XNYS", 44, 500, Industries.Banks),
        new("JPM", "JPMorgan Chase & Co.", "CS", "XNYS", 240, 350, Industries.Banks),
        new("XOM", "Exxon Mobil Corporation", "CS", "XNYS", 118, 400, Industries.Oil),
        new("PFE", "Pfizer Inc.", "CS", "XNYS", 26, 450, Industries.Drugs),
        new("BABA", "Alibaba Group Holding Limited American Depositary Shares", "ADRC", "XNYS", 90, 400, Industries.Retail),
        new("TQQQ", "ProShares UltraPro QQQ", "ETF", "XNAS", 75, 700, null),
        new("PLTR", "Palantir Technologies Inc. Class A", "CS", "XNAS", 62, 1500, Industries.Software),
    ];

    private static readonly KnownTicker[] Spellings =
    [
        new("BRK.A", "Berkshire Hathaway Inc. Class A", "CS", "XNYS", 690_000, 12, Industries.Insurance),
        new("BRK.B", "Berkshire Hathaway Inc. Class B", "CS", "XNYS", 460, 150, Industries.Insurance),
        new("BACpL", "Bank of America Corporation 7.25% Preferred Series L", "PFD", "XNYS", 1_220, .1, null),
        new("BCPC", "Balchem Corporation", "CS", "XNAS", 170, 2.5, Industries.Drugs),
        new("BCpC", "Brunswick Corporation 6.375% Notes due 2049", "PFD", "XNYS", 24, .05, null),
        new("NA", "Nano Labs Ltd", "CS", "XNAS", 7.4, 1.1, Industries.Semiconductors),
        new("TRUE", "TrueCar, Inc.", "CS", "XNAS", 3.9, 1.6, Industries.Internet),
        new("NAN", "Nuveen New York Quality Municipal Income Fund", "FUND", "XNYS", 11.4, .2, null),
        new("NULL", "Null Horizon Income ETF", "ETF", "ARCX", 25.3, .04, null),
        new("INF", "Brookfield Global Listed Infrastructure Income Fund", "FUND", "XNYS", 13.1, .2, null),
        new("ON", "ON Semiconductor Corporation", "CS", "XNAS", 67, 120, Industries.Semiconductors),
        new("E", "Eni S.p.A. American Depositary Shares", "ADRC", "XNYS", 29, 2, Industries.Oil),
        new("F", "Ford Motor Company", "CS", "XNYS", 11, 600, Industries.Vehicles),
        new("OXY.WS", "Occidental Petroleum Corporation Warrants", "WARRANT", "XNYS", 29, .3, null),
        new("AHACW", "Alpha Healthcare Acquisition Corp. Warrants", "WARRANT", "XNAS", .62, .02, null),
        new("AHACU", "Alpha Healthcare Acquisition Corp. Units", "UNIT", "XNAS", 10.4, .006, null),
        new("AACGR", "ATA Creativity Rights", "RIGHT", "XNAS", .18, .01, null),
        new("GSpD", "The Goldman Sachs Group, Inc. Preferred Series D", "PFD", "XNYS", 21, .12, null),
        new("TFINp", "Triumph Financial, Inc. 7.125% Preferred Series C", "PFD", "XNYS", 23, .03, null),
        new("MRTpA.CL", "Meridian Realty Trust Preferred Series A, called", "PFD", "XNYS", 25, .01, null),
        new("BF.B", "Brown-Forman Corporation Class B", "CS", "XNYS", 41, 9, Industries.All[32]),
        new("CIG.C", "Companhia Energética de Minas Gerais American Depositary Shares", "ADRC", "XNYS", 2.4, .03, Industries.All[13]),
        new("SKYU.U", "Skyward Acquisition Corp. Units", "UNIT", "XNYS", 10.1, .004, null),
        new("RACwA.WS.A", "Redwood Arc Corp. Warrants Series A", "WARRANT", "XNYS", .35, .003, null),
        new("ZVZZT", "NASDAQ Test Stock", "CS", "XNAS", 15, .02, null),
    ];

    internal static readonly KnownTicker[] All = [.. Famous, .. Spellings];
}
