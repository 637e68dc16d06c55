using System.Globalization;

namespace CorruptionBench;

/// <summary>A line of a flat file, every field as its text: a corruption may write anything into it.</summary>
internal sealed class Row
{
    public required string Ticker { get; set; }
    public required string Volume { get; set; }
    public required string Open { get; set; }
    public required string Close { get; set; }
    public required string High { get; set; }
    public required string Low { get; set; }
    /// <summary>Start of the window, nanoseconds UTC.</summary>
    public required string Start { get; set; }
    public required string Trades { get; set; }

    /// <exception cref="FormatException">Not eight fields.</exception>
    public static Row Parse(string line)
    {
        var f = line.Split(',');
        return f.Length == 8
            ? new() { Ticker = f[0], Volume = f[1], Open = f[2], Close = f[3], High = f[4], Low = f[5], Start = f[6], Trades = f[7] }
            : throw new FormatException($"expected a line of eight fields, got '{line}'");
    }

    public Row Copy() => (Row)MemberwiseClone();

    public override string ToString() => string.Join(',', Ticker, Volume, Open, Close, High, Low, Start, Trades);

    public static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>At most six decimals, as the files print.</summary>
    public static string Text(decimal number) => Math.Round(number, 6).ToString("0.######", CultureInfo.InvariantCulture);

    public Row Prices(Func<decimal, decimal> change)
    {
        (Open, Close, High, Low) = (Text(change(Number(Open))), Text(change(Number(Close))), Text(change(Number(High))), Text(change(Number(Low))));
        return this;
    }

    public Row Shares(Func<decimal, decimal> change)
    {
        Volume = Text(change(Number(Volume)));
        return this;
    }

    /// <param name="by">Nanoseconds.</param>
    public Row Move(long by)
    {
        Start = (long.Parse(Start, CultureInfo.InvariantCulture) + by).ToString(CultureInfo.InvariantCulture);
        return this;
    }

    /// <summary>Everything but the ticker and the time, from another row.</summary>
    public Row Take(Row other)
    {
        (Volume, Open, Close, High, Low, Trades) = (other.Volume, other.Open, other.Close, other.High, other.Low, other.Trades);
        return this;
    }
}
