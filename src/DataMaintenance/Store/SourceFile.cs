namespace DataMaintenance.Store;

/// <summary>The flat file that a session of a dataset was last read from. One that is published again has another ETag.</summary>
/// <param name="Name">Its key in the bucket, or its path.</param>
/// <param name="Bytes">Packed, as it lies there.</param>
/// <param name="LastModified">When the provider published it.</param>
public sealed record SourceFile(Dataset Dataset, DateOnly Date, string Name, string ETag, long Bytes, DateTimeOffset LastModified, DateTimeOffset ReadAt);
