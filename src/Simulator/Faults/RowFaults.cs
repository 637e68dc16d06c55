using Market;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.Faults;

/// <summary>Faults in the rows of an otherwise good reply.</summary>
internal static class RowFaults
{
    private const long DayMilliseconds = 86_400_000;
    private static readonly TimeOnly Published = new(11, 0), Settled = new(10, 0), HalfDayClose = new(13, 0), FullDayClose = new(16, 0);

    internal static void Apply(Call call, List<Row> rows)
    {
        foreach (var fault in call.Faults) Apply(fault, call.Route, call.Now, rows);
    }

    /// <summary>The rows of one ticker in a flat file, whose time has come.</summary>
    internal static void ApplyToFile(IReadOnlyList<Fault> faults, List<Row> rows)
    {
        foreach (var fault in faults)
        {
            if (fault.Kind == FaultKinds.Unsettled) Change(rows, row => Grown(row.Bar));
            else if (fault.Kind == FaultKinds.Reissued) Change(rows, row => Chosen(row, 4) ? Lessened(row.Bar) : row.Bar);
            else Apply(fault, "file", default, rows);
        }
    }

    private static void Apply(Fault fault, string route, Moment now, List<Row> rows)
    {
        switch (fault.Kind)
        {
            case FaultKinds.Late when route != "file":
                rows.RemoveAll(row => now.Instant < NextDay(row, Published));
                break;
            case FaultKinds.Unsettled when route is "grouped" or "prev":
                Change(rows, row => now.Instant >= NextDay(row, Settled) ? row.Bar : Grown(row.Bar));
                break;
            case FaultKinds.MissingDay:
                rows.RemoveAll(row => fault.Date is not { } date || DayOf(row) == date);
                break;
            case FaultKinds.HalfDay:
                rows.RemoveRange(0, rows.Count / 2);
                break;
            case FaultKinds.MissingRows:
                rows.RemoveAll(row => Chosen(row, 8));
                break;
            case FaultKinds.NoAfterHours:
                rows.RemoveAll(row => TradingCalendar.Nyse.IsHalfDay(DayOf(row)) && TimeOf(row) is var time && time >= HalfDayClose && time < FullDayClose);
                break;
            case FaultKinds.Duplicates:
                rows.AddRange(rows.Where(row => Chosen(row, 16)).ToList());
                if (route is "range" or "file") rows.Sort((a, b) => a.Bar.Start.CompareTo(b.Bar.Start));
                break;
            case FaultKinds.Unordered:
                rows.Sort((a, b) => Hash.Mix(Identity(a)).CompareTo(Hash.Mix(Identity(b))));
                break;
            case FaultKinds.DoubledVolume:
                Change(rows, row => row.Bar with { Volume = row.Bar.Volume * 2 });
                break;
            case FaultKinds.WrongDay:
                Change(rows, row => row.Bar with { Start = row.Bar.Start + DayMilliseconds });
                break;
            case FaultKinds.Corrupt when rows.Count > 0 && route == "grouped":
                rows.Insert(rows.Count / 2, Corrupt(rows[0]));
                break;
        }
    }

    // A ticker of control characters, as JSON escapes them, and a price of 1e11 USD.
    private static Row Corrupt(Row row) => new([.. "\\u0001\\u0000\\u0007\\ufffd"u8], row.Bar with { High = 100_000_000_000 * Bar.PriceScale, Close = 100_000_000_000 * Bar.PriceScale });

    private static Bar Grown(Bar bar)
    {
        var share = Hash.Unit(Hash.Mix((ulong)bar.Volume)) * .006;
        var more = (long)(bar.Volume * share);
        return bar with { Volume = bar.Volume + more - (more % Bar.VolumeScale), Trades = bar.Trades + (long)(bar.Trades * share) };
    }

    private static Bar Lessened(Bar bar)
    {
        var volume = bar.Volume - (bar.Volume / 4);
        return bar with { Volume = Math.Max(volume - (volume % Bar.VolumeScale), Bar.VolumeScale) };
    }

    private static void Change(List<Row> rows, Func<Row, Bar> change)
    {
        for (var i = 0; i < rows.Count; i++) rows[i] = rows[i] with { Bar = change(rows[i]) };
    }

    private static bool Chosen(Row row, ulong oneIn) => Hash.Mix(Identity(row) + 1) % oneIn == 0;

    private static ulong Identity(Row row) => (ulong)(row.Bar.Start + row.Bar.Open + row.Bar.Volume);

    private static DateOnly DayOf(Row row) => TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(row.Bar.Start));

    private static TimeOnly TimeOf(Row row) => TradingCalendar.NewYorkTime(DateTimeOffset.FromUnixTimeMilliseconds(row.Bar.Start));

    private static DateTimeOffset NextDay(Row row, TimeOnly time) => TradingCalendar.At(DayOf(row).AddDays(1), time);
}
