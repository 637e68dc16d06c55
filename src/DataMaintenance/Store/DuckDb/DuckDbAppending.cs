using DuckDB.NET.Data;

namespace DataMaintenance.Store;

/// <summary>DuckDB's appender. Inside a transaction it is rolled back with it; every value must have its column's exact width.</summary>
internal static class DuckDbAppending
{
    /// <param name="table">With its schema, where that is not <c>main</c>.</param>
    public static void Append(this DuckDBConnection connection, string table, Action<DuckDBAppender> fill)
    {
        var dot = table.IndexOf('.', StringComparison.Ordinal);
        var appender = dot < 0 ? connection.CreateAppender(table) : connection.CreateAppender(table[..dot], table[(dot + 1)..]);
        try
        {
            fill(appender);
        }
        catch
        {
            Abandon(appender);
            throw;
        }

        appender.Dispose();
    }

    public static IDuckDBAppenderRow Values(this IDuckDBAppenderRow row, object?[] values)
    {
        foreach (var value in values)
        {
            _ = value switch
            {
                null => row.AppendNullValue(),
                string text => row.AppendValue(text),
                long number => row.AppendValue((long?)number),
                int number => row.AppendValue((int?)number),
                double number => row.AppendValue((double?)number),
                bool flag => row.AppendValue((bool?)flag),
                DateOnly day => row.AppendValue((DateOnly?)day),
                DateTimeOffset instant => row.AppendValue((DateTimeOffset?)instant),
                _ => throw new ArgumentException($"No column takes a {value.GetType().Name}.", nameof(values)),
            };
        }

        return row;
    }

    private static void Abandon(DuckDBAppender appender)
    {
        try
        {
            appender.Dispose();
        }
        catch (DuckDBException)
        {
            // It complains that the transaction is aborted; the exception that aborted it is the one to be seen.
        }
    }
}
