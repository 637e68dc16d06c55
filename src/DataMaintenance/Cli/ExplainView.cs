using System.Globalization;
using DataMaintenance.Api;
using Spectre.Console;

namespace DataMaintenance.Cli;

/// <summary>An explanation as people read it: from the inputs to the values, with a chart of each.</summary>
internal static class ExplainView
{
    private const int ChartWidth = 60, RevisionsShown = 20;

    public static void Write(ExplainAnswer why)
    {
        Say($"{why.Symbol} as of {why.Date:yyyy-MM-dd}, adjusted for every split executed up to {why.AdjustedTo:yyyy-MM-dd}");
        Metadata(why.Metadata);
        foreach (var split in why.Splits) Say($"split on {split.ExecutionDate:yyyy-MM-dd}: {split.SplitFrom} for {split.SplitTo}, prices before it times {split.PriceFactor:0.######}");
        if (why.Splits.Count == 0) Say("no split adjusts it");
        if (why.Boundary is { } taken) Say($"{why.Symbol} is this security's since {taken.FirstDate:yyyy-MM-dd}, what is older is no input: {taken.Evidence}");
        Atr(why.Atr);
        Say($"\nAverage volume over 5, 10, 30 bars: {Shares(why.AvgVolume.Days5)}, {Shares(why.AvgVolume.Days10)}, {Shares(why.AvgVolume.Days30)} shares");
        Say($"  fingerprint of the inputs {why.AvgVolume.Fingerprint}");
        Rvol(why.Rvol);
        if (why.Revisions.Count > 0) Say($"\nRevised by the provider since: {why.Revisions.Count} figures, newest first");
        foreach (var r in why.Revisions.Take(RevisionsShown))
            Say(string.Create(CultureInfo.InvariantCulture, $"  {r.Date:yyyy-MM-dd} {r.Dataset} {(r.SlotNumber is { } slot ? $"slot {slot} " : "")}{r.Field} {r.OldValue?.ToString("R", CultureInfo.InvariantCulture) ?? "none"} → {r.NewValue?.ToString("R", CultureInfo.InvariantCulture) ?? "none"}, noticed {r.NoticedAt:u} in run {r.RunId}"));
        Inputs(why.Inputs);
    }

    private static void Inputs(IReadOnlyList<InputsAnswer> inputs)
    {
        Say("\nInputs of this symbol alone");
        foreach (var i in inputs.Where(i => i.Fingerprint is not null))
        {
            Say($"  {i.Family,-10} {i.Fingerprint}  {Published(i)}");
            Say($"  {"",-10} {i.Sessions.Count} sessions from {i.Sessions[0]:yyyy-MM-dd} to {i.Sessions[^1]:yyyy-MM-dd}, {i.Splits.Count} splits");
            Say($"  {"",-10} {i.Options}, version {i.Formula} of the formula");
        }
    }

    private static string Published(InputsAnswer i) => i.Stale switch
    {
        true => i.PublishedFingerprint is null ? "not published" : $"the published value came from others ({i.PublishedFingerprint})",
        false => "published from these",
        null => "nothing of this session is published",
    };

