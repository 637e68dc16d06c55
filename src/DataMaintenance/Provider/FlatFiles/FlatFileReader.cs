using System.Globalization;
using System.Text;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// Reads the rows of a flat file, one after the other and without copying: <c>while (await FillAsync(ct)) while (Read()) …</c>.
/// Every fault of the file is an exception that names it, and the line.
/// </summary>
internal sealed class FlatFileReader : IAsyncDisposable
{
    public const string Header = "ticker,volume,open,close,high,low,window_start,transactions";

    private readonly FlatFile file;
    private readonly ReadAhead blocks;
    private ReadOnlyMemory<byte> block;
    private int position;
    private bool last, whole;
    private int lineStart, tickerStart, tickerLength;

    /// <exception cref="ProviderException">The file cannot be opened.</exception>
    public FlatFileReader(FlatFile file)
    {
        this.file = file;
        try
        {
            blocks = new ReadAhead(file);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFault.Unavailable, file.Shown, $"cannot be opened: {broken.GetType().Name}.", broken);
        }
    }

    /// <summary>The row's line in the file, from 1; the header is line 1.</summary>
    public int Line { get; private set; }
    public ReadOnlySpan<byte> Ticker => block.Span.Slice(tickerStart, tickerLength);
    public double Volume { get; private set; }
    public double Open { get; private set; }
    public double Close { get; private set; }
    public double High { get; private set; }
    public double Low { get; private set; }
    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long WindowStart { get; private set; }
    public long Transactions { get; private set; }

    /// <summary>Makes more rows readable; false at the end of the file.</summary>
    /// <exception cref="ProviderException">The packed data are corrupt, the header is another one, or a line has no end.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (whole) return false;
        if (last) throw Corrupt("it ends too early");
        var carried = block[position..];
        if (carried.Length > ReadAhead.Room) throw Torn(Line + 1, "a line longer than 4,096 bytes");
        try
        {
            (block, last) = await blocks.NextAsync(carried);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw Corrupt(broken.Message, broken);
        }
        position = 0;
        if (Line == 0) ReadHeader();
        return true;
    }

    /// <summary>Reads the next row of what <see cref="FillAsync"/> has brought; false when it is used up.</summary>
    /// <exception cref="ProviderException">The row is torn.</exception>
    public bool Read()
    {
        if (ReadUsual()) return true;
        if (!TryLine(out var line)) return false;
        Line++;
        var comma = line.IndexOf((byte)',');
        if (comma < 0) throw Torn(Line, "one field");
        (tickerStart, tickerLength) = (lineStart, comma);
        var rest = line[(comma + 1)..];
        if (AsciiNumber.TryField(ref rest, out var volume) && AsciiNumber.TryField(ref rest, out var open) && AsciiNumber.TryField(ref rest, out var close)
            && AsciiNumber.TryField(ref rest, out var high) && AsciiNumber.TryField(ref rest, out var low)
            && rest.IndexOf((byte)',') is var end and >= 0
            && AsciiNumber.TryWhole(rest[..end], out var window) && AsciiNumber.TryWhole(rest[(end + 1)..], out var transactions)
            && comma > 0 && line[0] != '"')
        {
            (Volume, Open, Close, High, Low, WindowStart, Transactions) = (volume, open, close, high, low, window, transactions);
            return true;
        }
        throw Torn(Line, $"'{Rejections.Printable(Encoding.Latin1.GetString(line), 100)}'");
    }

    /// <summary>Most rows are written alike and not the last of a block; of any other nothing is taken here.</summary>
    private bool ReadUsual()
    {
        var fields = new FieldReader(block.Span[position..]);
        if (!fields.TryText(out var ticker) || !fields.TryNumber(out var volume) || !fields.TryNumber(out var open) || !fields.TryNumber(out var close)
            || !fields.TryNumber(out var high) || !fields.TryNumber(out var low) || !fields.TryStamp(out var window) || !fields.TryLast(out var transactions)
            || block.Span[position] == '"') return false;
        (tickerStart, tickerLength) = (position, ticker);
        (Volume, Open, Close, High, Low, WindowStart, Transactions) = (volume, open, close, high, low, window, transactions);
        position += fields.Position;
        Line++;
        return true;
    }

    public ValueTask DisposeAsync() => blocks.DisposeAsync();

    private bool TryLine(out ReadOnlySpan<byte> line)
    {
        var rest = block.Span[position..];
        var end = rest.IndexOf((byte)'\n');
        line = default;
        if (end < 0) return false;
        lineStart = position;
        position += end + 1;
        line = rest[..end];
        if (position == block.Length && line.EndsWith(MarkedFile.Marker))
        {
            whole = true;
            line = line[..^MarkedFile.Marker.Length];
            if (line.IsEmpty) return false;
        }
        if (line.EndsWith((byte)'\r')) line = line[..^1];
        return true;
    }

    private void ReadHeader()
    {
        if (!TryLine(out var line) && !whole && last) throw Corrupt("it ends too early");
        Line = 1;
        var actual = Encoding.Latin1.GetString(line);
        if (actual != Header) throw WrongHeader(actual);
    }

    private ProviderException WrongHeader(string actual) =>
        new(ProviderFault.Nonsense, file.Shown, $"expected the header '{Header}', got '{Rejections.Printable(actual, 200)}'.");

    private ProviderException Corrupt(string why, Exception? inner = null) => new(ProviderFault.Nonsense, file.Shown,
        string.Create(CultureInfo.InvariantCulture, $"expected an intact file, but unpacking fails after line {Line}: {why}; nothing of it was taken."), inner);

    private ProviderException Torn(int line, string got) => new(ProviderFault.Nonsense, file.Shown,
        string.Create(CultureInfo.InvariantCulture, $"line {line}: expected {Header}, got {got}; nothing of the file was taken."));
}
