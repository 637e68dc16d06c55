using System.Diagnostics;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>A client that is not ours gets through: curl and jq in a few lines of shell.</summary>
public sealed class CurlTests
{
    private const string Script = """
        set -eu
        ask() { curl -sfg -H 'Authorization: Bearer any' "$1"; }
        url="$BASE/v3/reference/tickers?limit=100"; tickers=0
        while [ -n "$url" ]; do
          page=$(ask "$url"); tickers=$((tickers + $(echo "$page" | jq '.results | length'))); url=$(echo "$page" | jq -r '.next_url // ""')
        done
        grouped=$(ask "$BASE/v2/aggs/grouped/locale/us/market/stocks/2026-11-20?adjusted=false")
        echo "$tickers $(echo "$grouped" | jq '.resultsCount == (.results | length)')"
        for symbol in AAPL BRK.A BCpC; do
          sum=$(ask "$BASE/v2/aggs/ticker/$symbol/range/5/minute/2026-11-20/2026-11-20?adjusted=false&sort=asc&limit=50000" | jq '[.results[].v] | add')
          echo "$symbol $(echo "$grouped" | jq --arg s "$symbol" --argjson sum "$sum" '.results[] | select(.T == $s) | .v * 1.000001 >= $sum and $sum >= .v * 0.98')"
        done
        """;

    [Fact]
    public async Task Curl_and_jq_list_tickers_by_pages_and_find_slots_that_add_up_to_the_day()
    {
        Assert.SkipUnless(Exists("curl") && Exists("jq") && Exists("sh"), "curl, jq or sh is not installed.");
        await using var provided = await Provided.StartAsync(new() { Symbols = 350 });
        var start = new ProcessStartInfo("sh", ["-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BASE"] = provided.Host.BaseUrl.ToString().TrimEnd('/');
        using var shell = Process.Start(start)!;
        var (said, error) = (shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        var listed = provided.Host.Market.ListedOn(Provided.Friday).Count();
        Assert.Equal($"{listed} true\nAAPL true\nBRK.A true\nBCpC true\n", await said);
    }

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
