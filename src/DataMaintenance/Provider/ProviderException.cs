namespace DataMaintenance.Provider;

/// <summary>Why the provider did not give what was asked.</summary>
public enum ProviderFault
{
    /// <summary>No connection, a reset, a cut body, a time-out, 5xx: another attempt can help.</summary>
    Unavailable,
    /// <summary>429 after every attempt.</summary>
    Throttled,
    /// <summary>401: no key, or an unknown one.</summary>
    Unauthorized,
    /// <summary>403: the plan does not include this endpoint.</summary>
    NotEntitled,
    /// <summary>403: the date is older than the plan allows.</summary>
    TooOld,
    /// <summary>403 or 404: not published yet.</summary>
    NotYet,
    /// <summary>404: the source has no such thing.</summary>
    NotFound,
    /// <summary>400: our request was refused.</summary>
    BadRequest,
    /// <summary>An answer that makes no sense: names the endpoint, the symbol and the field.</summary>
    Nonsense,
}

/// <summary>A failure at the provider. The message says what was asked, what was expected, what came; it never holds the key.</summary>
public sealed class ProviderException(ProviderFault fault, string endpoint, string message, Exception? inner = null)
    : Exception($"{endpoint}: {message}", inner)
{
    public ProviderFault Fault { get; } = fault;
    public string Endpoint { get; } = endpoint;

    /// <summary>The message without the endpoint.</summary>
    public string Reason { get; } = message;

    /// <summary>How long the provider asked us to wait before another attempt; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether asking again later can help.</summary>
    public bool Transient => Fault is ProviderFault.Unavailable or ProviderFault.Throttled;
}
