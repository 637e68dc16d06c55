using System.Collections.Concurrent;
using System.Text.Json;
using Simulator.Rest;

namespace Simulator.Control;

/// <summary>What was asked since the start or the last reset: by route and outcome, and range requests by symbol.</summary>
internal sealed class RequestLog
{
    private readonly ConcurrentDictionary<(string Route, string Outcome), int> counts = new();
    private readonly ConcurrentDictionary<string, (int Asked, int Answered)> symbols = new(StringComparer.Ordinal);

    /// <param name="outcome">The status sent, or the fault that ended the reply: cut, reset, stall.</param>
    internal void Add(string route, string? symbol, string outcome)
    {
        counts.AddOrUpdate((route, outcome), 1, static (_, count) => count + 1);
        if (route != "range" || symbol is null) return;
        var answered = outcome == "200" ? 1 : 0;
        symbols.AddOrUpdate(symbol, (1, answered), (_, old) => (old.Asked + 1, old.Answered + answered));
    }

    internal void Reset()
    {
        counts.Clear();
        symbols.Clear();
    }

    internal Reply ByRoute() => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("total", counts.Values.Sum());
        json.WriteStartArray("requests");
        foreach (var ((route, outcome), count) in counts.OrderBy(entry => entry.Key.Route, StringComparer.Ordinal).ThenBy(entry => entry.Key.Outcome, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("route", route);
            json.WriteString("status", outcome);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Range requests: how often each symbol was asked for, and how often answered whole with 200.</summary>
    internal Reply BySymbol() => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("symbols");
        foreach (var (symbol, (asked, answered)) in symbols.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Row(json, symbol, asked, answered);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Row(Utf8JsonWriter json, string symbol, int asked, int answered)
    {
        json.WriteStartObject();
        json.WriteString("symbol", symbol);
        json.WriteNumber("asked", asked);
        json.WriteNumber("answered", answered);
        json.WriteEndObject();
    }
}
