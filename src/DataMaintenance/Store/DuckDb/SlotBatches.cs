using System.Text;
using Apache.Arrow;
using Market;

namespace DataMaintenance.Store;

/// <summary>Turns batches of the columns symbol, slot_number, volume, volume_accumulated, trades_count, avg_price, sorted by the first two, into a session's slots by symbol.</summary>
internal sealed class SlotBatches(DateOnly date)
{
    private readonly List<Slot> slots = new(SlotGrid.Extended.Count);
    private readonly byte[] current = new byte[Symbol.MaxLength];
    private int length;

    /// <summary>Symbols that ended in the batch read last; overwritten by the next.</summary>
    public List<SlotDay> Days { get; } = [];

    public void Read(RecordBatch batch)
    {
        Days.Clear();
        var texts = (StringArray)batch.Column(0);
        var numbers = ((Int16Array)batch.Column(1)).Values;
        var volumes = ((DoubleArray)batch.Column(2)).Values;
        var accumulated = ((DoubleArray)batch.Column(3)).Values;
        var trades = (Int32Array)batch.Column(4);
        var prices = (DoubleArray)batch.Column(5);
        for (var i = 0; i < batch.Length; i++)
        {
            var text = texts.GetBytes(i);
            if (!text.SequenceEqual(current.AsSpan(0, length)))
            {
                End();
                text.CopyTo(current);
                length = text.Length;
            }

            slots.Add(new(numbers[i], volumes[i], accumulated[i], trades.GetValue(i), prices.GetValue(i)));
        }
    }

    /// <summary>Ends the last symbol of the session.</summary>
    public void Complete()
    {
        Days.Clear();
        End();
    }

    private void End()
    {
        if (slots.Count == 0) return;
        Days.Add(new(new Symbol(Encoding.ASCII.GetString(current, 0, length)), date, [.. slots]));
        slots.Clear();
    }
}
