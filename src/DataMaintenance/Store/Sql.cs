using System.Data.Common;

namespace DataMaintenance.Store;

/// <summary>Commands with positional parameters (<c>$1</c>) over ADO.NET, as both engines understand them. They run in the connection's transaction, if one is open.</summary>
internal static class Sql
{
    /// <returns>Rows changed.</returns>
    public static async Task<int> ExecuteAsync(this DbConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first column of the first row; <c>default</c> when there is none or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(this DbConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    public static async Task<List<T>> QueryAsync<T>(this DbConnection connection, string sql, object?[] values, Func<DbDataReader, T> read, CancellationToken ct)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    public static TCommand With<TCommand>(this TCommand command, params ReadOnlySpan<object?> values) where TCommand : DbCommand
    {
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static T? ValueOrNull<T>(this DbDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static DbCommand Command(DbConnection connection, string sql, object?[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.With(values);
    }
}
