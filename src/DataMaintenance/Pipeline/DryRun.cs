using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline.Reconciling;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>What a run would do: the gaps it would fill and the calls that takes. Writes nothing.</summary>
public sealed class DryRun(
    IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, Expectation expectation, TaskOptions options, ReconcileOptions reconcile, ProviderOptions provider, TimeProvider clock)
{
    /// <summary>The grouped reply, the day file found and read, the minute file found.</summary>
    private const int CallsASession = 4;

    public async Task<JsonObject> OfAsync(RunRequest request, CancellationToken ct)
    {
        var names = request.TaskNames.Select(TaskNames.Get).ToArray();
        var now = clock.GetUtcNow();
        var gaps = new JsonArray();
        var work = new Dictionary<string, double>(StringComparer.Ordinal);
        long calls = 0, bytes = 0;
        if (names.Contains(TaskNames.LoadOhlc))
        {
            var sessions = request.Range ?? calendar.LastSessions(options.DailySessions, request.Session);
            foreach (var due in await freshness.DueAsync(Dataset.Daily, sessions, now, request.Plan.FinalDelay, request.Force, ct))
            {
                gaps.Add(Gap("daily", due, null));
                calls++;
            }

            work[TaskNames.LoadOhlc] = gaps.Count;
        }

        if (names.Contains(TaskNames.LoadVolumeSlots))
        {
            var sessions = request.Range ?? calendar.LastSessions(options.SlotSessions, request.Session);
            var context = new RunContext(0, request.Session, request.Range, request.Force, request.Plan.FinalDelay, new HashSet<string>(), now, Silent.Observer);
            var wanted = await new SlotGaps(source, store, freshness, clock).FindAsync(context, sessions, new TaskReport(), discard: false, ct);
            var sources = await SlotSourcesAsync(wanted, ct);
            foreach (var due in wanted.Due) gaps.Add(Gap("slots", due, sources[due.Session].Symbols, sources[due.Session].Found));
            bytes = sources.Values.Sum(s => s.Found.File?.Bytes ?? 0);
            var asked = wanted.BySymbol.Count(s => s.Value.Any(date => sources[date].Found.File is null));
            calls += asked + sources.Values.Count(s => s.Found.File is not null);
            // What a file takes is known by its bytes alone.
            if (bytes == 0) work[TaskNames.LoadVolumeSlots] = asked;
        }

        if (names.Contains(TaskNames.ReconcileSessions))
        {
            var sessions = request.Range ?? calendar.LastSessions(reconcile.Sessions, request.Session);
            var files = await new Reissues(source, store).OfAsync(FileSet.Minutes, sessions, ct);
            calls += (CallsASession * sessions.Count) + files.Count;
            bytes += files.Sum(f => f.Bytes);
        }

        var universe = (await store.UniverseAsync(ct)).Count(e => e.IsActive);
        if (names.Contains(TaskNames.AutoRecover)) calls += 1 + (universe / 1_000);
        if (names.Contains(TaskNames.ReconcileSplits)) calls += 1 + ((await store.SplitsAsync(ct)).Count / 5_000);
        var details = names.Contains(TaskNames.EnrichMetadata) ? options.MetadataPerRun : 0;
        var (seconds, by) = await expectation.OfAsync(names, work, LimitSeconds(calls, details) + FileSeconds(bytes), ct);
        return new()
        {
            ["date"] = StatusDocument.Day(request.Session),
            ["plan"] = request.Plan.Name,
            ["tasks"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
            ["gaps"] = gaps,
            ["calls"] = calls,
            ["file_bytes"] = bytes,
            ["details_at_most"] = details,
            ["expected_seconds"] = seconds is { } expected ? Math.Round(expected, 1) : null,
            ["expected_by"] = by,
        };
    }

    /// <summary>Where each session's slots would come from: its minute file, or symbol by symbol.</summary>
    private async Task<IReadOnlyDictionary<DateOnly, (int Symbols, FileFound Found)>> SlotSourcesAsync(SlotsWanted wanted, CancellationToken ct)
    {
        var bySession = wanted.BySession();
        var found = new ConcurrentDictionary<DateOnly, (int, FileFound)>();
        await Parallel.ForEachAsync(wanted.Due, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = ct }, async (due, token) =>
        {
            var symbols = bySession.GetValueOrDefault(due.Session)?.Count ?? 0;
            found[due.Session] = (symbols, await source.FindFileAsync(FileSet.Minutes, due.Session, symbols, token));
        });
        return found;
    }

    /// <summary>The time the provider's limit on each connection takes.</summary>
    private double FileSeconds(long bytes) => provider.Kind == ProviderKind.Massive ? bytes / (BytesPerConnection * provider.FlatFiles.Concurrency) : 0;

    private const int LooksAtOnce = 8;
    private const double BytesPerConnection = 1.1e6;

    /// <summary>The time the configured limits alone take.</summary>
    private double LimitSeconds(long calls, int details)
    {
        var budget = provider.CallsPerSecond == 0 ? 0 : (calls + details) / (double)provider.CallsPerSecond;
        return budget + (details * provider.DetailsPause.TotalSeconds / provider.DetailsConcurrency);
    }

    private static JsonObject Gap(string dataset, Due due, int? symbols, FileFound? found = null)
    {
        var gap = new JsonObject { ["dataset"] = dataset, ["date"] = StatusDocument.Day(due.Session), ["why"] = due.Why };
        if (symbols is not null) gap["symbols"] = symbols;
        if (found is not null) gap["source"] = found.File is null ? "by symbol" : "file";
        if (found?.File is { } file) gap["bytes"] = file.Bytes;
        else if (found is { State: not FileState.NotWorthIt }) gap["no_file"] = found.Said;
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
