using System.Collections.Concurrent;
using System.Globalization;
using DataMaintenance.Pipeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DataMaintenance.Cli;

/// <summary>Shows a run as it goes: bars on a terminal, a line per event elsewhere, nothing with <c>--json</c>.</summary>
internal static class RunView
{
    public static async Task<T> ShowAsync<T>(bool quiet, Func<IRunObserver, Task<T>> run)
    {
        if (quiet) return await run(Silent.Observer);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive) return await run(new Lines());
        var units = new ConcurrentDictionary<int, string>();
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(units), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(context => run(new Bars(context, units)));
    }

    /// <summary>One plain line an event, for files and pipes; progress at most every tenth.</summary>
    private sealed class Lines : IRunObserver
    {
        private readonly ConcurrentDictionary<string, long> told = new();

        public void RunStarted(RunStarted run) => Say($"run {run.RunId} of {run.Session:yyyy-MM-dd} ({run.Plan}): {run.Tasks.Count} tasks");
        public void TaskStarted(TaskStarted task) => Say($"  {task.Task} started");

        public void Progress(TaskProgress progress)
        {
            if (progress.Total <= 0) return;
            var tenth = 10 * progress.Done / progress.Total;
            if (tenth == 10 || tenth <= told.GetValueOrDefault(progress.Task)) return;
            told[progress.Task] = tenth;
            Say(string.Create(CultureInfo.InvariantCulture, $"  {progress.Task}: {progress.Done:N0} of {progress.Total:N0} {progress.Unit}"));
        }

        public void TaskEnded(TaskEnded task) =>
            Say(string.Create(CultureInfo.InvariantCulture, $"  {task.Result.Task} {task.Result.State.Text()} in {task.Result.Duration.TotalSeconds:0.0} s{(task.Result.Error is null ? "" : $": {task.Result.Error}")}"));

        public void RunEnded(RunResult result) => Say(string.Create(CultureInfo.InvariantCulture, $"run {result.RunId} ended in {result.Duration.TotalSeconds:0.0} s"));

        private static void Say(string line) => Console.Out.WriteLine(line);
    }

    private sealed class Bars(ProgressContext context, ConcurrentDictionary<int, string> units) : IRunObserver
    {
        private readonly ConcurrentDictionary<string, ProgressTask> tasks = new();

        public void RunStarted(RunStarted run)
        {
            foreach (var task in run.Tasks) tasks[task] = context.AddTask($"[grey]{task}[/]", new ProgressTaskSettings { AutoStart = false });
        }

        public void TaskStarted(TaskStarted task)
        {
            if (!tasks.TryGetValue(task.Task, out var bar)) return;
            bar.Description = task.Task;
            bar.IsIndeterminate = true;
            bar.StartTask();
        }

        public void Progress(TaskProgress progress)
        {
            if (!tasks.TryGetValue(progress.Task, out var bar) || progress.Total <= 0) return;
            bar.IsIndeterminate = false;
            bar.MaxValue = progress.Total;
            bar.Value = progress.Done;
            units[bar.Id] = progress.Unit;
        }

        public void TaskEnded(TaskEnded task)
        {
            if (!tasks.TryGetValue(task.Result.Task, out var bar)) return;
            bar.IsIndeterminate = false;
            bar.Value = bar.MaxValue;
            bar.Description = task.Result.State switch
            {
                TaskState.Failed => $"[red]{task.Result.Task} failed[/]",
                TaskState.Skipped => $"[grey]{task.Result.Task} skipped[/]",
                _ => $"[green]{task.Result.Task}[/]",
            };
            bar.StopTask();
        }

        public void RunEnded(RunResult result) { }
    }

    /// <summary>How many are done, of how many, of what: for tasks that tell.</summary>
    private sealed class CountColumn(ConcurrentDictionary<int, string> units) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(units.TryGetValue(task.Id, out var unit) ? string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0} of {task.MaxValue:N0} {unit}") : "");
    }
}
