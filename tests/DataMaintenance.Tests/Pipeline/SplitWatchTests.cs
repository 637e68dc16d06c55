using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Provider;
using DataMaintenance.Provider.FlatFiles;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Tests.Values;
using DataMaintenance.Values;
using Market;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>The list of splits, night after night, against prices that are known: what comes, changes, goes and comes again.</summary>
public sealed class SplitWatchTests : IAsyncDisposable
{
    private static readonly Symbol Acme = new("ACME");
    private static readonly IReadOnlyList<DateOnly> Days = TradingCalendar.Nyse.LastSessions(40, new(2025, 1, 31));
    private readonly ValuesWorld world = new();
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_quarantine_is_lifted_when_the_prices_confirm_the_split()
    {
        await FillAsync(_ => 100);
        var split = (Days[30], 1.0, 4.0);
        await NightAsync(split);
        Assert.Equal((true, false), await StateAsync());
        Assert.Equal("split.without_step", Assert.Single(await world.Store.FindingsAsync(true, 10, Ct)).Rule);
        // The provider had sent the old prices for the days after it.
        await FillAsync(day => day < Days[30] ? 100 : 25);
        await NightAsync(split);
        Assert.Equal((false, false), await StateAsync());
        Assert.Empty(await world.Store.FindingsAsync(true, 10, Ct));
    }

    [Fact]
    public async Task A_split_on_the_first_bar_after_a_halt_is_judged_however_long_the_halt()
    {
        // A week, and longer than the sessions that are looked at.
        foreach (var (last, again) in new[] { (Days[14], Days[20]), (Days[2], Days[36]) })
        {
            await FillAsync(_ => 100, skip: day => day > last && day < again);
            await NightAsync((again, 1, 4));
            Assert.Equal((true, false), await StateAsync());
            await FillAsync(day => day <= last ? 100 : 26, skip: day => day > last && day < again);
            await NightAsync((again, 1, 4));
            Assert.Equal((false, false), await StateAsync());
            await NightAsync();
        }
    }

    [Fact]
    public async Task A_split_of_long_ago_that_is_withdrawn_is_taken_back_to_the_last_bit()
    {
        await FillAsync(day => day < Days[3] ? 70 : 10);
        await NightAsync();
        var before = await ValuesAsync();
        await NightAsync((Days[3], 1, 7));
        Assert.NotEqual(before, await ValuesAsync());
        await NightAsync();
        Assert.Equal((false, true), await StateAsync());
        Assert.Equal(before, await ValuesAsync());
    }

    [Fact]
    public async Task Of_a_small_split_listed_twice_on_two_days_the_one_known_first_adjusts()
    {
        await FillAsync(day => day < Days[30] ? 105 : 100);
        await NightAsync((Days[30], 1, 1.05));
        await NightAsync((Days[29], 1, 1.05), (Days[30], 1, 1.05));
        Assert.Equal([Days[30]], (await world.Store.SplitsAsync(Ct)).Where(s => s.InForce).Select(s => s.Split.ExecutionDate));
        Assert.Equal(("split.listed_twice", Days[29]), (await world.Store.FindingsAsync(true, 10, Ct)).Select(f => (f.Rule, f.Date)).Single());
        // Corrected to the other day: the quarantine is not for ever.
        await NightAsync((Days[29], 1, 1.05));
        Assert.Equal([Days[29]], (await world.Store.SplitsAsync(Ct)).Where(s => s.InForce).Select(s => s.Split.ExecutionDate));
        Assert.Empty(await world.Store.FindingsAsync(true, 10, Ct));
    }

