using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Api;

/// <summary>What the checks found: <c>/api/findings</c>, accepted by a person, or healed by loading the session again.</summary>
internal static class FindingsApi
{
    private const int MostFindings = 10_000;

    public static void MapFindings(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/api/findings", async (bool? open, int? limit, CancellationToken ct) => (await wiring.Store.FindingsAsync(open ?? true, RunsApi.Limit(limit, 100, MostFindings), ct)).Select(FindingAnswer.Of).ToArray())
            .Tells<IReadOnlyList<FindingAnswer>>("Findings", "What the checks found, newest first; open=false for those closed as well", 400);
        app.MapPost("/api/findings/{id:long}/accept", async (long id, HttpRequest request, CancellationToken ct) => await AcceptAsync(wiring, id, await Body.ReadAsync(request, new AcceptBody(), ct), ct))
            .Changes<FindingAnswer>("Findings", "Say that a finding is as it should be; it is not raised again while its value is the same", 200, 400, 404, 409).Takes<AcceptBody>(optional: true);
        app.MapPost("/api/findings/{id:long}/heal", async (long id, CancellationToken ct) =>
                await RunsApi.StartAsync(wiring, (Healing(await GetAsync(wiring.Store, id, ct), wiring), false), "The session is loaded again", ct))
            .Changes<StartedShape>("Findings", "Load the finding's session again, so that it heals if the source is right by now", 202, 404, 409);
    }

    private static async Task<FindingAnswer> AcceptAsync(Wiring wiring, long id, AcceptBody body, CancellationToken ct) =>
        FindingAnswer.Of(await AcceptAsync(wiring.Store, id, string.IsNullOrWhiteSpace(body.By) ? "HTTP" : body.By, body.Why, wiring.Clock, ct));

    /// <summary>Accepts an open finding; one that is accepted already stays as it is.</summary>
    /// <exception cref="NotHereException">There is none of that id.</exception>
    /// <exception cref="NotNowException">It is healed.</exception>
    internal static async Task<Finding> AcceptAsync(IStore store, long id, string by, string? why, TimeProvider clock, CancellationToken ct)
    {
        var before = await GetAsync(store, id, ct);
        if (before.State == FindingState.Accepted) return before;
        if (before.State != FindingState.Open) throw new NotNowException($"finding {id} is {Word(before.State)} already");
        var (who, reason) = (Line(by), string.IsNullOrWhiteSpace(why) ? null : Line(why));
        var after = await store.AcceptFindingAsync(id, who, reason, clock.GetUtcNow(), ct) ?? before;
        var text = $"finding {id} ({after.Rule}{(after.Symbol is { } symbol ? $" of {symbol}" : "")}) accepted by {who}{(reason is null ? "" : $": {reason}")}";
        await store.RecordEventAsync(new("finding_accepted", id.ToString(System.Globalization.CultureInfo.InvariantCulture), after.Date, text, clock.GetUtcNow(), Wiring.Instance), ct);
        return after;
    }

    private static string Line(string text) => text.Trim().ReplaceLineEndings(" ");

    /// <exception cref="NotNowException">It is healed: to load its session once more could only find anew what was settled.</exception>
    private static RunRequest Healing(Finding finding, Wiring wiring)
    {
        if (finding.State == FindingState.Healed) throw new NotNowException($"finding {finding.Id} is healed already");
        if (finding.Dataset == "splits") return new(wiring.Calendar.NewestEnded(wiring.Clock.GetUtcNow()), Plan.Nightly, "trigger", [TaskNames.ReconcileSplits, TaskNames.SyncRedis], Force: true);
        return RunRequest.Backfill([finding.Date], "trigger", [finding.Dataset == "slots" ? TaskNames.LoadVolumeSlots : TaskNames.LoadOhlc], force: true);
    }

    private static async Task<Finding> GetAsync(IStore store, long id, CancellationToken ct) =>
        await store.FindFindingAsync(id, ct) ?? throw new NotHereException($"there is no finding {id}; GET /api/findings shows those there are");

    internal static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>The body of <c>POST /api/findings/{id}/accept</c>.</summary>
/// <param name="By">Who accepts it; for people.</param>
/// <param name="Why">For people.</param>
public sealed record AcceptBody(string? By = null, string? Why = null);

/// <param name="Symbol">Null when it concerns the whole day.</param>
/// <param name="Rule">The check's name.</param>
/// <param name="State">open, healed or accepted.</param>
/// <param name="ClosedBy">The task whose look found it sound, or the person who accepted it.</param>
/// <param name="Why">The reason that person gave.</param>
public sealed record FindingAnswer(
    long Id, string Dataset, DateOnly Date, string? Symbol, string Rule, string Severity, string Value, string Expectation, string State, DateTimeOffset FoundAt, DateTimeOffset? ClosedAt,
    string? ClosedBy, string? Why)
{
    public static FindingAnswer Of(Finding f) =>
        new(f.Id, f.Dataset, f.Date, f.Symbol?.Text, f.Rule, FindingsApi.Word(f.Severity), f.Value, f.Expectation, FindingsApi.Word(f.State), f.FoundAt, f.ClosedAt, f.ClosedBy, f.Why);
}
