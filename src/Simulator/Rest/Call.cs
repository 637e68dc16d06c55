using Microsoft.AspNetCore.Http;
using Simulator.Faults;

namespace Simulator.Rest;

/// <summary>One request as the routes see it: which route, its path parts, its query, the moment it sees.</summary>
internal sealed class Call
{
    /// <summary>Short name used by faults and counts: grouped, range, prev, open-close, tickers, ticker, types, splits, dividends, float, events, status, upcoming, snapshot; of the bucket file, file-head, files.</summary>
    internal required string Route { get; init; }
    /// <summary>Variable parts of the path, decoded, in order.</summary>
    internal required string[] Parts { get; init; }
    internal required IQueryCollection Query { get; init; }
    /// <summary>Scheme, host and port the caller used: what next_url points to.</summary>
    internal required string Root { get; init; }
    internal required string Path { get; init; }
    internal required string RequestId { get; init; }
    internal required Moment Now { get; init; }
    internal required Plan Plan { get; init; }
    internal Fault[] Faults { get; set; } = [];

    /// <summary>The ticker the request is about; null for routes over all.</summary>
    internal string? Ticker => Route switch
    {
        "range" or "prev" or "open-close" or "ticker" or "events" => Parts[0],
        "snapshot" when Parts.Length > 0 => Parts[0],
        _ => null,
    };

    internal Fault? Find(string kind)
    {
        foreach (var fault in Faults)
            if (fault.Kind == kind) return fault;
        return null;
    }

    internal string? this[string key] => Query.TryGetValue(key, out var value) && value.Count > 0 ? value[0] : null;

    internal bool Flag(string key, bool otherwise) => this[key] is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) || text == "1" : otherwise;
}
