using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Cli;

/// <summary>What a command asks to be run. Which days are sessions is for the store to say, or for the service that owns it: they may have learned of a day that no rule knows.</summary>
/// <param name="Request">The request, by the calendar that is in force where it is run here; throws <see cref="RequestException"/> over a date that is no session.</param>
/// <param name="Path">Where the service is asked the same.</param>
/// <param name="Body">What it is asked there; its dates are checked by its own calendar.</param>
internal sealed record Asked(Func<TradingCalendar, RunRequest> Request, string Path, JsonObject Body)
{
    public static JsonArray Names(IEnumerable<string> tasks) => [.. tasks.Select(t => (JsonNode)t)];
}
