namespace DataMaintenance.Api;

/// <summary>Section <c>Api</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>Where to listen; other than loopback only with a <see cref="Key"/>.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8008";
    /// <summary>Needed by calls that change something, in <c>X-Api-Key</c> or as a bearer token.</summary>
    public string? Key { get; init; }
}
