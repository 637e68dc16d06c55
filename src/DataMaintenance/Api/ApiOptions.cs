using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Api;

/// <summary>Section <c>Api</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>Where to listen, separated by semicolons; other than loopback only with a key.</summary>
    [MinLength(1)]
    public string Urls { get; init; } = "http://127.0.0.1:8008";
    /// <summary>Where others reach this instance, as the leader tells it to them: <c>http://maintenance-1:8008</c>. Default: where it listens, which for every address means loopback.</summary>
    public Uri? PublicUrl { get; init; }
    /// <summary>Needed by calls that change something, in <c>X-Api-Key</c> or as a bearer token.</summary>
    public string? Key { get; init; }
    /// <summary>Calls that change something, a minute, from everybody together.</summary>
    [Range(1, 100_000)]
    public int ChangesPerMinute { get; init; } = 120;
    /// <summary>Exports, verifications and checkups at the same time; one more is answered 429.</summary>
    [Range(1, 100)]
    public int HeavyCalls { get; init; } = 4;
    /// <summary>Largest body of a request, KiB.</summary>
    [Range(1, 10_240)]
    public int MaxBodyKilobytes { get; init; } = 64;
    /// <summary>Symbols in one call to <c>/api/metadata/bulk</c>.</summary>
    [Range(1, 20_000)]
    public int MaxBulkSymbols { get; init; } = 500;
    /// <summary>Rows of one export over HTTP, as coverage counts them beforehand.</summary>
    [Range(1L, 10_000_000_000L)]
    public long MaxExportRows { get; init; } = 100_000_000;
    /// <summary>Clients that follow <c>/events</c> at the same time.</summary>
    [Range(1, 10_000)]
    public int MaxEventClients { get; init; } = 100;

    internal static IEnumerable<string> Mistakes(ApiOptions options)
    {
        if (options.Key is { Length: > 0 } key && (key != key.Trim() || key.Any(c => c is < ' ' or > '~')))
            yield return "Api:Key: expected letters, digits and signs of ASCII without a blank at either end, since no header carries others; got something else (not shown, since it is secret)";
        foreach (var text in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A host of * or + means every address, and no URL allows it.
            var plain = text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(plain, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                yield return $"Api:Urls: expected URLs such as http://127.0.0.1:8008, got '{text}'";
            else if (!url.IsLoopback && string.IsNullOrEmpty(options.Key))
                yield return $"Api:Key: Api:Urls names '{text}', which others can reach, and that needs a key";
        }
    }
}