    private static void Metadata(MetadataShape? m)
    {
        if (m is null) Say("no metadata known");
        else Say($"{m.Name ?? "no name"}, {m.Type ?? "no type"}, {m.Exchange ?? "no exchange"}, {m.Sector ?? "no sector"}; market cap {(m.MarketCap is { } cap ? $"{cap:#,0}" : "unknown")} USD; details of {(m.UpdatedAt is { } at ? $"{at:u}" : "never")}");
    }

    private static void Atr(AtrAnswer atr)
    {
        Say($"\nATR {(atr.Atr is { } value ? $"{value:0.######} USD, {atr.AtrPercent:0.####} % of the last close" : $"none: {atr.Bars.Count} bars, {atr.BarsNeeded} needed")}   ({atr.Smoothing} of {atr.Period} true ranges)");
        Say($"  fingerprint of the inputs {atr.Fingerprint}");
        if (atr.Bars.Count == 0) return;
        var shown = atr.Bars.Where(b => b.InAtr).DefaultIfEmpty(atr.Bars[^1]).TakeLast(20).ToArray();
        Origins("bars", shown.Select(b => (b.Source, b.AsOf, b.Final)));
        var split = shown.Any(b => b.PriceFactor != 1);
        // Of the oldest bar only the close goes in, as the first previous close.
        var oldest = atr.Bars.FirstOrDefault(b => b.InAtr)?.Date;
        var table = Plain().AddColumns(Left("date"), Right("high"), Right("low"), Right("close"), Right("true range"), Right("volume"));
        if (split) table.AddColumn(Right("factor"));
        foreach (var b in shown)
            table.AddRow(Cells([$"{b.Date:yyyy-MM-dd}", Price(b.High), Price(b.Low), Price(b.Close), b.Date == oldest ? "its close" : b.TrueRange is { } range ? Price(range) : "", $"{b.Volume:#,0}", .. Factor(split, b.PriceFactor)]));
        AnsiConsole.Write(table);
        Chart("true range, USD", shown.Where(b => b.TrueRange is not null && b.Date != oldest).Select(b => ($"{b.Date:MM-dd}", b.TrueRange!.Value)), Color.SteelBlue1, "0.00##");
    }

    private static void Rvol(RvolAnswer rvol)
    {
        Say($"\nRVOL baseline: mean of {rvol.Sessions.Count} sessions ({rvol.SessionsWanted} wanted, of the last {rvol.LookbackSessions}), {rvol.Grid} grid from {rvol.FirstSlot:HH:mm} New York");
        Say($"  fingerprint of the inputs {rvol.Fingerprint}");
        if (rvol.Baseline is not { } baseline) return;
        Origins("sessions", rvol.Sessions.Select(s => (s.Source, s.AsOf, s.Final)));
        var split = rvol.Sessions.Any(s => s.VolumeFactor != 1);
        var table = Plain().AddColumns(Left("session"), Right("slots with a trade"), Right("volume"));
        if (split) table.AddColumn(Right("factor"));
        foreach (var s in rvol.Sessions) table.AddRow(Cells([$"{s.Date:yyyy-MM-dd}", $"{s.Slots}", $"{s.Volume:#,0}", .. Factor(split, s.VolumeFactor)]));
        AnsiConsole.Write(table);
        const int SlotsAnHour = 12;
        Chart("cumulative volume, shares", Enumerable.Range(0, baseline.Count).Where(i => i % SlotsAnHour == SlotsAnHour - 1 || i == baseline.Count - 1)
            .Select(i => ($"{rvol.FirstSlot.AddMinutes((i + 1) * 5):HH:mm}", baseline[i])), Color.SeaGreen2, "#,0");
    }

    private static void Chart(string title, IEnumerable<(string Label, double Value)> points, Color color, string format)
    {
        // The library writes a value into its bar's width; beside the label it leaves the bars to scale.
        var chart = new BarChart().Width(ChartWidth).Label(title).LeftAlignLabel().HideValues();
        var shown = points.Select(p => (p.Label, Text: p.Value.ToString(format, CultureInfo.InvariantCulture), p.Value)).ToArray();
        var width = shown.Length == 0 ? 0 : shown.Max(s => s.Text.Length);
        foreach (var (label, text, value) in shown) chart.AddItem($"{label}  {text.PadLeft(width)}", value, color);
        if (chart.Data.Count > 0) AnsiConsole.Write(chart);
    }

    private static Table Plain() => new Table().Border(Console.IsOutputRedirected ? TableBorder.None : TableBorder.Simple);
    private static TableColumn Left(string name) => new TableColumn(name).NoWrap();
    private static TableColumn Right(string name) => new TableColumn(name).RightAligned().NoWrap();
    private static string Price(double usd) => usd.ToString("0.00##", CultureInfo.InvariantCulture);
    private static string[] Factor(bool shown, double factor) => shown ? [factor.ToString("0.######", CultureInfo.InvariantCulture)] : [];
    private static Text[] Cells(string[] texts) => Array.ConvertAll(texts, t => new Text(t));
    private static string Shares(double? mean) => mean is { } shares ? shares.ToString("#,0.##", CultureInfo.InvariantCulture) : "none";

    /// <summary>Where inputs came from and when: a line a source.</summary>
    private static void Origins(string what, IEnumerable<(string? Source, DateTimeOffset? AsOf, bool? Final)> inputs)
    {
        foreach (var of in inputs.GroupBy(i => (i.Source, Final: i.Final == true)))
        {
            var times = of.Select(i => i.AsOf).OfType<DateTimeOffset>().Order().ToArray();
            Say($"  {of.Count()} {what} from {of.Key.Source ?? "a source not known"}{(times.Length == 0 ? "" : times[0] == times[^1] ? $", fetched {times[0]:u}" : $", fetched {times[0]:u} to {times[^1]:u}")}{(of.Key.Final ? "" : ", provisional")}");
        }
    }

    private static void Say(string line) => Console.Out.WriteLine(line);
}
