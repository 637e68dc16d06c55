using System.Data;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>A result that streams, with the connection and the command it needs.</summary>
internal sealed class PostgresRows : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand command;
    private readonly NpgsqlDataReader reader;
    private readonly PostgresTrouble trouble;

    private PostgresRows(NpgsqlConnection connection, NpgsqlCommand command, NpgsqlDataReader reader, PostgresTrouble trouble) =>
        (this.connection, this.command, this.reader, this.trouble) = (connection, command, reader, trouble);

    public static async Task<PostgresRows> OpenAsync(NpgsqlDataSource server, PostgresTrouble trouble, Func<NpgsqlConnection, NpgsqlCommand> ask, CancellationToken ct)
    {
        var connection = await server.OpenConnectionAsync(ct);
        NpgsqlCommand? command = null;
        try
        {
            command = ask(connection);
            return new(connection, command, await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct), trouble);
        }
        catch
        {
            if (command is not null) await command.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <returns>Whether there is another row; <see cref="Take"/> reads it then.</returns>
    /// <exception cref="StoreException">The connection broke.</exception>
    public ValueTask<bool> NextAsync(CancellationToken ct)
    {
        var next = reader.ReadAsync(ct);
        return next.IsCompletedSuccessfully ? new(next.Result) : new(AwaitedAsync(next));
    }

    /// <summary>The row, whose columns come one by one: the connection may break between two of them.</summary>
    /// <exception cref="StoreException">It did.</exception>
    public T Take<T>(Func<NpgsqlDataReader, T> row)
    {
        try
        {
            return row(reader);
        }
        catch (NpgsqlException e)
        {
            throw trouble.Told(e);
        }
    }

    private async Task<bool> AwaitedAsync(Task<bool> next)
    {
        try
        {
            return await next;
        }
        catch (NpgsqlException e)
        {
            throw trouble.Told(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }
}