    [Fact]
    public async Task The_step_between_two_bearers_of_a_ticker_is_no_split()
    {
        await FillAsync(day => day < Days[20] ? 100 : 25);
        await NightAsync();
        Assert.Equal("split.not_listed", Assert.Single(await world.Store.FindingsAsync(true, 10, Ct)).Rule);
        await world.Store.SaveBoundariesAsync([new(new(Acme, Days[20]), "test", DateTimeOffset.UnixEpoch)], Ct);
        await NightAsync();
        Assert.Empty(await world.Store.FindingsAsync(true, 10, Ct));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(10, false)]
    public async Task A_step_that_trades_as_on_news_is_no_unlisted_split(double volume, bool told)
    {
        // A split in two doubles the shares and leaves the dollars; ten times the shares are five times the dollars.
        await FillAsync(day => day < Days[30] ? 100 : 50, shares: day => day < Days[30] ? 1_000 : 1_000 * volume);
        await NightAsync();
        Assert.Equal(told ? ["split.not_listed"] : [], (await world.Store.FindingsAsync(true, 10, Ct)).Select(f => f.Rule));
    }

    [Fact]
    public async Task A_step_that_the_day_itself_takes_back_is_no_unlisted_split()
    {
        await FillAsync(_ => 100);
        await world.DailyAsync(Days[30], ValuesWorld.Bar(Acme.Text, Days[30], 96, 49, 95) with { Open = 50 }, ValuesWorld.Bar("MSFT", Days[30], 11, 9, 10));
        await NightAsync();
        Assert.Empty(await world.Store.FindingsAsync(true, 10, Ct));
        await world.DailyAsync(Days[30], ValuesWorld.Bar(Acme.Text, Days[30], 60, 49, 55) with { Open = 50 }, ValuesWorld.Bar("MSFT", Days[30], 11, 9, 10));
        await NightAsync();
        Assert.Contains(await world.Store.FindingsAsync(true, 10, Ct), f => f.Rule == "split.not_listed" && f.Date == Days[30]);
    }

    private async Task FillAsync(Func<DateOnly, double> price, Func<DateOnly, bool>? skip = null, Func<DateOnly, double>? shares = null)
    {
        if (world.Database is { } database && !opened) await database.OpenAsync();
        opened = true;
        foreach (var day in Days)
        {
            var other = ValuesWorld.Bar("MSFT", day, 11, 9, 10);
            var bar = ValuesWorld.Bar(Acme.Text, day, price(day) * 1.02, price(day) * 0.98, price(day), shares?.Invoke(day) ?? 1_000);
            await world.DailyAsync(day, skip?.Invoke(day) == true ? [other] : [bar, other]);
        }
    }

    private bool opened;

    private async Task NightAsync(params (DateOnly Day, double From, double To)[] listed)
    {
        await File.WriteAllLinesAsync(folder.File("splits.csv"), ["symbol,execution_date,split_from,split_to", .. listed.Select(l => FormattableString.Invariant($"ACME,{l.Day:yyyy-MM-dd},{l.From},{l.To}"))], Ct);
        var source = new DirectorySource(new ProviderOptions { Kind = ProviderKind.Directory, Path = folder.Path, SplitsPath = folder.File("splits.csv") }, NullLogger.Instance);
        var task = new ReconcileSplits(source, world.Store, TradingCalendar.Nyse, new TaskOptions(), TimeProvider.System);
        var report = await task.RunAsync(new RunContext(1, Days[^1], null, false, TimeSpan.FromHours(1), new HashSet<string>(), TimeProvider.System.GetUtcNow(), Silent.Observer), Ct);
        Assert.DoesNotContain(report.Checks, c => c.Result == CheckResult.Failed);
    }

    private async Task<(bool Quarantined, bool Withdrawn)> StateAsync()
    {
        var newest = (await world.Store.SplitsAsync(Ct)).OrderBy(s => s.Withdrawn).ThenByDescending(s => s.LastSeen).First();
        return (newest.Quarantined, newest.Withdrawn);
    }

    /// <summary>Every derived number of the symbol, to the last bit.</summary>
    private async Task<string> ValuesAsync()
    {
        var atr = (await world.ComputeAsync<AtrValue>(Family.Atr, Days[^1], new() { AtrSmoothing = AtrSmoothing.Wilder }))[Acme.Text];
        var volumes = (await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, Days[^1]))[Acme.Text];
        return FormattableString.Invariant($"{atr.Atr:R} {atr.AtrPercent:R} {volumes.Days5:R} {volumes.Days10:R} {volumes.Days30:R}");
    }
}
