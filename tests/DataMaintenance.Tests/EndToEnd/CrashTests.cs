using CrashHarness;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>A short campaign of the crash harness: the same code, few kills. The long one is a command in the harness's README.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Seed = 7;

    [Theory]
    [InlineData(StoreKind.Embedded, Scenario.FirstLoad, Scenario.Night)]
    [InlineData(StoreKind.Postgres, Scenario.FirstLoad, Scenario.Night)]
    public async Task Whatever_is_killed_the_end_is_that_of_an_undisturbed_run_and_the_journal_tells_the_truth(StoreKind store, params Scenario[] scenarios)
    {
        if (store == StoreKind.Postgres && Postgres.Binaries is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (Debian: postgresql)");
            Assert.Fail("PostgreSQL is not installed, and with CI=true this may not be skipped");
        }

        var campaign = await RunAsync(new(store, Kills: 8, Seed, TimeSpan.FromSeconds(25), Lanes: 1, Symbols: 120, scenarios));
        Assert.NotEqual(0, campaign.Kills);
    }

    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Postgres)]
    public async Task However_full_the_disk_of_the_store_was_the_end_is_that_of_an_undisturbed_run(StoreKind store)
    {
        Assert.SkipUnless(await Disk.MayMountAsync(), "disks are not filled: that takes root, who may mount a small one");
        Assert.SkipUnless(store == StoreKind.Embedded || Postgres.Binaries is not null, "PostgreSQL is not installed (Debian: postgresql)");
        var campaign = await RunAsync(new(store, Kills: 1, Seed, TimeSpan.FromSeconds(10), Lanes: 1, Symbols: 60, [Scenario.FirstLoad], OnlyDisk: true));
        Assert.Contains(campaign.Outcomes, o => o.Blows.Any(b => b.Harm == Harm.Fill));
    }

    private async Task<Campaign> RunAsync(CampaignOptions options)
    {
        var campaign = new Campaign(options, output.WriteLine);
        await campaign.RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(campaign.Summary());
        Assert.Equal([], campaign.Outcomes.SelectMany(o => o.Failures.Select(f => $"seed {o.Seed}: {f}")));
        return campaign;
    }
}
