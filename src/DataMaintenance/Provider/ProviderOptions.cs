namespace DataMaintenance.Provider;

/// <summary>Which source, and how it is called. Section <c>Provider</c>, checked at start.</summary>
public sealed record ProviderOptions
{
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
    /// <summary>Calls for bars in flight at once, 1 to 256.</summary>
    public int MaxConcurrency { get; init; } = 10;
    /// <summary>Calls for ticker details in flight at once, 1 to 256.</summary>
    public int DetailsConcurrency { get; init; } = 5;
    /// <summary>Pause between two calls for details on one of those lanes.</summary>
    public TimeSpan DetailsPause { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>Ceiling over all routes; 0 = none. The provider advises to stay under 100.</summary>
    public int CallsPerSecond { get; init; } = 95;
    /// <summary>Attempts a call, the first included, 1 to 10.</summary>
    public int Attempts { get; init; } = 3;
    /// <summary>Back-off before the second attempt; doubles, with jitter; a longer Retry-After wins.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
    /// <summary>Longest wait obeyed for one retry.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Budget for one attempt, connect to last byte.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Pages followed in one listing before it counts as a loop.</summary>
    public int MaxPages { get; init; } = 1_000;
}

public enum ProviderKind { Massive, Directory, Simulator }
