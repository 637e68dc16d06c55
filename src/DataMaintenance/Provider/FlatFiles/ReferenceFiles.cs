using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// What may lie beside the flat files. <c>splits.csv</c>: symbol,execution_date,split_from,split_to. <c>tickers.csv</c>: symbol, and as far
/// as known name,exchange,type,sic_code,sic_description,market_cap (USD),shares_outstanding,list_date (yyyy-MM-dd),description,cik.
/// </summary>
internal sealed class ReferenceFiles(ProviderOptions options)
{
    private readonly string root = options.Path!;
    private Copy? read;

    public IReadOnlyList<ListedSplit> Splits()
    {
        if (PathOf(options.SplitsPath, "splits.csv", "Provider:SplitsPath") is not { } path) return [];
        using var file = new ReferenceFile(path, "symbol", "execution_date", "split_from", "split_to");
        var splits = new List<ListedSplit>();
        while (file.Read())
        {
            splits.Add(new ListedSplit(new Split(
                file.Symbol(),
                file.FindDate("execution_date") ?? throw file.Wrong("execution_date", "a date such as 2025-01-02"),
                Factor(file, "split_from"),
                Factor(file, "split_to")), ProviderId: null));
        }
        return [.. splits.DistinctBy(static listed => listed.Split)];
    }

    /// <summary>By symbol; of several rows of one the last.</summary>
    public IReadOnlyDictionary<Symbol, TickerDetails> Tickers()
    {
        if (PathOf(options.TickersPath, "tickers.csv", "Provider:TickersPath") is not { } path) return new Dictionary<Symbol, TickerDetails>();
        var written = File.GetLastWriteTimeUtc(path);
        if (read is { } known && known.Path == path && known.Written == written) return known.Details;
        var details = ReadTickers(path);
        read = new Copy(path, written, details);
        return details;
    }

    private static Dictionary<Symbol, TickerDetails> ReadTickers(string path)
    {
        var details = new Dictionary<Symbol, TickerDetails>();
        using var file = new ReferenceFile(path, "symbol");
        while (file.Read())
        {
            var symbol = file.Symbol();
            details[symbol] = new TickerDetails(symbol)
            {
                Name = file.Find("name"),
                Exchange = file.Find("exchange"),
                Type = file.Find("type"),
                SicCode = file.Find("sic_code"),
                SicDescription = file.Find("sic_description"),
                MarketCap = file.FindNumber("market_cap"),
                SharesOutstanding = (long?)file.FindNumber("shares_outstanding"),
                ListDate = file.FindDate("list_date"),
                Description = file.Find("description"),
                Cik = file.Find("cik"),
            };
        }
        return details;
    }

    private static double Factor(ReferenceFile file, string column) =>
        file.FindNumber(column) is > 0 and var factor ? factor : throw file.Wrong(column, "a number above 0");

    private string? PathOf(string? configured, string byDefault, string setting)
    {
        if (string.IsNullOrEmpty(configured)) return Path.Combine(root, byDefault) is var path && File.Exists(path) ? path : null;
        return File.Exists(configured) ? configured
            : throw new ProviderException(ProviderFault.NotFound, Path.GetFileName(configured), $"no such file, but {setting} names it.");
    }

    /// <summary>The details as last read; replaced whole, so that it is safe from several threads.</summary>
    private sealed record Copy(string Path, DateTime Written, IReadOnlyDictionary<Symbol, TickerDetails> Details);
}
