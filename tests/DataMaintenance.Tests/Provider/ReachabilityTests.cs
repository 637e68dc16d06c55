using DataMaintenance.Provider;

namespace DataMaintenance.Tests.Provider;

public sealed class ReachabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_symbol_whose_reply_breaks_each_time_is_no_outage()
    {
        await using var server = await ScriptedServer.StartAsync((asked, _) => asked.Contains("/POISON/", StringComparison.Ordinal) ? new Answer(Massive.Error("oh"), 500) : "{}");
        await using var source = Massive.Source(server);
        var reach = new Reachability(source);
        Assert.Null(await reach.AskAsync(Ct));
        for (var look = 0; look < 3; look++)
        {
            Assert.Single((await source.AllSlotsAsync(["POISON"], Market.SlotGrid.Extended, Massive.Day)).Failures);
            Assert.Null(await reach.AskAsync(Ct));
        }

        Assert.Null(await reach.AskAsync(Ct));
        Assert.Equal(1 + 3, server.Requests.Count(r => r.PathAndQuery.StartsWith("/v1/marketstatus/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(403, false)]
    [InlineData(429, false)]
    public async Task Who_answers_nobody_is_out_until_he_answers_and_who_refuses_is_not(int status, bool outage)
    {
        var works = false;
        await using var server = await ScriptedServer.StartAsync((_, _) => works ? "{}" : new Answer(Massive.Error("no"), status));
        await using var source = Massive.Source(server);
        var reach = new Reachability(source);
        Assert.Equal(outage, await reach.AskAsync(Ct) is not null);
        await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, Ct));
        Assert.Equal(outage, await reach.AskAsync(Ct) is not null);
        // Nobody calls any more, and nobody needs to for it to be over.
        Assert.Equal(outage, await reach.AskAsync(Ct) is not null);
        works = true;
        Assert.Null(await reach.AskAsync(Ct));
    }

    [Fact]
    public async Task A_folder_that_is_read_answers_and_one_that_is_gone_does_not()
    {
        using var folder = new FlatFolder();
        folder.With(FlatFolder.Day, Massive.Day, FlatFolder.Header, FlatFolder.Row("A", Massive.Day));
        await using var source = folder.Source();
        var reach = new Reachability(source);
        await source.DailyAsync(Massive.Day, Ct);
        Assert.Null(await reach.AskAsync(Ct));
        await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day.AddDays(1), Ct));
        Assert.Null(await reach.AskAsync(Ct));
        Directory.Move(folder.Path, folder.Path + ".gone");
        await Assert.ThrowsAsync<ProviderException>(() => source.PingAsync(Ct));
        Directory.Move(folder.Path + ".gone", folder.Path);
        await source.PingAsync(Ct);
    }
}
