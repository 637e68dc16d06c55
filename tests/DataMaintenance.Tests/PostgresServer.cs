using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(DataMaintenance.Tests.PostgresServer))]

namespace DataMaintenance.Tests;

/// <summary>
/// A private PostgreSQL server for the run: started when first asked for, on a free port, in a folder of its own, and gone with the test process however
/// that ends. <c>DATA_MAINTENANCE_TEST_POSTGRES</c> names another server instead; there each test has a schema of its own.
/// Where there are neither binaries nor a server, tests skip; with CI=true they fail.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private readonly string connectionString;
    private readonly string? folder;
    private Process? process;

    private PostgresServer(string connectionString, string? folder) => (this.connectionString, this.folder) = (connectionString, folder);

    /// <summary>The assembly's fixture, which stops the shared server at the end.</summary>
    public PostgresServer() : this("", null)
    {
    }

    /// <summary>Named by the environment, so that nothing may be stopped, and databases are not ours to make.</summary>
    public bool IsForeign => folder is null;

    public string ConnectionString => connectionString;

    /// <summary>The one server of the run.</summary>
    public static async Task<PostgresServer> GetAsync()
    {
        if (Given is null && Binaries is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (Debian: postgresql); or set DATA_MAINTENANCE_TEST_POSTGRES");
            Assert.Fail("PostgreSQL is not installed, and with CI=true its tests may not be skipped");
        }

        return await Shared.Value;
    }

    /// <summary>A server for one test alone, which may stop and start it.</summary>
    public static async Task<PostgresServer> StartOwnAsync()
    {
        Assert.SkipWhen(Binaries is null, "PostgreSQL is not installed here, and no other server may be stopped");
        return await StartPrivateAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stops as a crash does: no checkpoint, every connection cut.</summary>
    public async Task StopAsync()
    {
        if (process is null) return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>From now on a connection over TCP needs a password, which no role has.</summary>
    public async Task RequirePasswordsAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(folder!, "data", "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    public async Task StartAgainAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        process = Run(folder!, settings.Port);
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (connectionString.Length == 0)
        {
            if (Shared.IsValueCreated) await (await Shared.Value).DisposeAsync();
            return;
        }

        await StopAsync();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }

    private static string? Given => Environment.GetEnvironmentVariable("DATA_MAINTENANCE_TEST_POSTGRES") is { Length: > 0 } given ? given : null;

    /// <summary>Folder of initdb and postgres: the one named by <c>DATA_MAINTENANCE_TEST_POSTGRES_BIN</c>, else the newest version installed.</summary>
    private static string? Binaries { get; } = Environment.GetEnvironmentVariable("DATA_MAINTENANCE_TEST_POSTGRES_BIN") is { Length: > 0 } named ? named :
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .Select(version => Path.Combine(version, "bin"))
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Where(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")))
        .OrderByDescending(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var version) ? version : 0)
        .FirstOrDefault();

    private static async Task<PostgresServer> StartAsync() => Given is { } given ? new(given, null) : await StartPrivateAsync();

    private static async Task<PostgresServer> StartPrivateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("postgres-test-").FullName;
        var port = FreePort();
        if (Environment.UserName == "root") await ShellAsync($"chown postgres {folder}");
        await ShellAsync($"{AsUser}{Binaries}/initdb --pgdata={folder}/data --username=maintenance --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync");
        var started = new PostgresServer($"Host=127.0.0.1;Port={port};Username=maintenance;Database=postgres", folder) { process = Run(folder, port) };
        await started.ReadyAsync();
        return started;
    }

    /// <summary>The server refuses to run as root; Debian's package brings a user for it.</summary>
    private static string AsUser => Environment.UserName == "root" ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";

    /// <summary>The server ends when its standard input does, which is when this process does.</summary>
    private static Process Run(string folder, int port)
    {
        var server = $"{AsUser}{Binaries}/postgres -D {folder}/data -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} " +
            "-c fsync=off -c shared_buffers=256MB -c max_wal_size=4GB -c max_connections=200 -c timescaledb.max_background_workers=0";
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 3<&0; {server} >>{folder}.log 2>&1 </dev/null & cat <&3 >/dev/null; kill -QUIT $!; wait; rm -f {folder}.log"])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command + " 2>&1"]) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command} ended with {shell.ExitCode}: {said}");
    }

    private async Task ReadyAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 200 && process is { HasExited: false })
            {
                await Task.Delay(50);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
