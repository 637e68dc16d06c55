using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Cli;

/// <summary>A run that the service on this store carries out: asked for over HTTP, watched by its events.</summary>
internal sealed class RemoteRun(ServiceClient service, IRunObserver observer)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether a task failed because an outside system did not answer, as far as its events told.</summary>
    public bool Unreachable { get; private set; }

    /// <returns>The run, as <c>GET /runs/{id}</c> answers it once it has ended.</returns>
    /// <exception cref="InvalidOperationException">The service stopped meanwhile, or another run is going on.</exception>
    public async Task<JsonObject> RunAsync(string path, JsonObject body, CancellationToken ct)
    {
        long? id = null;
        try
        {
            // Followed before it is asked for, so that nothing of it is missed.
            await foreach (var message in service.FollowAsync(ct))
            {
                id ??= (await service.PostAsync(path, body, ct))!["run_id"]!.GetValue<long>();
                if ((message.RunId ?? message.Run?.RunId) != id) continue;
                Tell(message);
                if (message.Event == "run_ended") break;
            }
        }
        catch (Exception e) when (id is not null && e is HttpRequestException or IOException)
        {
            // The stream broke, which the run need not have done: it is asked for below.
        }

        id ??= (await service.PostAsync(path, body, ct))!["run_id"]!.GetValue<long>();
        return await EndAsync(id.Value, ct);
    }

    private async Task<JsonObject> EndAsync(long id, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var run = (await service.GetAsync($"/runs/{id}", ct))!.AsObject();
                if (run["state"]!.GetValue<string>() != "in_progress") return run;
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"the service stopped while run {id} was going on; give the same command again, it goes on from what is committed ({e.Message})", e);
            }

            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    private void Tell(RunMessage message)
    {
        var (id, date) = (message.RunId ?? 0, message.Date ?? default);
        switch (message)
        {
            case { Event: "run_started" or "snapshot", Run: { } run }:
                observer.RunStarted(new(run.RunId, run.Date, run.Plan, run.Trigger, [.. run.Tasks.Select(t => t.Task)], run.StartedAt));
                break;
            case { Event: "task_started", Task: { } task }:
                observer.TaskStarted(new(id, date, task.Task, 1, message.At));
                break;
            case { Event: "task_progress", Task: { Done: { } done } task }:
                observer.Progress(new(id, date, task.Task, done, task.Total ?? 0, task.Unit ?? ""));
                break;
            case { Event: "task_ended", Task: { } task }:
                Unreachable |= task.Unreachable;
                var started = task.StartedAt ?? message.At;
                observer.TaskEnded(new(id, date, new(task.Task, TaskStates.Parse(task.State), 1, started, started.AddSeconds(task.Seconds ?? 0), new Dictionary<string, double>(), [], task.Error) { Unreachable = task.Unreachable }));
                break;
        }
    }
}
