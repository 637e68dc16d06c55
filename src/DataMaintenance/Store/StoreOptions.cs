namespace DataMaintenance.Store;

/// <summary>Where the facts are kept. Section <c>Store</c>, checked at start.</summary>
public sealed record StoreOptions
{
    public StoreKind Kind { get; init; } = StoreKind.Embedded;
    /// <summary>Kind=Embedded: a folder, made if absent.</summary>
    public string Path { get; init; } = "data";
    /// <summary>Kind=Postgres.</summary>
    public string? ConnectionString { get; init; }
    /// <summary>Kind=Postgres: the schema that holds our tables.</summary>
    public string Schema { get; init; } = "public";
    /// <summary>Kind=Embedded: memory DuckDB may take, in MB, 64 to 65536.</summary>
    public int MemoryMegabytes { get; init; } = 512;
    /// <summary>Kind=Embedded: threads DuckDB may use; 0 = one a core.</summary>
    public int Threads { get; init; }
}

public enum StoreKind { Embedded, Postgres }
