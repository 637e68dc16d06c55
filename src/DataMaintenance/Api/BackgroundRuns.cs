using DataMaintenance.Pipeline;

namespace DataMaintenance.Api;

/// <summary>Runs started by a request, going on after its answer; they end with the process, at a safe point.</summary>
public sealed class BackgroundRuns(Runner runner) : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private Task running = Task.CompletedTask;

    /// <returns>The run's id, once it has begun.</returns>
    /// <exception cref="RunInProgressException">Another run has not ended.</exception>
    public async Task<long> StartAsync(RunRequest request)
    {
        var begun = new Begun();
        var run = Task.Run(() => runner.RunAsync(request, begun, ending.Token));
        var first = await Task.WhenAny(begun.Id, run);
        if (first == run && !begun.Id.IsCompleted) await run;
        running = run;
        return await begun.Id;
    }

    /// <summary>Stops the run in progress and waits until it has reached a safe point; none starts any more.</summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync();
        // Its outcome is in the journal.
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private sealed class Begun : IRunObserver
    {
        private readonly TaskCompletionSource<long> id = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Task<long> Id => id.Task;
        public void RunStarted(RunStarted run) => id.TrySetResult(run.RunId);
        public void TaskStarted(TaskStarted task) { }
        public void Progress(TaskProgress progress) { }
        public void TaskEnded(TaskEnded task) { }
        public void RunEnded(RunResult result) { }
    }
}
