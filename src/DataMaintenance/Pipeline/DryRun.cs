using System.Text.Json.Nodes;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>What a run would do: the gaps it would fill and the calls that takes. Writes nothing.</summary>
public sealed class DryRun(IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, TaskOptions options, ProviderOptions provider, TimeProvider clock)
{
    public async Task<JsonObject> OfAsync(RunRequest request, CancellationToken ct)
    {
        var names = request.TaskNames.Select(TaskNames.Get).ToArray();
        var now = clock.GetUtcNow();
        var gaps = new JsonArray();
        long calls = 0;
        if (names.Contains(TaskNames.LoadOhlc))
        {
            var sessions = request.Range ?? calendar.LastSessions(options.DailySessions, request.Session);
            foreach (var due in await freshness.DueAsync(Dataset.Daily, sessions, now, request.Plan.FinalDelay, request.Force, ct))
            {
                gaps.Add(Gap("daily", due, null));
                calls++;
            }
        }

        if (names.Contains(TaskNames.LoadVolumeSlots))
        {
            var sessions = request.Range ?? calendar.LastSessions(options.SlotSessions, request.Session);
            var context = new RunContext(0, request.Session, request.Range, request.Force, request.Plan.FinalDelay, new HashSet<string>(), now, Silent.Observer);
            var wanted = await new SlotGaps(source, store, freshness, clock).FindAsync(context, sessions, new TaskReport(), discard: false, ct);
            foreach (var due in wanted.Due) gaps.Add(Gap("slots", due, wanted.BySymbol.Count(s => s.Value.Contains(due.Session))));
            calls += wanted.BySymbol.Count;
        }

        var universe = (await store.UniverseAsync(ct)).Count(e => e.IsActive);
        if (names.Contains(TaskNames.AutoRecover)) calls += 1 + (universe / 1_000);
        if (names.Contains(TaskNames.ReconcileSplits)) calls += 1 + ((await store.SplitsAsync(ct)).Count / 5_000);
        var details = names.Contains(TaskNames.EnrichMetadata) ? options.MetadataPerRun : 0;
        return new()
        {
            ["date"] = StatusDocument.Day(request.Session),
            ["plan"] = request.Plan.Name,
            ["tasks"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
            ["gaps"] = gaps,
            ["calls"] = calls,
            ["details_at_most"] = details,
            ["expected_seconds"] = Math.Round(ExpectedSeconds(calls, details), 1),
        };
    }

    /// <summary>The time the configured limits alone take; storing and computing are small against it.</summary>
    private double ExpectedSeconds(long calls, int details)
    {
        var budget = provider.CallsPerSecond == 0 ? 0 : (calls + details) / (double)provider.CallsPerSecond;
        return budget + (details * provider.DetailsPause.TotalSeconds / provider.DetailsConcurrency);
    }

    private static JsonObject Gap(string dataset, Due due, int? symbols)
    {
        var gap = new JsonObject { ["dataset"] = dataset, ["date"] = StatusDocument.Day(due.Session), ["why"] = due.Why };
        if (symbols is not null) gap["symbols"] = symbols;
        return gap;
    }
}

/// <summary>Watches nothing.</summary>
public sealed class Silent : IRunObserver
{
    public static readonly IRunObserver Observer = new Silent();
    public void RunStarted(RunStarted run) { }
    public void TaskStarted(TaskStarted task) { }
    public void Progress(TaskProgress progress) { }
    public void TaskEnded(TaskEnded task) { }
    public void RunEnded(RunResult result) { }
}
