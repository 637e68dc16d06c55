using System.Data.Common;
using DataMaintenance.Store;
using DuckDB.NET.Data;

namespace DataMaintenance.Tests.Store;

/// <summary>A DuckDB file in a temporary folder.</summary>
public sealed class DuckDbTestStore : TestStore
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("store-test-");

    public string Folder => folder.FullName;

    public string File => Path.Combine(Folder, "market.duckdb");

    public override StoreOptions Options => new() { Path = Folder, MemoryMegabytes = 256, Threads = 2 };

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new DuckDBConnection($"Data Source={File}");
        await connection.OpenAsync(Ct);
        return connection;
    }

    protected override void Remove() => folder.Delete(recursive: true);
}
