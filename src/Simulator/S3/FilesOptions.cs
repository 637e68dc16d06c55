namespace Simulator.S3;

/// <summary>The bucket of flat files beside the REST API: same port, path style, <c>/flatfiles/us_stocks_sip/…</c>.</summary>
public sealed record FilesOptions
{
    /// <summary>Name of the bucket, as at the provider.</summary>
    public const string Bucket = "flatfiles";

    /// <summary>The one access key that is known.</summary>
    public string AccessKey { get; init; } = "simulated-access-key";
    /// <summary>What requests are signed with.</summary>
    public string SecretKey { get; init; } = "simulated-secret-key";
    /// <summary>Sets the plan includes; a key of another one is listed, and refused.</summary>
    public IReadOnlyList<string> Sets { get; init; } = ["day_aggs_v1", "minute_aggs_v1"];
    /// <summary>Ceiling of one connection; 0 = none. The provider's lies at about 1,150,000.</summary>
    public int BytesPerSecond { get; init; }
    /// <summary>Where files are kept once made; null: a temporary folder that keeps the newest few and goes with the simulator.</summary>
    public string? Folder { get; init; }
}
