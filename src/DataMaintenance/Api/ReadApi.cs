using Market;

namespace DataMaintenance.Api;

/// <summary>What the command line offers, over HTTP: <c>/api/verify</c>, <c>/api/export/{kind}</c>, <c>/api/doctor</c>.</summary>
internal static class ReadApi
{
    public static void MapReading(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/api/verify", async (string? against_prefix, double? tolerance, CancellationToken ct) => RunsApi.Json(against_prefix is null
            ? await wiring.Verification.RunAsync(ct)
            : await Verification.AgainstAsync(wiring.Redis, wiring.Settings.Redis, against_prefix, tolerance ?? Cache.ShadowComparison.UsualTolerance, ct)));
        app.MapGet("/api/doctor", async (CancellationToken ct) => RunsApi.Json(await new Checkup(wiring).RunAsync(ct)));
        app.MapGet("/api/export/{kind}", (string kind, string? from, string? to, string? symbols, bool? raw, string? as_of) =>
        {
            if (!Exports.Kinds.Contains(kind)) throw new BadRequestException($"kind: expected {string.Join(", ", Exports.Kinds)}, got '{kind}'");
            var names = symbols?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (names?.FirstOrDefault(n => !Symbol.IsValid(n)) is { } odd) throw new BadRequestException($"symbols: '{odd}' is no symbol");
            var request = new ExportRequest(kind, Date("from", from), Date("to", to), names?.Select(n => new Symbol(n)).ToHashSet(), raw ?? false, Date("as_of", as_of));
            var exports = new Exports(wiring.Store, wiring.Calendar, wiring.Settings.Values, wiring.Clock);
            return Results.Stream(async stream => await exports.WriteCsvAsync(request, stream, CancellationToken.None), "text/csv");
        });
    }

    private static DateOnly? Date(string name, string? text) => text is null ? null : RunsApi.Date(name, text);
}
