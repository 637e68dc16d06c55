using System.Diagnostics.Metrics;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Telemetry;

/// <summary>Counts runs and tasks as they end.</summary>
internal sealed class RunMetrics : IRunObserver
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200] };

    private readonly Counter<long> runs;
    private readonly Histogram<double> runSeconds;
    private readonly Counter<long> tasks;
    private readonly Histogram<double> taskSeconds;
    private readonly Counter<long> rows;
    private readonly Gauge<long> symbols;
    private readonly Gauge<int> inProgress;

    public RunMetrics(Meter meter)
    {
        runs = meter.CreateCounter<long>("data_maintenance.runs", null, "Runs that ended, by result: success, failed, cancelled.");
        runSeconds = meter.CreateHistogram("data_maintenance.run.duration", "s", "From a run's start to its end.", advice: Seconds);
        tasks = meter.CreateCounter<long>("data_maintenance.tasks", null, "Task attempts that ended, by state.");
        taskSeconds = meter.CreateHistogram("data_maintenance.task.duration", "s", "From a task's start to its end.", advice: Seconds);
        rows = meter.CreateCounter<long>("data_maintenance.rows", null, "Rows that tasks counted after writing them.");
        symbols = meter.CreateGauge<long>("data_maintenance.task.symbols", null, "Symbols that the newest attempt of a task counted.");
        inProgress = meter.CreateGauge<int>("data_maintenance.run.in_progress", null, "1 while a run goes on.");
        inProgress.Record(0);
    }

    /// <summary>Every task has failed no time yet: a count that first appears as one is no increase to whoever watches it.</summary>
    public void Begin()
    {
        foreach (var task in TaskNames.All) tasks.Add(0, new("task", task), new("state", TaskState.Failed.Text()));
    }

    public void RunStarted(RunStarted run) => inProgress.Record(1);

    public void TaskStarted(TaskStarted task)
    {
    }

    public void Progress(TaskProgress progress)
    {
    }

    public void TaskEnded(TaskEnded task)
    {
        var (result, name) = (task.Result, new KeyValuePair<string, object?>("task", task.Result.Task));
        tasks.Add(1, name, new("state", result.State.Text()));
        taskSeconds.Record(result.Duration.TotalSeconds, name);
        if (result.Counts.TryGetValue("rows", out var written)) rows.Add((long)written, name);
        if (result.Counts.TryGetValue("symbols", out var counted)) symbols.Record((long)counted, name);
    }

    public void RunEnded(RunResult result)
    {
        inProgress.Record(0);
        runs.Add(1, new("plan", result.Plan), new("trigger", result.Trigger), new("result", result.Success ? "success" : result.Cancelled ? "cancelled" : "failed"));
        runSeconds.Record(result.Duration.TotalSeconds, new KeyValuePair<string, object?>("plan", result.Plan));
    }
}
