using DataMaintenance.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Api;

/// <summary>The messages of a run in progress, as followers get them.</summary>
public class RunFeedTests
{
    private static readonly DateOnly Monday = new(2025, 12, 1);
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 12, 2, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_follower_gets_a_snapshot_first_and_then_every_change()
    {
        var feed = Begin();
        await using var follower = feed.FollowAsync(null, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var snapshot = await NextAsync(follower);
        Assert.Equal("snapshot", snapshot.Event);
        Assert.Equal(["in_progress", "pending"], snapshot.Run!.Tasks.Select(t => t.State));

        feed.Progress(new(7, Monday, "load_ohlc", 3, 30, "sessions"));
        var progress = await NextAsync(follower);
        Assert.Equal(("task_progress", 3L, 30L), (progress.Event, progress.Task!.Done, progress.Task.Total));
        Assert.True(progress.Id > snapshot.Id);
    }

    [Fact]
    public async Task A_follower_that_comes_back_gets_what_it_missed_and_no_snapshot()
    {
        var feed = Begin();
        var seen = (await FirstAsync(feed, null)).Id;
        feed.TaskEnded(new(7, Monday, Ended("load_ohlc")));
        var missed = await FirstAsync(feed, seen);
        Assert.Equal(("task_ended", "completed"), (missed.Event, missed.Task!.State));
        Assert.Equal(seen + 1, missed.Id);
    }

    [Fact]
    public async Task An_id_of_another_life_of_the_service_gets_a_snapshot()
    {
        var feed = Begin();
        Assert.Equal("snapshot", (await FirstAsync(feed, 5)).Event);
        Assert.Equal("snapshot", (await FirstAsync(feed, long.MaxValue)).Event);
    }

    [Fact]
    public async Task Progress_in_quick_succession_is_told_seldom_and_its_end_always()
    {
        var feed = Begin();
        await using var follower = feed.FollowAsync(null, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await NextAsync(follower);
        for (var done = 1; done <= 500; done++) feed.Progress(new(7, Monday, "load_ohlc", done, 500, "sessions"));
        Assert.Equal(1, (await NextAsync(follower)).Task!.Done);
        Assert.Equal(500, (await NextAsync(follower)).Task!.Done);
        Assert.Equal(500, feed.Run!.Tasks[0].Done);
    }

    [Fact]
    public async Task A_follower_that_does_not_read_is_let_go_and_holds_nobody_up()
    {
        var feed = Begin();
        await using var slow = feed.FollowAsync(null, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await NextAsync(slow);
        for (var i = 0; i < 3_000; i++) feed.TaskEnded(new(7, Monday, Ended("load_ohlc")));
        var got = new List<long>();
        while (await slow.MoveNextAsync()) got.Add(slow.Current.Id);
        Assert.InRange(got.Count, 1, 1_000);
        Assert.Equal(0, feed.Followers);
        Assert.Equal("snapshot", (await FirstAsync(feed, got[^1])).Event);
    }

    private RunFeed Begin()
    {
        var feed = new RunFeed(clock);
        feed.RunStarted(new(7, Monday, "nightly", "test", ["load_ohlc", "calculate_atr"], clock.GetUtcNow()));
        feed.TaskStarted(new(7, Monday, "load_ohlc", 1, clock.GetUtcNow()));
        return feed;
    }

    private TaskResult Ended(string task) => new(task, TaskState.Completed, 1, clock.GetUtcNow(), clock.GetUtcNow(), new Dictionary<string, double>(), [], null);

    private static async Task<RunMessage> FirstAsync(RunFeed feed, long? after)
    {
        await using var follower = feed.FollowAsync(after, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        return await NextAsync(follower);
    }

    private static async Task<RunMessage> NextAsync(IAsyncEnumerator<RunMessage> follower)
    {
        Assert.True(await follower.MoveNextAsync());
        return follower.Current;
    }
}
