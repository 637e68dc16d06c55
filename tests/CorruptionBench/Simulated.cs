using System.Globalization;
using Market;
using Simulator;
using Simulator.Files;
using Simulator.World;

namespace CorruptionBench;

/// <summary>The simulated market: 31 sessions up to the one that is struck, on which seven splits take effect; two more in the weeks before.</summary>
internal static class Simulated
{
    public static readonly DateOnly Session = new(2026, 10, 15);

    private static readonly (string Ticker, int Back, double From, double To)[] Given =
    [
        ("MSFT", 0, 20, 21), ("AMZN", 0, 4, 5), ("META", 0, 2, 3), ("GOOGL", 0, 1, 2), ("INTC", 0, 1, 3), ("PLTR", 0, 1, 10), ("PFE", 0, 10, 1),
        ("JPM", 4, 1, 3), ("XOM", 8, 1, 2),
    ];

    private static IReadOnlyList<DateOnly> Sessions(int count) => TradingCalendar.Nyse.LastSessions(count, Session);

    private static Split[] Splits() => [.. Given.Select(g => new Split(new(g.Ticker), Sessions(g.Back + 1)[0], g.From, g.To))];

    /// <summary>As flat files in a folder.</summary>
    public static async Task<Ground> FilesAsync(string folder, int seed, int symbols, int nights, CancellationToken ct)
    {
        var market = new SimulatedMarket(seed, symbols, Splits());
        await new FlatFileWriter(market).WriteAsync(folder, Sessions(16 + nights), ct);
        return Of("simulated files", symbols, nights, new()
        {
            ["Provider:Kind"] = "Directory",
            ["Provider:Path"] = folder,
        }) with
        { Folder = folder };
    }

    /// <summary>As the REST API, through a proxy that damages replies.</summary>
    public static async Task<(Ground Ground, SimulatorHost Host, Proxy Proxy)> WireAsync(int seed, int symbols, int nights, CancellationToken ct)
    {
        var host = await SimulatorHost.StartAsync(new SimulatorOptions { Seed = seed, Symbols = symbols, Splits = Splits() }, TimeProvider.System, ct);
        var proxy = await Proxy.StartAsync(host.BaseUrl, ct);
        var ground = Of("simulated wire", symbols, nights, new()
        {
            ["Provider:Kind"] = "Simulator",
            ["Provider:BaseUrl"] = proxy.BaseUrl.ToString(),
            ["Provider:ApiKey"] = "bench",
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:DetailsPause"] = "00:00:00",
            ["Provider:RetryDelay"] = "00:00:00.001",
        });
        return (ground with { Moved = host.Clock.Set }, host, proxy);
    }

    // Bounds in proportion to those of a full market of 12,000.
    private static Ground Of(string name, int symbols, int nights, Dictionary<string, string?> settings)
    {
        var sessions = Sessions(16 + nights);
        settings["Checks:MinDailySymbols"] = (symbols * 10 / 12).ToString(CultureInfo.InvariantCulture);
        settings["Checks:MinSlotRows"] = (symbols * 500 / 12).ToString(CultureInfo.InvariantCulture);
        settings["Checks:MinAtrSymbols"] = (symbols * 9 / 12).ToString(CultureInfo.InvariantCulture);
        settings["Tasks:DailySessions"] = "16";
        return new(name, Session, sessions.Take(15).ToArray(), sessions.Skip(5).Take(10).ToArray(), sessions.Skip(15).SkipLast(1).ToArray(), settings);
    }
}
