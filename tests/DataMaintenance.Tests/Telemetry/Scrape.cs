using System.Globalization;
using System.Text.RegularExpressions;

namespace DataMaintenance.Tests.Telemetry;

/// <summary>What <c>GET /metrics</c> answered, as Prometheus reads it.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> samples = [];

    public Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var match = Sample().Match(line);
            Assert.True(match.Success, $"not a sample: {line}");
            samples.Add((match.Groups[1].Value, match.Groups[2].Value, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));
        }
    }

    public string Text { get; }

    public IReadOnlySet<string> Names => samples.Select(s => s.Name).ToHashSet();

    /// <summary>The sum of the samples whose labels hold every text given, as <c>task="load_ohlc"</c>.</summary>
    public double Sum(string name, params string[] labels)
    {
        var found = samples.Where(s => s.Name == name && labels.All(l => s.Labels.Contains(l, StringComparison.Ordinal))).ToArray();
        Assert.True(found.Length > 0, $"no {name}{{{string.Join(',', labels)}}} in:\n{Text}");
        return found.Sum(s => s.Value);
    }

    public static async Task<Scrape> OfAsync(Uri service)
    {
        using var http = new HttpClient();
        return new(await http.GetStringAsync(new Uri(service, "/metrics"), TestContext.Current.CancellationToken));
    }

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)(?: \d+)?$")]
    private static partial Regex Sample();
}
