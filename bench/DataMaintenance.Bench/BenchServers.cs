using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace DataMaintenance.Bench;

/// <summary>A private PostgreSQL, with fsync as in production, and a private Redis, on free ports, gone at the end.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
    private Process redis = null!;

    public string Postgres { get; private set; } = "";
    public int PostgresPid { get; private set; }
    public int RedisPort { get; } = FreePort();
    public int RedisPid => redis.Id;

    public static async Task<BenchServers> StartAsync()
    {
        var servers = new BenchServers();
        servers.redis = Process.Start(new ProcessStartInfo("redis-server", ["--port", Text(servers.RedisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", "/dev/null"]) { WorkingDirectory = servers.folder })!;
        await servers.StartPostgresAsync();
        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        redis.Kill();
        await redis.WaitForExitAsync();
        await ShellAsync($"{AsUser}{Binaries}/pg_ctl -D {folder}/data -m immediate stop");
        Directory.Delete(folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Binaries { get; } = Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => int.Parse(Path.GetFileName(v), CultureInfo.InvariantCulture)).First(), "bin");

    /// <summary>The server refuses to run as root; Debian's package brings a user for it.</summary>
    private static string AsUser => Environment.UserName == "root" ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";

    private async Task StartPostgresAsync()
    {
        var port = FreePort();
        if (Environment.UserName == "root") await ShellAsync($"chown postgres {folder}");
        await ShellAsync($"{AsUser}{Binaries}/initdb --pgdata={folder}/data --username=maintenance --auth=trust --encoding=UTF8 --locale=C.UTF-8");
        await ShellAsync($"{AsUser}{Binaries}/pg_ctl -D {folder}/data -l {folder}/log -w start -o '-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c shared_buffers=512MB -c max_wal_size=4GB'");
        PostgresPid = int.Parse((await File.ReadAllLinesAsync($"{folder}/data/postmaster.pid"))[0], CultureInfo.InvariantCulture);
        Postgres = $"Host=127.0.0.1;Port={port};Username=maintenance;Database=postgres";
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync();
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command + " >/dev/null 2>&1"]) { WorkingDirectory = "/" })!;
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0) throw new InvalidOperationException($"{command} ended with {shell.ExitCode}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
