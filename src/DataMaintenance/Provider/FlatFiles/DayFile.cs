using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>Daily bars of one session from its file; the file's name says which session.</summary>
internal static class DayFile
{
    public static async Task<DailyReply> ReadAsync(FlatFile file, SymbolPool symbols, string source, CancellationToken ct)
    {
        await using var rows = new FlatFileReader(file);
        var intake = new DailyIntake(file.Date, symbols, file.Shown);
        while (await rows.FillAsync(ct))
        {
            while (rows.Read())
            {
                intake.Add(rows.Ticker, FlatFileTime.Milliseconds(rows.WindowStart), rows.Open, rows.High, rows.Low, rows.Close, rows.Volume,
                    vwap: null, rows.Transactions);
            }
        }
        return intake.ToReply(source);
    }

    /// <summary>The symbols of a file of either set.</summary>
    public static async Task<IReadOnlySet<Symbol>> SymbolsAsync(FlatFile file, SymbolPool symbols, CancellationToken ct)
    {
        await using var rows = new FlatFileReader(file);
        var found = new HashSet<Symbol>();
        Symbol known = default;
        while (await rows.FillAsync(ct))
        {
            while (rows.Read())
            {
                if (symbols.TryGet(rows.Ticker, out var symbol) && symbol != known) found.Add(known = symbol);
            }
        }
        return found;
    }
}
