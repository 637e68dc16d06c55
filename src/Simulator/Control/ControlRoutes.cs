using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Simulator.Faults;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.Control;

/// <summary>
/// <c>/_control</c>: <c>POST clock</c>, <c>POST</c>, <c>GET</c> and <c>DELETE faults</c>, <c>GET requests[?by=symbol]</c>,
/// <c>POST requests/reset</c>, <c>GET world</c>. No key is needed, nothing here is counted, no fault strikes here.
/// </summary>
internal sealed class ControlRoutes(SimulatedMarket market, SimulatedClock clock, FaultBook faults, RequestLog log)
{
    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true };

    internal async Task<Reply> AnswerAsync(HttpContext context, string path, CancellationToken ct)
    {
        try
        {
            return (context.Request.Method, path) switch
            {
                ("POST", "/_control/clock") => SetClock(await ReadAsync<ClockChange>(context, ct)),
                ("GET", "/_control/clock") => Clock(),
                ("POST", "/_control/faults") => AddFault(await ReadAsync<Fault>(context, ct)),
                ("GET", "/_control/faults") => Faults(),
                ("DELETE", "/_control/faults") => ClearFaults(),
                ("GET", "/_control/requests") => context.Request.Query["by"] == "symbol" ? log.BySymbol() : log.ByRoute(),
                ("POST", "/_control/requests/reset") => ResetLog(),
                ("GET", "/_control/world") => World(),
                _ => Reply.UnknownPath(),
            };
        }
        catch (JsonException unreadable)
        {
            return Refuse("The body is not the JSON expected here: " + unreadable.Message);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, CancellationToken ct) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Naming, ct) ?? throw new JsonException("it is null.");

    private Reply SetClock(ClockChange change)
    {
        clock.Set(change.Now);
        return Clock();
    }

    private Reply Clock() => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("now", clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    });

    private Reply AddFault(Fault fault)
    {
        if (fault.Problem() is { } problem) return Refuse(problem);
        faults.Add(fault);
        return Faults();
    }

    private Reply ClearFaults()
    {
        faults.Clear();
        return Faults();
    }

    private Reply Faults() => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("faults");
        JsonSerializer.Serialize(json, faults.InForce, Naming);
        json.WriteEndObject();
    });

    private Reply ResetLog()
    {
        log.Reset();
        return log.ByRoute();
    }

    private Reply World() => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("seed", market.Seed);
        json.WriteNumber("symbols", market.Symbols);
        json.WriteString("first_day", SimulatedMarket.FirstDay.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("last_day", SimulatedMarket.LastDay.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("now", clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    });

    private static Reply Refuse(string problem) => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", problem);
        json.WriteEndObject();
    }, status: 400);

    private sealed record ClockChange
    {
        [System.Text.Json.Serialization.JsonRequired] public DateTimeOffset Now { get; init; }
    }
}
