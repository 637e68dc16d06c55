namespace DataMaintenance.Provider.FlatFiles;

/// <summary>The minutes of one session from its file, gathered into slots. Nothing is handed over of a file that is not whole.</summary>
internal static class MinuteFile
{
    public static async Task<MinuteDay> ReadAsync(FlatFile file, Market.SlotGrid grid, SymbolPool symbols, CancellationToken ct)
    {
        await using var rows = new FlatFileReader(file);
        var intake = new MinuteIntake(file, grid, symbols);
        while (await rows.FillAsync(ct))
        {
            while (rows.Read()) intake.Add(rows);
        }
        return intake.ToDay();
    }
}
