using System.ComponentModel.DataAnnotations;
using Market;

namespace DataMaintenance.Store;

/// <summary>Where the facts are kept. Section <c>Store</c>, checked at start.</summary>
public sealed record StoreOptions
{
    /// <summary>DuckDB in this process, or a PostgreSQL server, with or without TimescaleDB.</summary>
    public StoreKind Kind { get; init; } = StoreKind.Embedded;
    /// <summary>Kind=Embedded: a folder, made if absent.</summary>
    [MinLength(1)]
    public string Path { get; init; } = "data";
    /// <summary>Kind=Postgres: an Npgsql connection string.</summary>
    public string? ConnectionString { get; init; }
    /// <summary>Kind=Postgres: the password, where the connection string carries none.</summary>
    public string? Password { get; init; }
    /// <summary>Kind=Postgres: the schema that holds our tables.</summary>
    [MinLength(1)]
    public string Schema { get; init; } = "public";
    /// <summary>Kind=Embedded: memory DuckDB may take, in MB, 64 to 65536.</summary>
    [Range(64, 65_536)]
    public int MemoryMegabytes { get; init; } = 512;
    /// <summary>Kind=Embedded: threads DuckDB may use; 0 = one a core.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>
    /// The grid slots are numbered on, set from <c>Slots:Session</c>; null = the one the store holds. Opening a store whose slots are on
    /// another grid empties it of them and of their coverage, so that they are due again.
    /// </summary>
    internal SlotGrid? Grid { get; init; }

    internal static IEnumerable<string> Mistakes(StoreOptions options)
    {
        if (options.Kind == StoreKind.Embedded && File.Exists(options.Path))
            yield return $"Store:Path: expected a folder, '{options.Path}' is a file";
        if (options.Kind == StoreKind.Postgres && string.IsNullOrWhiteSpace(options.ConnectionString))
            yield return "Store:ConnectionString: Store:Kind is Postgres, which needs one, such as Host=localhost;Database=market;Username=maintenance";
    }
}

public enum StoreKind { Embedded, Postgres }
