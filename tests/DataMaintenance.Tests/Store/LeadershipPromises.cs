using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbLeadershipTests() : LeadershipPromises(new DuckDbTestStore());

public abstract class LeadershipPromises(TestStore database) : StorePromises(database)
{
    [Fact]
    public async Task Every_opening_leads_under_a_higher_epoch()
    {
        Assert.Equal(1, Store.Epoch);
        Assert.Equal(2, (await Database.ReopenAsync()).Epoch);
        Assert.Equal(["2|test"], await Database.RowsAsync("SELECT epoch, holder FROM leadership"));
    }

    [Fact]
    public async Task Who_leads_no_more_writes_nothing()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await Database.ExecuteAsync("UPDATE leadership SET epoch = 7, holder = 'other'");
        var refused = await Assert.ThrowsAsync<NotLeaderException>(() => SaveAsync(Monday, Bar("MSFT", Monday)));
        Assert.Equal((1, 7), (refused.Epoch, refused.Newest));
        await Assert.ThrowsAsync<NotLeaderException>(() => StageAsync(Day("AAPL", Monday, Slot(1, 1, 1))));
        await Assert.ThrowsAsync<NotLeaderException>(() => PublishAsync(Monday));
        await Assert.ThrowsAsync<NotLeaderException>(() => Store.SaveSplitsAsync([], Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => Store.SetAdjustmentDayAsync(Monday, Ct));
        Assert.Equal([Bar("AAPL", Monday)], await BarsAsync(Monday));
    }

    [Fact]
    public async Task Pinging_answers_and_the_description_names_the_engine()
    {
        await Store.PingAsync(Ct);
        Assert.Matches(@"^(DuckDB|PostgreSQL) \d+\.\d+", Store.Description);
    }
}
