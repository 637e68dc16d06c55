using System.Data.Common;
using DataMaintenance.Store;
using Npgsql;

namespace DataMaintenance.Tests.Store;

/// <summary>A database of the run's server, cloned from one that was migrated once; on a server that is not ours, a schema.</summary>
public sealed class PostgresTestStore : TestStore
{
    private static readonly Lazy<Task<string>> Template = new(MigrateTemplateAsync);

    private readonly string name = $"test_{Guid.NewGuid():n}";
    private PostgresServer? server;

    public PostgresServer Server => server ?? throw new InvalidOperationException("The database is not made yet.");

    public override StoreOptions Options => new()
    {
        Kind = StoreKind.Postgres,
        ConnectionString = Server.IsForeign ? Server.ConnectionString : In(Server, name),
        Schema = Server.IsForeign ? name : "public",
    };

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"{Options.ConnectionString};Search Path={Options.Schema};Pooling=false");
        await connection.OpenAsync(Ct);
        return connection;
    }

    /// <summary>An empty database, or schema, that no store has opened.</summary>
    public async Task CreateEmptyAsync()
    {
        server = await PostgresServer.GetAsync();
        await server.ExecuteAsync(server.IsForeign ? $"CREATE SCHEMA {name}" : $"CREATE DATABASE {name}");
    }

    protected override async Task CreateAsync()
    {
        if (server is not null) return;
        server = await PostgresServer.GetAsync();
        if (!server.IsForeign) await server.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {await Template.Value}");
    }

    protected override void Remove()
    {
        if (server is null) return;
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var drop = new NpgsqlCommand(server.IsForeign ? $"DROP SCHEMA IF EXISTS {name} CASCADE" : $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        drop.ExecuteNonQuery();
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        const string Migrated = "migrated";
        var server = await PostgresServer.GetAsync();
        await server.ExecuteAsync($"CREATE DATABASE {Migrated}");
        await using (await StoreSetup.OpenAsync(new() { Kind = StoreKind.Postgres, ConnectionString = In(server, Migrated) }, TimeProvider.System, "template", CancellationToken.None))
        {
        }

        // The first to open a clone leads under epoch 1, as in an empty database.
        await using var connection = new NpgsqlConnection(In(server, Migrated) + ";Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("DELETE FROM leadership", [], CancellationToken.None);
        return Migrated;
    }

    private static string In(PostgresServer server, string database) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ToString();
}
