using System.Text.Json.Nodes;
using DataMaintenance.Cli;
using DataMaintenance.Tests.House;
using static DataMaintenance.Tests.EndToEnd.SharedData;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>
/// Recorded bars through the executable: backfill from a directory of flat files, export, compare with the oracles. The many exports of the sets are the same
/// commands in this process, since starting them would take longer than all the rest.
/// </summary>
public class RealDataTests
{
    [Theory]
    [InlineData("pub-2025-01-min", "2025-01-02", "2025-01-30")]
    [InlineData("pub-2013-10-min", "2013-10-04", "2013-10-11")]
    [InlineData("pub-dst-spring-min", "2024-03-04", "2024-03-15")]
    [InlineData("pub-halfday-min", "2024-06-26", "2024-07-10")]
    [InlineData("pub-gap-min", "2023-10-06", "2023-10-27")]
    [InlineData("pub-split-aapl-min", "2014-06-05", "2014-06-09")]
    public async Task Slots_and_baselines_of_recorded_minutes_equal_the_oracles(string set, string from, string to)
    {
        Need();
        using var folder = new TemporaryFolder();
        await using var servers = await TestServers.StartAsync();
        var settings = Settings(folder, servers);
        await BackfillAsync(settings, from, to, "load_volume_slots");

        var slots = await ExportHereAsync(settings, folder, "slots", from, to);
        var held = slots.ToDictionary(r => (r["date"], r["symbol"], r["slot_number"]));
        var traded = Rows(Oracle("slots", $"{set}.csv.gz")).Where(r => Number(r["volume"]) > 0).ToArray();
        Assert.Equal(traded.Length, held.Count);
        foreach (var row in traded)
        {
            var mine = held[(row["date"], row["ticker"], row["slot"])];
            Assert.True(Close(Number(row["volume"]), Number(mine["volume"])) && Close(Number(row["cum_volume"]), Number(mine["volume_accumulated"])), $"{row["date"]} {row["ticker"]} {row["slot"]}");
        }

        var baselines = (await ExportHereAsync(settings, folder, "rvol", from, to)).ToDictionary(r => (r["date"], r["symbol"], r["slot_number"]), r => Number(r["avg_volume"]));
        var compared = 0;
        foreach (var row in Rows(Oracle("rvol_baseline", $"{set}.csv.gz")))
        {
            Assert.True(Close(Number(row["avg_cum_volume"]), baselines[(row["asof"], row["ticker"], row["slot"])]), $"{row["asof"]} {row["ticker"]} {row["slot"]}");
            compared++;
        }

        Assert.NotEqual(0, compared);
    }

    [Theory]
    [InlineData("pub-2025-01-day", "2024-11-01", "2025-01-31")]
    [InlineData("pub-2013-10-day", "2013-08-19", "2013-10-11")]
    [InlineData("pub-split-aapl-day", "2014-04-15", "2014-07-15")]
    [InlineData("pub-split-nvda-day", "2024-05-01", "2024-07-12")]
    [InlineData("pub-market-2016-day", "2016-05-16", "2016-06-30")]
    public async Task Atr_and_average_volumes_of_recorded_days_equal_the_oracles(string set, string from, string to)
    {
        Need();
        var oracle = File.Exists(Oracle("daily_indicators", $"{set}.csv")) ? Oracle("daily_indicators", $"{set}.csv") : Oracle("daily_indicators", $"{set}.csv.gz");
        using var folder = new TemporaryFolder();
        await using var servers = await TestServers.StartAsync();
        var settings = Settings(folder, servers);
        await BackfillAsync(settings, from, to, "load_ohlc");
        var atr = (await ExportHereAsync(settings, folder, "atr", from, to)).ToDictionary(r => (r["date"], r["symbol"]), r => r["atr"]);
        var averages = (await ExportHereAsync(settings, folder, "avg-volume", from, to)).ToDictionary(r => (r["date"], r["symbol"]));
        var wilder = (await ExportHereAsync(With(settings, "Atr__Smoothing", "Wilder"), folder, "atr", from, to)).ToDictionary(r => (r["date"], r["symbol"]), r => r["atr"]);

        var compared = 0;
        foreach (var row in Rows(oracle))
        {
            var key = (row["date"], row["ticker"]);
            Same(row["atr14_sma"], atr.GetValueOrDefault(key), $"atr {key}");
            Same(row["atr14_wilder"], wilder.GetValueOrDefault(key), $"wilder {key}");
            foreach (var days in new[] { "5", "10", "30" }) Same(row[$"avg_volume_{days}"], averages.GetValueOrDefault(key)?[$"avg_volume_{days}d"], $"{days} days {key}");
            compared++;
        }

        Assert.NotEqual(0, compared);
    }

