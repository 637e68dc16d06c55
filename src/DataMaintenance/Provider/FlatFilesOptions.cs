using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Provider;

/// <summary>The provider's bucket of flat files, beside its REST API. Used while both keys are given.</summary>
public sealed record FlatFilesOptions
{
    /// <summary>False: everything by REST, whatever keys are given.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>Root of the S3 service; with Kind=Simulator the simulator's own address.</summary>
    public Uri Endpoint { get; init; } = new("https://files.massive.com");
    /// <summary>Name of the bucket; addressed by path.</summary>
    public string Bucket { get; init; } = "flatfiles";
    /// <summary>S3 access key from the provider's dashboard; not the REST key.</summary>
    public string? AccessKey { get; init; }
    /// <summary>S3 secret key; never sent, requests are signed with it.</summary>
    public string? SecretKey { get; init; }
    /// <summary>Region of the signature.</summary>
    public string Region { get; init; } = "us-east-1";
    /// <summary>Ranges downloaded at once, over all files; the provider slows down each connection to about 1 MB/s.</summary>
    [Range(1, 128)]
    public int Concurrency { get; init; } = 16;
    /// <summary>Bytes of one range. Twice as many ranges as are downloaded at once are held in memory at most.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int RangeBytes { get; init; } = 2 * 1024 * 1024;
    /// <summary>Files read at once; each holds a day's slots in memory, about 60 MB.</summary>
    [Range(1, 16)]
    public int FilesAtOnce { get; init; } = 2;
    /// <summary>Attempts a range, the first included; one that brought bytes before it broke off goes on behind them and does not count.</summary>
    [Range(1, 20)]
    public int Attempts { get; init; } = 6;
    /// <summary>A connection that brings nothing for this long is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Symbols wanted of a session from which on its file is read; fewer are asked by REST, one call each.</summary>
    [Range(0, 100_000)]
    public int LeastSymbols { get; init; } = 500;

    /// <summary>Whether files are asked for at all.</summary>
    internal bool InUse => Enabled && !string.IsNullOrEmpty(AccessKey) && !string.IsNullOrEmpty(SecretKey);
}
