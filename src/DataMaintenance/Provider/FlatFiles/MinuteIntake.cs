using System.Globalization;
using System.Numerics;
using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// Takes the minutes of one session, symbol by symbol, and makes slots of each run of rows. Of two different rows of one minute the
/// one with more trades is kept (the first, when equal). A symbol that appears again later in the file is joined to its first run;
/// a minute that both hold is then the first run's.
/// </summary>
internal sealed class MinuteIntake(FlatFile file, SlotGrid grid, SymbolPool symbols)
{
    private const int MinutesPerDay = 24 * 60;
    private const int Words = (MinutesPerDay + 63) / 64;
    private const long MinuteMs = 60_000;
    private const int MostTrades = 100_000_000;

    /// <summary>Of half days, New York; a session with another close is not looked at minute by minute.</summary>
    private static readonly TimeOnly EarlyClose = new(13, 0);

    private readonly NewYorkDay day = new(file.Date);
    private readonly SlotBuilder builder = new(grid);
    private readonly short[] slotOfMinute = SlotsOfMinutes(grid);
    private readonly Minute[] minutes = new Minute[MinutesPerDay];
    private readonly ulong[] inRun = new ulong[Words];
    private readonly List<Run> runs = new(13_000);
    private readonly Dictionary<Symbol, Run> known = new(13_000);
    private readonly Rejections nameless = new();
    private readonly MinuteTally[] tallies = [new(TradingCalendar.RegularClose), new(EarlyClose)];
    private byte[] ticker = [];
    private Run? run;
    private long rows, ofOtherDays;
    private NewYorkDay otherDay;
    private bool severalOtherDays;

    public void Add(FlatFileReader row)
    {
        rows++;
        if (!row.Ticker.SequenceEqual(ticker)) Begin(row.Ticker);
        if (run is null)
        {
            nameless.Add(Rejections.Printable(ticker), "slot.symbol", At(row, Rejections.Printable(ticker)), $"1 to {Symbol.MaxLength} printable ASCII characters");
            return;
        }
        var t = FlatFileTime.Milliseconds(row.WindowStart);
        var minute = day.MinuteOf(t);
        if (minute < 0) RejectDay(row, t);
        else if (!Plausible.Prices(row.Open, row.High, row.Low, row.Close))
            Reject("slot.price", At(row, Text($"open {row.Open}, high {row.High}, low {row.Low}, close {row.Close}")), Plausible.PriceText);
        else if (!Plausible.Volume(row.Volume)) Reject("slot.volume", At(row, Text($"volume {row.Volume}")), Plausible.VolumeText);
        else if (row.Transactions is < 0 or > MostTrades) Reject("slot.trades", At(row, Text($"trades {row.Transactions}")), Plausible.TradesText);
        else if (t % MinuteMs != 0) Reject("slot.misaligned", At(row, Stamp.Text(t)), "a start on a full minute");
        else if (slotOfMinute[minute] == OutsideDay) Reject("slot.outside_grid", At(row, Stamp.Text(t)), "04:00 to 20:00 New York");
        else Keep(row, minute, new Minute(row.Open, row.High, row.Low, row.Close, row.Volume, row.Transactions));
    }

    /// <exception cref="ProviderException">Every row is of one other day.</exception>
    public MinuteDay ToDay()
    {
        EndRun();
        if (rows > 0 && ofOtherDays == rows && !severalOtherDays)
        {
            throw new ProviderException(ProviderFault.Nonsense, file.Shown,
                Text($"all {rows} rows are of {otherDay.Date:yyyy-MM-dd}, expected {file.Date:yyyy-MM-dd}; nothing of it was taken."));
        }
        var result = new SymbolSlots[runs.Count];
        for (var i = 0; i < result.Length; i++) result[i] = new SymbolSlots(runs[i].Symbol, runs[i].Slots, runs[i].Rejections?.ToRows() ?? []);
        return new MinuteDay(file.Date, result, nameless.ToRows(), tallies);
    }

    private void Begin(ReadOnlySpan<byte> text)
    {
        EndRun();
        ticker = text.ToArray();
        run = null;
        if (!symbols.TryGet(text, out var symbol)) return;
        if (known.TryGetValue(symbol, out run)) return;
        run = new Run(symbol);
        known.Add(symbol, run);
        runs.Add(run);
    }

    private void Keep(FlatFileReader row, int minute, in Minute bar)
    {
        var (word, bit) = (minute >> 6, 1UL << (minute & 63));
        if (run!.Seen is { } seen && (seen[word] & bit) != 0)
        {
            RejectDuplicate(row, minute, bar, "one row per minute; kept the one of the symbol's first rows");
            return;
        }
        if ((inRun[word] & bit) == 0)
        {
            inRun[word] |= bit;
            minutes[minute] = bar;
            return;
        }
        var other = minutes[minute];
        if (other == bar) return;
        var (kept, refused) = bar.Trades > other.Trades ? (bar, other) : (other, bar);
        minutes[minute] = kept;
        RejectDuplicate(row, minute, refused, Text($"one row per minute; kept volume {kept.Volume}"));
    }

    private void RejectDuplicate(FlatFileReader row, int minute, in Minute refused, string expectation) =>
        Reject("slot.duplicate", At(row, Text($"minute {minute / 60:00}:{minute % 60:00}, volume {refused.Volume}")), expectation);

    private void EndRun()
    {
        if (run is null) return;
        for (var word = 0; word < Words; word++)
        {
            for (var left = inRun[word]; left != 0; left &= left - 1)
            {
                var minute = (word << 6) + BitOperations.TrailingZeroCount(left);
                ref readonly var bar = ref minutes[minute];
                if (slotOfMinute[minute] is >= 0 and var slot) builder.Add(slot, bar.Volume, bar.Close, bar.Trades);
            }
        }
        foreach (var tally in tallies) tally.Add(inRun);
        run.Take(builder.Build(), inRun);
        Array.Clear(inRun);
    }

    private void RejectDay(FlatFileReader row, long t)
    {
        if (ofOtherDays++ == 0)
        {
            if (Stamp.DateOf(t) is { } date) otherDay = new NewYorkDay(date);
            else severalOtherDays = true;
        }
        else if (!severalOtherDays) severalOtherDays = otherDay.MinuteOf(t) < 0;
        Reject("slot.wrong_day", At(row, Stamp.Text(t)), Text($"{file.Date:yyyy-MM-dd}"));
    }

    private void Reject(string rule, string value, string expectation) =>
        (run!.Rejections ??= new Rejections()).Add(run.Symbol.Text, rule, value, expectation);

    private static string At(FlatFileReader row, string value) => string.Create(CultureInfo.InvariantCulture, $"line {row.Line}: {value}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private const short NotWanted = -1, OutsideDay = -2;

    private static short[] SlotsOfMinutes(SlotGrid grid)
    {
        var slots = new short[MinutesPerDay];
        for (var minute = 0; minute < MinutesPerDay; minute++)
        {
            var time = TimeOnly.MinValue.AddMinutes(minute);
            slots[minute] = grid.SlotOf(time) is >= 0 and var slot ? (short)slot : SlotGrid.Extended.SlotOf(time) >= 0 ? NotWanted : OutsideDay;
        }
        return slots;
    }

    private readonly record struct Minute(double Open, double High, double Low, double Close, double Volume, long Trades);
}
