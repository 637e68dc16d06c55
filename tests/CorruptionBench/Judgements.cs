namespace CorruptionBench;

internal enum Judged { Not, Right, False }

/// <summary>
/// What a person found who looked at the rows of alarms on clean data: lines of <c>judgements.csv</c>, <c>data,alarm,date,symbol,verdict,why</c>.
/// An empty date or symbol stands for all; an alarm may end in a star.
/// </summary>
internal sealed class Judgements
{
    private readonly List<string[]> lines;

    private Judgements(List<string[]> lines) => this.lines = lines;

    public static Judgements Read()
    {
        using var file = typeof(Judgements).Assembly.GetManifestResourceStream("judgements.csv")!;
        using var reader = new StreamReader(file);
        var lines = new List<string[]>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line) if (line.Length > 0) lines.Add(line.Split(',', 6));
        return new(lines);
    }

    public Judged Of(CleanAlarm alarm) => Line(alarm) switch { null => Judged.Not, { } line => line[4] == "right" ? Judged.Right : Judged.False };

    public string Why(CleanAlarm alarm) => Line(alarm) is { } line ? $"{line[4]}: {line[5]}" : "not judged";

    /// <param name="pattern">An alarm, or the beginning of some with a star behind it.</param>
    private static bool Matches(string pattern, string alarm) => pattern.EndsWith('*') ? alarm.StartsWith(pattern[..^1], StringComparison.Ordinal) : alarm == pattern;

    private string[]? Line(CleanAlarm alarm) => lines.Find(l =>
        (l[0] == alarm.Ground || alarm.Ground.StartsWith(l[0] + ", ", StringComparison.Ordinal)) && Matches(l[1], alarm.Alarm) && (l[2].Length == 0 || l[2] == $"{alarm.Date:yyyy-MM-dd}") && (l[3].Length == 0 || l[3] == alarm.Symbol));
}
