using DataMaintenance.Store;

namespace DataMaintenance.Api;

/// <summary>What the command line offers, over HTTP: <c>/api/verify</c>, <c>/api/export/{kind}</c>, <c>/api/doctor</c>.</summary>
internal static class ReadApi
{
    public static void MapReading(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/api/verify", async (string? date, string? against_prefix, double? tolerance, CancellationToken ct) => RunsApi.Json(against_prefix is null
                ? await wiring.Verification.RunAsync(RunsApi.Date("date", date), ct)
                : await Verification.AgainstAsync(wiring.Redis, wiring.Settings.Redis, against_prefix, tolerance ?? Cache.ShadowComparison.UsualTolerance, ct)))
            .Tells<VerificationShape>("Checks", "Compute every derived value again from the store and compare it with Redis; of a past session what can be; with against_prefix compare our keys with another service's instead", 400, 503).Heavy();
        app.MapGet("/api/stale", async (CancellationToken ct) => RunsApi.Json(await new StaleAnswer(wiring.Families).OfAsync(ct)))
            .Tells<StaleShape>("Checks", "The derived values whose own inputs are others than those they were published from, by name", 503).Heavy();
        app.MapGet("/api/doctor", async (CancellationToken ct) => RunsApi.Json(await new Checkup(wiring).RunAsync(ct)))
            .Tells<DoctorShape>("Checks", "Settings, servers, disk, the provider's entitlements, what is stale").Heavy();
        app.MapGet("/api/export/{kind}", async (string kind, string? from, string? to, string? symbols, bool? raw, string? as_of, HttpContext context, CancellationToken ct) =>
        {
            var request = Request(kind, from, to, symbols, raw, as_of);
            await BoundAsync(wiring, request, ct);
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{kind}.csv\"";
            return Results.Stream(async stream => await new Exports(wiring.Store, wiring.Calendar, wiring.Settings.Values, wiring.Clock).WriteCsvAsync(request, stream, ct), "text/csv");
        }).Tells<string>("Read side", "Facts or derived values of a range of sessions as CSV; a connection that breaks off means that it is not whole", 400).Produces<string>(200, "text/csv").Heavy();
    }

    private static ExportRequest Request(string kind, string? from, string? to, string? symbols, bool? raw, string? asOf)
    {
        if (!Exports.Kinds.Contains(kind)) throw new BadRequestException($"kind: expected {string.Join(", ", Exports.Kinds)}, got '{kind}'");
        if (raw == true && kind is not ("daily" or "slots")) throw new BadRequestException($"raw: is for daily and slots; {kind} is always computed from adjusted facts");
        var names = symbols?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(RunsApi.Symbol).ToHashSet();
        if (names is { Count: 0 }) throw new BadRequestException("symbols: expected symbols separated by commas, got none");
        var request = new ExportRequest(kind, RunsApi.Date("from", from), RunsApi.Date("to", to), names, raw ?? false, RunsApi.Date("as_of", asOf));
        return request.From > request.To ? throw new BadRequestException($"to: {request.To:yyyy-MM-dd} lies before from, {request.From:yyyy-MM-dd}") : request;
    }

    /// <summary>Refused before it begins, by what coverage says it would be.</summary>
    private static async Task BoundAsync(Wiring wiring, ExportRequest request, CancellationToken ct)
    {
        if (request.Kind == "metadata") return;
        var slots = request.Kind is "slots" or "rvol";
        var days = await wiring.Store.DayCoverageAsync(slots ? Dataset.Slots : Dataset.Daily, request.From ?? DateOnly.MinValue, request.To ?? DateOnly.MaxValue, ct);
        var wanted = request.From is null && request.Kind is not ("daily" or "slots") ? days.TakeLast(1) : days;
        var each = request.Kind == "rvol" ? wiring.Settings.Values.Grid.Count : 1;
        var rows = request.Symbols is { } symbols ? (long)wanted.Count() * symbols.Count * (slots ? wiring.Settings.Values.Grid.Count : 1)
            : request.Kind == "rvol" ? (long)wanted.Count() * each * (await wiring.Store.UniverseAsync(ct)).Count
            : wanted.Sum(d => d.Rows);
        if (rows > wiring.Settings.Api.MaxExportRows)
            throw new BadRequestException($"this would be about {rows:N0} rows, at most {wiring.Settings.Api.MaxExportRows:N0} in one call (Api:MaxExportRows); ask for fewer sessions or symbols");
    }
}
