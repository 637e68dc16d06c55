using Apache.Arrow;
using Market;

namespace DataMaintenance.Store;

/// <summary>Turns batches of the columns symbol, date, open, high, low, close, volume, vwap, trades_count into bars.</summary>
internal sealed class DailyBarBatches
{
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    private readonly SymbolTable symbols = new();

    /// <summary>Those of the batch read last; overwritten by the next.</summary>
    public List<DailyBar> Bars { get; } = [];

    public void Read(RecordBatch batch)
    {
        Bars.Clear();
        var texts = (StringArray)batch.Column(0);
        var days = ((Date32Array)batch.Column(1)).Values;
        var open = Doubles(batch, 2).Values;
        var high = Doubles(batch, 3).Values;
        var low = Doubles(batch, 4).Values;
        var close = Doubles(batch, 5).Values;
        var volume = Doubles(batch, 6).Values;
        var vwap = Doubles(batch, 7);
        var trades = (Int64Array)batch.Column(8);
        for (var i = 0; i < batch.Length; i++)
        {
            Bars.Add(new(
                symbols.Of(texts.GetBytes(i)), DateOnly.FromDayNumber(Epoch + days[i]), open[i], high[i], low[i], close[i], volume[i],
                vwap.GetValue(i), trades.GetValue(i)));
        }
    }

    private static DoubleArray Doubles(RecordBatch batch, int column) => (DoubleArray)batch.Column(column);
}
