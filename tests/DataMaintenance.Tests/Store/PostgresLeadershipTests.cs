using DataMaintenance.Store;
using Market;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Store;

public sealed class PostgresLeadershipTests() : StorePromises(new PostgresTestStore())
{
    private const string Expire = "UPDATE leadership SET expires_at = clock_timestamp() - INTERVAL '1 second'";

    [Fact]
    public async Task A_second_instance_is_told_at_once_who_leads_and_where_it_answers()
    {
        var url = new Uri("http://10.0.0.7:8008/");
        await Store.AnnounceAsync(url, Ct);
        var refused = await Assert.ThrowsAsync<StoreOwnedException>(() => OpenSecondAsync());
        Assert.Equal(url, refused.Url);
        Assert.Contains("is led by test until ", refused.Message, StringComparison.Ordinal);
        await SaveAsync(Monday, Bar("AAPL", Monday));
        Assert.Single(await BarsAsync(Monday));
    }

    [Fact]
    public async Task A_second_instance_waits_for_a_leader_that_answers_nowhere_until_it_renews()
    {
        var clock = new FakeTimeProvider();
        var opening = StoreSetup.OpenAsync(Database.Options, clock, "second", Ct);
        await UntilAsync(async () =>
        {
            await Database.ExecuteAsync("UPDATE leadership SET expires_at = expires_at + INTERVAL '5 seconds'");
            clock.Advance(TimeSpan.FromSeconds(6));
            return opening.IsCompleted;
        });
        await Assert.ThrowsAsync<StoreOwnedException>(() => opening);
    }

    [Fact]
    public async Task After_a_clean_end_the_next_leads_at_once_under_a_higher_epoch()
    {
        var before = Store.Epoch;
        Assert.Equal(before + 1, (await Database.ReopenAsync()).Epoch);
        await SaveAsync(Monday, Bar("AAPL", Monday));
    }

    [Fact]
    public async Task A_leader_whose_lease_ran_out_is_followed_and_every_write_of_its_is_refused()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await Database.ExecuteAsync(Expire);
        await using var second = await OpenSecondAsync();
        var refused = await Assert.ThrowsAsync<NotLeaderException>(() => SaveAsync(Monday, Bar("AAPL", Monday)));
        Assert.Equal((Store.Epoch, second.Epoch), (refused.Epoch, refused.Newest));
        await Assert.ThrowsAsync<NotLeaderException>(() => StageAsync(Day("MSFT", Monday, Slot(1, 10, 10))));
        await Assert.ThrowsAsync<NotLeaderException>(() => PublishAsync(Monday));
        await Assert.ThrowsAsync<NotLeaderException>(() => Store.DropSlotsBeforeAsync(Tuesday, Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => Store.SetAdjustmentDayAsync(Monday, Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => Store.AnnounceAsync(new("http://localhost"), Ct));
        Assert.Empty(await BarsAsync(Monday));
        Assert.Empty(await SlotsAsync(Monday));
        Assert.Equal([new Symbol("AAPL")], await second.StagedAsync(Monday, Ct));
        Assert.Equal(1, await second.PublishSlotsAsync(Monday, "test", Night, true, Ct));
    }

    [Fact]
    public async Task A_leader_frozen_inside_a_write_is_cut_off_by_the_next()
    {
        await using var frozen = await Database.ConnectAsync();
        await frozen.ExecuteAsync("BEGIN; SELECT epoch FROM leadership FOR KEY SHARE; DELETE FROM coverage", [], Ct);
        await Database.ExecuteAsync(Expire);
        await using var second = await OpenSecondAsync();
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => frozen.ExecuteAsync("COMMIT", [], Ct));
        await second.SaveDailyAsync(Monday, [Bar("AAPL", Monday)], "test", Night, true, Ct);
        Assert.Single(await BarsAsync(Monday));
    }

    [Fact]
    public async Task The_lease_is_renewed_while_a_long_write_goes_on()
    {
        await Database.CloseAsync();
        var clock = new FakeTimeProvider();
        await using var leader = await StoreSetup.OpenAsync(Database.Options, clock, "leader", Ct);
        await using var writing = await Database.ConnectAsync();
        await writing.ExecuteAsync("BEGIN; SELECT epoch FROM leadership FOR KEY SHARE", [], Ct);
        var before = await ExpiryAsync();
        clock.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(async () => await ExpiryAsync() != before);
    }

    private Task<IStore> OpenSecondAsync() => StoreSetup.OpenAsync(Database.Options, TimeProvider.System, "second", Ct);

    private async Task<string> ExpiryAsync() => Assert.Single(await Database.RowsAsync("SELECT expires_at::text FROM leadership"));

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var attempt = 0; !await reached(); attempt++)
        {
            Assert.True(attempt < 500, "was not reached");
            await Task.Delay(20, Ct);
        }
    }
}
