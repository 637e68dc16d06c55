using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Provider;

/// <summary>Which source, and how it is called. Section <c>Provider</c>, checked at start.</summary>
public sealed record ProviderOptions
{
    /// <summary>The provider's REST API, a folder of its flat files, or the simulated market.</summary>
    public ProviderKind Kind { get; init; } = ProviderKind.Massive;
    /// <summary>Root of the REST API; with Kind=Simulator the simulator's own address.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.massive.com");
    /// <summary>REST key; also understood as MASSIVE_API_KEY or POLYGON_API_KEY. Sent in a header only.</summary>
    public string? ApiKey { get; init; }
    /// <summary>Kind=Directory: the folder that holds <c>us_stocks_sip</c>.</summary>
    public string? Path { get; init; }
    /// <summary>Kind=Directory: CSV <c>symbol,execution_date,split_from,split_to</c>; default <c>splits.csv</c> beside the files.</summary>
    public string? SplitsPath { get; init; }
    /// <summary>Kind=Directory: CSV of metadata; default <c>tickers.csv</c> beside the files.</summary>
    public string? TickersPath { get; init; }
    /// <summary>The bucket of flat files beside the REST API.</summary>
    public FlatFilesOptions FlatFiles { get; init; } = new();
    /// <summary>Calls for bars in flight at once, 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxConcurrency { get; init; } = 10;
    /// <summary>Calls for ticker details in flight at once, 1 to 256.</summary>
    [Range(1, 256)]
    public int DetailsConcurrency { get; init; } = 5;
    /// <summary>Pause between two calls for details on one of those lanes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DetailsPause { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>Ceiling over all routes; 0 = none. The provider advises to stay under 100.</summary>
    [Range(0, 100_000)]
    public int CallsPerSecond { get; init; } = 95;
    /// <summary>Attempts a call, the first included, 1 to 10.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;
    /// <summary>Back-off before the second attempt; doubles, with jitter; a longer Retry-After wins.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
    /// <summary>Longest wait obeyed for one retry.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Budget for one attempt, connect to last byte.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Pages followed in one listing before it counts as a loop.</summary>
    [Range(1, 1_000_000)]
    public int MaxPages { get; init; } = 1_000;

    internal static IEnumerable<string> Mistakes(ProviderOptions options)
    {
        if (options.Kind == ProviderKind.Directory && string.IsNullOrWhiteSpace(options.Path))
            yield return "Provider:Path: Provider:Kind is Directory, which needs the folder that holds us_stocks_sip";
        if (options.ApiKey is { } key && key.Any(c => c is < '!' or > '~'))
            yield return "Provider:ApiKey: expected printable ASCII without blanks, which is all a header takes, got ***";
        var (access, secret) = (options.FlatFiles.AccessKey, options.FlatFiles.SecretKey);
        if (string.IsNullOrEmpty(access) != string.IsNullOrEmpty(secret))
            yield return $"Provider:FlatFiles:{(string.IsNullOrEmpty(access) ? "AccessKey" : "SecretKey")}: is missing, but the other key of the pair is given; the bucket needs both";
        if (options.MaxRetryDelay < options.RetryDelay)
            yield return "Provider:MaxRetryDelay: expected at least Provider:RetryDelay";
    }
}

public enum ProviderKind { Massive, Directory, Simulator }
