using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Values;
using Market;
using Microsoft.Extensions.Logging.Abstractions;
using static DataMaintenance.Tests.EndToEnd.SharedData;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Recorded splits, loaded before, across and after the day in every order, listed in time or late: the series is the oracle's.</summary>
public sealed class SplitOrderTests : IDisposable
{
    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("AAPL", "2014-06-09", "2014-04-15", "2014-07-15", 7)]
    [InlineData("NVDA", "2024-06-10", "2024-05-01", "2024-07-12", 10)]
    public async Task The_series_does_not_depend_on_when_bars_and_split_came(string symbol, string day, string from, string to, int @new)
    {
        Need();
        var (execution, first, last) = (Day(day), Day(from), Day(to));
        (DateOnly From, DateOnly To)[] parts = [(first, execution.AddDays(-3)), (execution.AddDays(-6), execution.AddDays(6)), (execution, last)];
        string? published = null;
        foreach (var (order, listedFrom) in Orders.SelectMany(o => new[] { (o, 0), (o, 2) }))
        {
            var name = $"{symbol}-{string.Join("", order)}-{listedFrom}";
            await List();
            await using var wiring = await OpenAsync(name);
            for (var step = 0; step < order.Length; step++)
            {
                if (step == listedFrom) await List($"{symbol},{day},1,{@new}");
                await BackfillAsync(wiring, parts[order[step]]);
            }

            await EqualsOracleAsync(wiring, symbol, day, "adj_", name);
            // What others read is the oracle's too, and the same to the last digit whatever came first.
            var keys = await PublishedAsync(wiring, symbol);
            Assert.Equal(published ??= keys, keys);
            await ValuesEqualOracleAsync(wiring, symbol, day, "adj_", name);
        }
    }

    [Fact]
    public async Task A_withdrawn_split_is_taken_back_exactly_and_one_listed_again_applies_again()
    {
        Need();
        const string day = "2024-06-10";
        var all = (Day("2024-05-01"), Day("2024-07-12"));
        await List($"NVDA,{day},1,10");
        await using var wiring = await OpenAsync("withdrawn");
        await BackfillAsync(wiring, all);
        await EqualsOracleAsync(wiring, "NVDA", day, "adj_", "listed");
        var adjusted = await PublishedAsync(wiring, "NVDA");
        await List();
        await BackfillAsync(wiring, all);
        await EqualsOracleAsync(wiring, "NVDA", day, "", "withdrawn");
        await using (var never = await OpenAsync("never-listed"))
        {
            await BackfillAsync(never, all);
            // Without its split the step looks like a wrong price, and holds the values back until somebody says that it is right.
            await AcceptAsync(never);
            await AcceptAsync(wiring);
            Assert.Equal(await PublishedAsync(never, "NVDA"), await PublishedAsync(wiring, "NVDA"));
        }

        await List($"NVDA,{day},1,10");
        await BackfillAsync(wiring, all);
        await EqualsOracleAsync(wiring, "NVDA", day, "adj_", "listed again");
        Assert.Equal(adjusted, await PublishedAsync(wiring, "NVDA"));
    }

    [Fact]
    public async Task A_split_listed_twice_or_with_a_wrong_ratio_beside_the_right_one_adjusts_once()
    {
        Need();
        const string day = "2024-06-10";
        await List($"NVDA,{day},1,10", "NVDA,2024-06-12,1,10", $"NVDA,{day},1,4");
        await using var wiring = await OpenAsync("twice");
        var run = await BackfillAsync(wiring, (Day("2024-05-01"), Day("2024-07-12")));
        await EqualsOracleAsync(wiring, "NVDA", day, "adj_", "listed twice");
        var splits = await wiring.Store.SplitsAsync(Ct);
        Assert.Equal([new Split(new("NVDA"), Day(day), 1, 10)], splits.Where(s => s.InForce).Select(s => s.Split));
        Assert.Equal(2, run.Of(TaskNames.ReconcileSplits).Counts["listed_twice"]);
        Assert.Equal(2, (await wiring.Store.FindingsAsync(openOnly: true, 100, Ct)).Count(f => f.Dataset == "splits" && f.Symbol?.Text == "NVDA"));
    }

    private static async Task EqualsOracleAsync(Wiring wiring, string symbol, string day, string prefix, string what)
    {
        var rows = Rows(Oracle("splits", $"{symbol}-{day}.csv")).ToDictionary(r => Day(r["date"]));
        var last = rows.Keys.Max();
        var bars = new Dictionary<DateOnly, DailyBar>();
        var inputs = await Inputs.OpenAsync(wiring.Store, wiring.Calendar, last, null, Ct);
        await foreach (var bar in inputs.DailyAsync(rows.Keys.Min(), last, [new(symbol)], Ct)) bars[bar.Date] = bar;
        Assert.Equal(rows.Count, bars.Count);
        foreach (var (date, row) in rows)
        {
            var bar = bars[date];
            foreach (var (field, value) in new[] { ("open", bar.Open), ("high", bar.High), ("low", bar.Low), ("close", bar.Close), ("volume", bar.Volume) })
                Assert.True(Close(Number(row[prefix + field]), value), $"{what}: {date:yyyy-MM-dd} {field}: expected {row[prefix + field]}, got {value}");
        }
    }

    private static async Task AcceptAsync(Wiring wiring)
    {
        foreach (var finding in (await wiring.Store.FindingsAsync(openOnly: true, 100, Ct)).Where(f => f.Rule == "price.absurd"))
            await wiring.Store.AcceptFindingAsync(finding.Id, "Ana", "the price is right", wiring.Clock.GetUtcNow(), Ct);
    }

    /// <summary>The symbol's keys in Redis, computed and published now, byte by byte.</summary>
    private static async Task<string> PublishedAsync(Wiring wiring, string symbol)
    {
        foreach (var family in new[] { Family.Atr, Family.AverageVolume }) Assert.NotNull(await wiring.Families.PublishAsync(family, Ct));
        var atr = await wiring.Redis.Database.HashGetAllAsync($"atr:data:{symbol}");
        return $"{string.Join(' ', atr.OrderBy(f => f.Name.ToString(), StringComparer.Ordinal))} {await wiring.Redis.Database.StringGetAsync($"ticker:avg_volume:{symbol}")}";
    }

    private static async Task ValuesEqualOracleAsync(Wiring wiring, string symbol, string day, string prefix, string what)
    {
        var last = Rows(Oracle("splits", $"{symbol}-{day}.csv")).MaxBy(r => r["date"], StringComparer.Ordinal)!;
        var why = await wiring.Values.ExplainAsync(new(symbol), Day(last["date"]), null, Ct);
        foreach (var (column, value) in new[] { ("atr14_sma", why.Atr!.Atr), ("avg_volume_10", why.AverageVolume!.Days10!.Value), ("avg_volume_30", why.AverageVolume.Days30!.Value) })
            Assert.True(Close(Number(last[prefix + column]), value), $"{what}: {column}: expected {last[prefix + column]}, got {value}");
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private Task List(params string[] splits) => File.WriteAllTextAsync(folder.File("splits.csv"), string.Join('\n', ["symbol,execution_date,split_from,split_to", .. splits, ""]), Ct);

    private static Task<RunResult> BackfillAsync(Wiring wiring, (DateOnly From, DateOnly To) part)
    {
        var sessions = wiring.Calendar.Sessions(part.From, part.To);
        return wiring.Runner.RunAsync(new RunRequest(sessions[^1], Plan.Backfill, "test", [TaskNames.LoadOhlc, TaskNames.ReconcileSplits], Range: sessions), Silent.Observer, Ct);
    }

    private async Task<Wiring> OpenAsync(string name)
    {
        var settings = ServiceSettings.Load(null, new Dictionary<string, string?>
        {
            ["Provider:Kind"] = "Directory",
            ["Provider:Path"] = Path.Combine(Folder, "flatfiles"),
            ["Provider:SplitsPath"] = folder.File("splits.csv"),
            ["Store:Path"] = folder.File($"store-{name}"),
            ["Store:MemoryMegabytes"] = "256",
            ["Logs:Directory"] = folder.File("logs"),
            ["Checks:MinDailySymbols"] = "1",
        });
        return await Wiring.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, Ct);
    }
}
