using DataMaintenance.Provider;
using DataMaintenance.Provider.Massive;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Provider;

public sealed class RetryTests
{
    private static readonly string Good = Massive.Bars(Massive.Grouped("A", Massive.Day));

    [Fact]
    public async Task A_passing_failure_costs_an_attempt_and_is_counted()
    {
        await using var server = await ScriptedServer.StartAsync((_, count) => count switch
        {
            0 => new Answer(Massive.Error("oh"), 500),
            1 => new Answer(Good, CutAfter: 40),
            _ => Good,
        });
        await using var source = Massive.Source(server);
        var reply = await source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken);

        Assert.Single(reply.Bars);
        Assert.Equal(2, source.Usage.Retries);
        Assert.Equal((1, 1, 1), (source.Usage.Calls[("grouped", "500")], source.Usage.Calls[("grouped", "cut")], source.Usage.Calls[("grouped", "200")]));
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_asked_again_although_its_length_is_right()
    {
        await using var server = await ScriptedServer.StartAsync((_, count) => count == 0 ? Good[..^30] : Good);
        await using var source = Massive.Source(server);

        Assert.Single((await source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken)).Bars);
    }

    [Fact]
    public async Task Attempts_end()
    {
        await using var server = await ScriptedServer.AlwaysAsync(new Answer(Massive.Error("oh"), 503));
        await using var source = Massive.Source(server, options => options with { Attempts = 4 });
        await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken));

        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Nonsense_is_not_asked_again()
    {
        await using var server = await ScriptedServer.AlwaysAsync("{}");
        await using var source = Massive.Source(server);
        await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Silence_ends_by_our_own_time_out()
    {
        await using var server = await ScriptedServer.AlwaysAsync(new Answer("", Silent: true));
        await using var source = Massive.Source(server, options => options with { Attempts = 2, AttemptTimeout = TimeSpan.FromMilliseconds(200) });
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFault.Unavailable, error.Fault);
        Assert.Contains("no complete answer within 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, source.Usage.Calls[("grouped", "timeout")]);
    }

    [Fact]
    public async Task Cancelling_from_outside_is_no_failure_of_the_provider()
    {
        await using var server = await ScriptedServer.AlwaysAsync(new Answer("", Silent: true));
        await using var source = Massive.Source(server);
        using var outside = new CancellationTokenSource();
        var asking = source.DailyAsync(Massive.Day, outside.Token);
        await outside.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Empty(source.Usage.Calls);
    }

    private static readonly ProviderOptions Usual = new() { RetryDelay = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromSeconds(40) };

    private static TimeSpan Wait(int attempt, ProviderFault fault, string said, TimeSpan? retryAfter = null, int second = 0)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 8, 0, second, TimeSpan.Zero));
        return new Backoff(Usual, clock).After(attempt, new ProviderException(fault, "GET /x", said) { RetryAfter = retryAfter });
    }

    [Theory]
    [InlineData(1, 0.5, 1.5)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 2, 6)]
    public void Back_off_doubles_with_jitter(int attempt, double least, double most) =>
        Assert.InRange(Wait(attempt, ProviderFault.Unavailable, "").TotalSeconds, least, most);

    [Fact]
    public void Retry_After_is_obeyed_up_to_the_longest_wait_and_never_shortens_the_usual_one()
    {
        Assert.Equal(7, Wait(1, ProviderFault.Throttled, "", TimeSpan.FromSeconds(7)).TotalSeconds);
        Assert.Equal(40, Wait(1, ProviderFault.Throttled, "", TimeSpan.FromSeconds(300)).TotalSeconds);
        Assert.InRange(Wait(1, ProviderFault.Throttled, "", TimeSpan.Zero).TotalSeconds, 0.5, 1.5);
        Assert.InRange(Wait(1, ProviderFault.Throttled, "", TimeSpan.FromSeconds(-9)).TotalSeconds, 0.5, 1.5);
    }

    [Fact]
    public void Without_it_a_second_one_waits_for_the_rest_of_the_minute_when_the_limit_is_per_minute()
    {
        const string said = "You've exceeded the maximum requests per minute, please wait";

        Assert.InRange(Wait(1, ProviderFault.Throttled, said, second: 45).TotalSeconds, 0.5, 1.5);
        Assert.Equal(15, Wait(2, ProviderFault.Throttled, said, second: 45).TotalSeconds);
        Assert.Equal(40, Wait(2, ProviderFault.Throttled, said, second: 5).TotalSeconds);
        Assert.InRange(Wait(2, ProviderFault.Throttled, "slow down", second: 45).TotalSeconds, 1, 3);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("Thu, 02 Jan 2025 08:00:01 GMT")]
    public async Task The_header_counts_in_seconds_or_as_a_date(string header)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 8, 0, 0, TimeSpan.Zero));
        await using var server = await ScriptedServer.StartAsync((_, count) => count == 0 ? new Answer(Massive.Error("slow"), 429, header) : Good);
        await using var source = Massive.Source(server, clock: clock);
        var asking = source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken);
        await source.UntilAsync(usage => usage.Retries == 1);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(asking.IsCompleted);
        await asking.WhileAdvancing(clock, TimeSpan.FromMilliseconds(1));

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task The_budget_spaces_calls_by_the_clock_and_counts_the_wait()
    {
        var clock = new FakeTimeProvider();
        var usage = new UsageCounter();
        var budget = new CallBudget(10, clock, usage);
        var waits = Enumerable.Range(0, 21).Select(_ => budget.WaitAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();

        Assert.Equal(1, waits.Count(wait => wait.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(waits[..11]);
        Assert.Equal(11, waits.Count(wait => wait.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(waits);
        Assert.Equal(21, usage.Snapshot().BudgetWait.TotalSeconds, 6);
    }

    [Fact]
    public async Task Lanes_for_details_rest_between_two_calls()
    {
        var clock = new FakeTimeProvider();
        var lanes = new DetailLanes(2, TimeSpan.FromMilliseconds(200), clock);
        var calls = Enumerable.Range(0, 4).Select(_ => lanes.RunAsync(_ => Task.FromResult(1), TestContext.Current.CancellationToken)).ToArray();
        await Task.WhenAll(calls[..2]);

        Assert.Equal(2, calls.Count(call => call.IsCompleted));
        await Task.WhenAll(calls).WhileAdvancing(clock, TimeSpan.FromMilliseconds(200));
    }
}
