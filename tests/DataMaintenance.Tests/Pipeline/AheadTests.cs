using DataMaintenance.Pipeline;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>What a task begins before its turn.</summary>
public sealed class AheadTests
{
    private static readonly DateOnly Session = new(2025, 1, 27);

    private static RunContext Run() => new(1, Session, null, false, TimeSpan.Zero, new HashSet<string>(), DateTimeOffset.UnixEpoch, Silent.Observer);

    [Fact]
    public async Task What_was_begun_is_taken_once_and_done_anew_for_whoever_asks_again()
    {
        var run = Run();
        var done = 0;
        run.Begin("it", () => Task.FromResult(++done));
        Assert.Equal(1, await run.TakeAsync("it", () => Task.FromResult(++done)));
        Assert.Equal(2, await run.TakeAsync("it", () => Task.FromResult(++done)));
    }

    [Fact]
    public async Task Its_error_reaches_who_takes_it_and_the_second_try_is_a_fresh_one()
    {
        var run = Run();
        run.Begin<int>("it", () => throw new IOException("away"));
        Assert.Equal("away", (await Assert.ThrowsAsync<IOException>(() => run.TakeAsync("it", () => Task.FromResult(1)))).Message);
        Assert.Equal(1, await run.TakeAsync("it", () => Task.FromResult(1)));
    }

    [Fact]
    public async Task A_run_does_not_end_before_what_was_begun_and_never_taken()
    {
        var run = Run();
        var gate = new TaskCompletionSource<int>();
        run.Begin("good", () => gate.Task);
        run.Begin<int>("bad", () => throw new IOException("away"));
        var settled = run.SettleAsync();
        Assert.False(settled.IsCompleted);
        gate.SetResult(1);
        await settled;
    }

    [Fact]
    public async Task One_waits_for_the_tasks_of_the_run_and_not_for_others()
    {
        var run = Run();
        run.Ends["first"] = new();
        run.Ends["second"] = new();
        var after = run.AfterAsync("first", "second", "of_no_run");
        run.End("first", TaskState.Failed);
        Assert.False(after.IsCompleted);
        run.End("second", TaskState.Completed);
        await after;
        await run.AfterAsync("of_no_run");
    }
}
