using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Api;

/// <summary>What is held of one session, against what was said to have been written: rows against coverage symbol by symbol, state keys against the journal.</summary>
internal sealed class SessionVerification(IStore store, RunState state, TradingCalendar calendar, TimeProvider clock)
{
    /// <summary>The state of a dataset of which the session has nothing.</summary>
    public const string NeverLoaded = "never loaded";

    /// <param name="cannot">Takes what cannot be compared, in words.</param>
    public async Task<JsonObject> OfAsync(DateOnly session, JsonArray cannot, CancellationToken ct)
    {
        var answer = new JsonObject { ["verified"] = true };
        foreach (var dataset in Enum.GetValues<Dataset>()) Add(dataset.ToString().ToLowerInvariant(), await FactsAsync(dataset, session, cannot, ct));
        Add("state", await StateAsync(session, cannot, ct));
        return answer;

        void Add(string what, JsonObject told)
        {
            answer[what] = told;
            if (told["state"]!.GetValue<string>() is not ("verified" or "not comparable")) answer["verified"] = false;
        }
    }

    private async Task<JsonObject> FactsAsync(Dataset dataset, DateOnly session, JsonArray cannot, CancellationToken ct)
    {
        var day = (await store.DayCoverageAsync(dataset, session, session, ct)).SingleOrDefault();
        var found = await store.CountBySymbolAsync(dataset, session, ct);
        var rows = found.Values.Sum(n => (long)n);
        var told = new JsonObject { ["state"] = "verified", ["rows"] = rows, ["coverage_rows"] = day?.Rows, ["symbols"] = new JsonArray() };
        if (day is null)
        {
            told["state"] = rows == 0 ? NeverLoaded : $"{rows:N0} rows that nobody is known to have loaded";
            return told;
        }

        if (dataset == Dataset.Slots && rows == 0 && day.Rows > 0 && session < calendar.LastSessions(Recent, calendar.NewestEnded(clock.GetUtcNow()))[0])
        {
            told["state"] = "not comparable";
            cannot.Add($"slots of {StatusDocument.Day(session)}: {day.Rows:N0} rows were loaded, and have been cleaned up since");
            return told;
        }

        var covered = await store.SymbolCoverageAsync(dataset, session, ct);
        var wrong = covered.Keys.Union(found.Keys).Where(s => (covered.GetValueOrDefault(s)?.Rows ?? 0) != found.GetValueOrDefault(s)).Order().ToArray();
        if (wrong.Length > 0 || day.Rows != rows) told["state"] = $"{rows:N0} rows where coverage counted {day.Rows:N0}; {wrong.Length:N0} symbols differ";
        told["symbols"] = new JsonArray([.. wrong.Take(Verification.MostNamed).Select(s => (JsonNode)s.Text)]);
        return told;
    }

    /// <summary>Slots of so many sessions are certainly kept.</summary>
    private const int Recent = 10;

    private async Task<JsonObject> StateAsync(DateOnly session, JsonArray cannot, CancellationToken ct)
    {
        var disagreement = await state.DisagreementAsync(session, ct);
        if (disagreement != RunState.Absent || session >= calendar.LastSessions(Rebuild.StateSessions, calendar.NewestEnded(clock.GetUtcNow()))[0])
            return new() { ["state"] = disagreement ?? "verified" };
        cannot.Add($"the state of {StatusDocument.Day(session)}: its keys are kept for the last {Rebuild.StateSessions} sessions, and are gone");
        return new() { ["state"] = "not comparable" };
    }
}
