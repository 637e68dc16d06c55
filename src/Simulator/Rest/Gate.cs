using Microsoft.AspNetCore.Http;

namespace Simulator.Rest;

/// <summary>Who may ask, and how often: the key in either form, and the free plan's five calls in a minute's window.</summary>
internal sealed class Gate(SimulatorOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Start, int Calls)> windows = new(StringComparer.Ordinal);

    /// <returns>The refusal, or null.</returns>
    internal Reply? Refuse(HttpRequest request, DateTimeOffset now, string requestId)
    {
        if (KeyOf(request) is not { } key) return Reply.Error(401, requestId, "API Key was not provided");
        if (options.Keys.Count > 0 && !options.Keys.Contains(key)) return Reply.Error(401, requestId, "Unknown API Key");
        return options.Plan == Plan.Basic && !Allows(key, now) ? Reply.Error(429, requestId, Entitlement.TooMany) : null;
    }

    private static string? KeyOf(HttpRequest request)
    {
        const string bearer = "Bearer ";
        string? header = request.Headers.Authorization;
        if (header is not null && header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) && header.Length > bearer.Length) return header[bearer.Length..];
        string? query = request.Query["apiKey"];
        return string.IsNullOrEmpty(query) ? null : query;
    }

    private bool Allows(string key, DateTimeOffset now)
    {
        lock (gate)
        {
            var (start, calls) = windows.GetValueOrDefault(key, (now, 0));
            if (now - start >= TimeSpan.FromMinutes(1) || now < start) (start, calls) = (now, 0);
            windows[key] = (start, calls + 1);
            return calls < Entitlement.BasicCallsPerMinute;
        }
    }
}
