using System.Globalization;
using CsvHelper;
using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>A small CSV file beside the flat ones, with a header; columns are found by name, in any order, and unknown ones are ignored.</summary>
internal sealed class ReferenceFile : IDisposable
{
    private readonly string shown;
    private readonly CsvReader csv;
    private readonly Dictionary<string, int> columns;

    /// <exception cref="ProviderException">The file cannot be read, or lacks a required column.</exception>
    public ReferenceFile(string path, params ReadOnlySpan<string> required)
    {
        shown = Path.GetFileName(path);
        try
        {
            csv = CsvReader.Create(File.OpenRead(path), new CsvReaderOptions
            {
                HasHeader = true,
                Separator = ',',
                TrackLineNumbers = true,
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Throw,
            }, false);
            columns = csv.Headers.Select(static (name, at) => (name, at)).ToDictionary(static column => column.name, static column => column.at, StringComparer.Ordinal);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CsvFormatException or ArgumentException)
        {
            csv?.Dispose();
            throw new ProviderException(ProviderFault.Nonsense, shown, $"cannot be read: {Rejections.Printable(broken.Message, 200)}", broken);
        }
        foreach (var name in required)
        {
            if (columns.ContainsKey(name)) continue;
            csv.Dispose();
            throw new ProviderException(ProviderFault.Nonsense, shown,
                $"expected the columns {string.Join(',', required.ToArray())}, got '{Rejections.Printable(string.Join(',', columns.Keys), 200)}'.");
        }
    }

    /// <exception cref="ProviderException">The row is torn.</exception>
    public bool Read()
    {
        try
        {
            return csv.Read();
        }
        catch (Exception torn) when (torn is CsvFormatException or IOException)
        {
            throw new ProviderException(ProviderFault.Nonsense, shown, $"a row is torn: {Rejections.Printable(torn.Message, 200)}", torn);
        }
    }

    /// <summary>Null for an absent column and for an empty field.</summary>
    public string? Find(string column) => columns.TryGetValue(column, out var at) && csv.GetString(at) is { Length: > 0 } text ? text : null;

    public Symbol Symbol() => Find("symbol") is { } text && Market.Symbol.IsValid(text) ? new Symbol(text) : throw Wrong("symbol", "a symbol");

    public DateOnly? FindDate(string column) => Find(column) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw Wrong(column, "a date such as 2025-01-02");

    /// <summary>A finite number of at least 0.</summary>
    public double? FindNumber(string column) => Find(column) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && double.IsFinite(number) ? number
        : throw Wrong(column, "a number of at least 0");

    public ProviderException Wrong(string column, string expected) => new(ProviderFault.Nonsense, shown,
        string.Create(CultureInfo.InvariantCulture, $"line {csv.LineNumber}, {column}: expected {expected}, got '{Rejections.Printable(Find(column) ?? "")}'."));

    public void Dispose() => csv.Dispose();
}
