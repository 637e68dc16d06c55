namespace DataMaintenance;

/// <summary>Something that goes on by itself while the process serves: a timetable, a watch. It ends when told to, and by nothing else.</summary>
/// <param name="Name">For logs and /health: a word.</param>
/// <param name="RunAsync">Returns, or throws <see cref="OperationCanceledException"/>, once its token is cancelled; any other end is a defect, logged, and it is started again.</param>
public sealed record Loop(string Name, Func<CancellationToken, Task> RunAsync);

/// <summary>Runs the loops of a process until it ends.</summary>
internal sealed partial class Loops(IReadOnlyList<Loop> loops, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Returns when all have ended, which they do only when <paramref name="ct"/> is cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(loops.Select(loop => Task.Run(() => KeepAsync(loop, ct), CancellationToken.None)));

    private async Task KeepAsync(Loop loop, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await loop.RunAsync(ct);
                if (!ct.IsCancellationRequested) LoopEnded(loop.Name, null);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LoopEnded(loop.Name, e);
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(Pause, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    [LoggerMessage(EventId = 420, EventName = "loop_restarted", Level = LogLevel.Error, Message = "{loop} ended by itself; it is started again in 5 s")]
    private partial void LoopEnded(string loop, Exception? e);
}
