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

        var campaign = new Campaign(new(store, Kills: 8, Seed, TimeSpan.FromSeconds(30), Lanes: 1, Symbols: 120, scenarios), output.WriteLine);
        await campaign.RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(campaign.Summary());
        Assert.NotEqual(0, campaign.Kills);
        Assert.Equal([], campaign.Outcomes.SelectMany(o => o.Failures.Select(f => $"seed {o.Seed}: {f}")));
    }
}
