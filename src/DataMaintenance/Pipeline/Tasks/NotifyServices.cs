using System.Text.Json.Nodes;
using DataMaintenance.Cache;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Tells other programs that derived data can be read again: <c>maintenance:completed</c> and the configured URLs.</summary>
public sealed class NotifyServices(Events events, NotifyOptions notify, HttpClient http, TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.NotifyServices;
    public IReadOnlyList<string> After => [.. TaskNames.All.Where(t => t is not (TaskNames.NotifyServices or TaskNames.CleanupOldData))];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var ended = run.Ended;
        if (!run.Force && !run.Explicit.Contains(Name) && ended.Count > 0 && ended.Values.All(s => s == TaskState.Skipped))
            return report.Ok("nothing changed in this run, so there is nothing to reload");

        report.Worked();
        var tasks = new JsonObject(ended.OrderBy(t => TaskNames.All.ToList().IndexOf(t.Key)).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value.Text())));
        var message = new JsonObject
        {
            ["event"] = "maintenance_completed",
            ["date"] = StatusDocument.Day(run.Session),
            ["timestamp"] = StatusDocument.Instant(clock.GetUtcNow()),
            ["all_success"] = ended.Values.All(s => s.IsSuccess()),
            ["tasks"] = tasks,
        };
        var receivers = await events.CompletedAsync(message.ToJsonString(), ct);
        if (receivers == 0) report.Warn("maintenance:completed had no receiver");
        else report.Ok($"maintenance:completed reached {receivers:N0} receivers");

        var reached = notify.Enabled ? await Notices.PostAsync(http, notify.CompletedUrls, message.ToJsonString(), report, ct) : 0;
        return report.Count("receivers", receivers).Count("urls", reached);
    }
}
