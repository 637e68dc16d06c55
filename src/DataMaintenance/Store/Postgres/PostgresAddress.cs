using Npgsql;

namespace DataMaintenance.Store;

/// <summary>The server as the options name it, without its password.</summary>
/// <param name="Place">For people: <c>localhost:5432/market, schema public</c>.</param>
/// <param name="QuotedSchema">The schema as SQL writes it.</param>
internal sealed record PostgresAddress(NpgsqlDataSource Source, string Place, string Schema, string QuotedSchema)
{
    private const int OldestVersion = 15;

    /// <summary>Bulk statements take their time; a setting in the connection string wins.</summary>
    private const int CommandSeconds = 600;

    /// <summary>Tasks that run side by side, what reads beside them, and the lease.</summary>
    private const int MostConnections = 24;

    /// <summary>Of settings that name a server: what no server needs to be asked for.</summary>
    public static IEnumerable<string> Mistakes(StoreOptions options) =>
        options is { Kind: StoreKind.Postgres, ConnectionString: { Length: > 0 } text } && Mistake(text) is { } mistake ? [mistake] : [];

    /// <summary>What is wrong with the connection string; null when it can be read. Never repeats a part of it, which may be the password.</summary>
    private static string? Mistake(string connectionString)
    {
        try
        {
            var port = new NpgsqlConnectionStringBuilder(connectionString).Port;
            return port is >= 1 and <= 65_535 ? null : $"Store:ConnectionString: Port: expected 1 to 65535, got '{port}'";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return "Store:ConnectionString cannot be read; expected keys and values such as Host=localhost;Port=5432;Database=market;Username=maintenance";
        }
    }

    /// <exception cref="StoreException">The connection string makes no sense.</exception>
    public static PostgresAddress Of(StoreOptions options)
    {
        if (Mistake(options.ConnectionString!) is { } mistake) throw new StoreException(mistake);
        var quoted = $"\"{options.Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = quoted };
        if (string.IsNullOrEmpty(settings.Password)) settings.Password = options.Password;
        settings.ApplicationName ??= "data-maintenance";
        if (!options.ConnectionString!.Contains("Command", StringComparison.OrdinalIgnoreCase)) settings.CommandTimeout = CommandSeconds;
        settings.PersistSecurityInfo = false;
        // What the string does not set itself: few connections of a shared server, and a host that vanished is noticed within a minute.
        var standard = new NpgsqlConnectionStringBuilder();
        if (settings.MaxPoolSize == standard.MaxPoolSize) settings.MaxPoolSize = MostConnections;
        if (settings is { TcpKeepAlive: false, KeepAlive: 0 }) (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 30, 10);
        return new(
            NpgsqlDataSource.Create(settings),
            $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}, schema {options.Schema}", options.Schema, quoted);
    }

    public PostgresTrouble Trouble => new(Place);

    /// <exception cref="StoreException">The server does not answer, refuses, or is too old.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        try
        {
            return await OpenAsync(ct);
        }
        catch (NpgsqlException e)
        {
            throw Trouble.Told(e);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new StoreUnreachableException($"PostgreSQL at {Place} does not answer: {e.Message.TrimEnd('.')}. Check that it runs and that Store:ConnectionString is right", e);
        }
    }

    /// <summary>The same with the errors of the driver as they are, for whoever tries again.</summary>
    /// <exception cref="StoreException">The server is too old.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = await Source.OpenConnectionAsync(ct);
        if (connection.PostgreSqlVersion.Major >= OldestVersion) return connection;
        var version = connection.PostgreSqlVersion;
        await connection.DisposeAsync();
        throw new StoreException($"PostgreSQL {OldestVersion} or newer expected; {Place} is {version}");
    }
}