    [Theory]
    [InlineData("AAPL-2014-06-09", "AAPL", "2014-04-15", "2014-07-15", "AAPL,2014-06-09,1,7")]
    [InlineData("NVDA-2024-06-10", "NVDA", "2024-05-01", "2024-07-12", "NVDA,2024-06-10,1,10")]
    public async Task A_split_adjusts_the_series_on_export_and_never_the_stored_bars(string oracle, string symbol, string from, string to, string split)
    {
        Need();
        using var folder = new TemporaryFolder();
        await using var servers = await TestServers.StartAsync();
        await File.WriteAllTextAsync(folder.File("splits.csv"), $"symbol,execution_date,split_from,split_to\n{split}\n", TestContext.Current.CancellationToken);
        var settings = With(Settings(folder, servers), "Provider__SplitsPath", folder.File("splits.csv"));
        await BackfillAsync(settings, from, to, "load_ohlc");
        var adjusted = (await ExportAsync(settings, folder, "daily", from, to)).Where(r => r["symbol"] == symbol).ToDictionary(r => r["date"]);
        var raw = (await ExportAsync(settings, folder, "daily", from, to, "--raw")).Where(r => r["symbol"] == symbol).ToDictionary(r => r["date"]);
        var atr = (await ExportAsync(settings, folder, "atr", from, to)).Where(r => r["symbol"] == symbol).ToDictionary(r => r["date"], r => r["atr"]);
        var rows = Rows(Oracle("splits", $"{oracle}.csv")).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            foreach (var field in new[] { "open", "high", "low", "close", "volume" })
            {
                Same(row[$"adj_{field}"], adjusted[row["date"]][field], $"{row["date"]} {field}");
                Same(row[field], raw[row["date"]][field], $"{row["date"]} raw {field}");
            }

            Same(row["adj_atr14_sma"], atr.GetValueOrDefault(row["date"]), $"{row["date"]} atr");
        }
    }

    private static void Same(string expected, string? actual, string what)
    {
        if (expected.Length == 0) Assert.True(string.IsNullOrEmpty(actual), $"{what}: expected none, got {actual}");
        else Assert.True(!string.IsNullOrEmpty(actual) && Close(Number(expected), Number(actual)), $"{what}: expected {expected}, got {actual}");
    }

    private static Dictionary<string, string> Settings(TemporaryFolder folder, TestServers servers) => new(servers.Settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value), StringComparer.Ordinal)
    {
        ["Provider__Kind"] = "Directory",
        ["Provider__Path"] = Path.Combine(Folder, "flatfiles"),
        ["Store__Path"] = folder.File("store"),
        ["Logs__Directory"] = folder.File("logs"),
        ["Checks__MinDailySymbols"] = "1",
        ["Checks__MinSlotRows"] = "1",
        ["Checks__MinAtrSymbols"] = "1",
        ["Checks__LearnedRatio"] = "0",
        ["Rvol__LookbackSessions"] = "60",
    };

    private static Dictionary<string, string> With(Dictionary<string, string> settings, string name, string value) => new(settings, StringComparer.Ordinal) { [name] = value };

    private static async Task BackfillAsync(Dictionary<string, string> settings, string from, string to, string tasks)
    {
        var outcome = await Executable.RunAsync(settings, "backfill", "--from", from, "--to", to, "--tasks", tasks);
        Assert.True(outcome.Exit == 0, outcome.ToString());
    }

    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExportHereAsync(Dictionary<string, string> settings, TemporaryFolder folder, string kind, string from, string to)
    {
        var (file, config) = (folder.File($"{kind}.csv"), folder.File("settings.json"));
        var sections = settings.GroupBy(s => s.Key.Split("__")[0], s => KeyValuePair.Create(s.Key.Split("__")[1], (JsonNode?)s.Value));
        await File.WriteAllTextAsync(config, new JsonObject(sections.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)new JsonObject(s)))).ToJsonString());
        Assert.Equal(0, await Commands.RunAsync(["export", kind, "--from", from, "--to", to, "--out", file, "--config", config], CliPage.All()));
        return [.. Rows(file)];
    }

    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExportAsync(Dictionary<string, string> settings, TemporaryFolder folder, string kind, string from, string to, params string[] more)
    {
        var file = folder.File($"{kind}.csv");
        var outcome = await Executable.RunAsync(settings, ["export", kind, "--from", from, "--to", to, "--out", file, .. more]);
        Assert.True(outcome.Exit == 0, outcome.ToString());
        return [.. Rows(file)];
    }
}
