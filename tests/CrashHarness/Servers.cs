using System.Net;
using System.Net.Sockets;
using Npgsql;
using StackExchange.Redis;

namespace CrashHarness;

/// <summary>A server beside the service, private to a lane: it can be killed, frozen and started again on the same port.</summary>
public abstract class Server : IDisposable
{
    protected Running? Process { get; private set; }

    public int Port { get; } = FreePort();

    public bool IsUp => Process is { HasEnded: false };

    /// <summary>Returns once it answers.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            Process?.Dispose();
            Process = Launch();
            if (await ReadyAsync(ct)) return;
            if (attempt == 20) throw new InvalidOperationException($"{GetType().Name} does not start: {Process.Said}");
            // PostgreSQL refuses while a child of the killed one still holds its memory.
            await Task.Delay(200, ct);
        }
    }

    public async Task KillAsync()
    {
        if (Process is null) return;
        Process.SignalFamily(Signal.Kill);
        await Process.EndedAsync(TimeSpan.FromSeconds(10));
    }

    public void Freeze() => Process?.SignalFamily(Signal.Stop);

    public void Thaw() => Process?.SignalFamily(Signal.Continue);

    public void Dispose()
    {
        Process?.SignalFamily(Signal.Kill);
        Process?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Running Launch();

    /// <returns>False when it ended instead.</returns>
    protected abstract Task<bool> ReadyAsync(CancellationToken ct);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

public sealed class Redis : Server
{
    public string Address => $"127.0.0.1:{Port}";

    public async Task<ConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync($"{Address},allowAdmin=true,connectTimeout=5000,connectRetry=5");

    protected override Running Launch() => new("redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], new Dictionary<string, string>());

    protected override async Task<bool> ReadyAsync(CancellationToken ct) => await Process!.UntilSaysAsync("Ready to accept connections", ct) is not null;
}

/// <summary>The provider's side, as the executable itself offers it.</summary>
public sealed class Provider(int symbols, IReadOnlyDictionary<string, string> settings) : Server
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    /// <summary>Requests answered since it started; null while it does not answer.</summary>
    public async Task<long?> RequestsAsync(CancellationToken ct)
    {
        try
        {
            var log = System.Text.Json.Nodes.JsonNode.Parse(await Http.GetStringAsync(new Uri(Url, "_control/requests"), ct))!;
            return log["total"]?.GetValue<long>() ?? 0;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    protected override Running Launch() => Published.Start(settings, "simulate", "--symbols", $"{symbols}", "--port", $"{Port}");

    protected override async Task<bool> ReadyAsync(CancellationToken ct) => await Process!.UntilSaysAsync("listens on", ct) is not null;
}

/// <summary>A cluster in a folder of its own; the folder may lie on a disk that fills up.</summary>
public sealed class Postgres(string folder) : Server
{
    /// <summary>The newest version installed; null when there is none.</summary>
    public static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(v => File.Exists($"{v}/bin/initdb")).OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var n) ? n : 0).Select(v => $"{v}/bin").FirstOrDefault()
        : null;

    private static bool IsRoot => Environment.UserName == "root";

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=maintenance;Database={database}";

    /// <summary>Makes the cluster.</summary>
    public async Task CreateAsync()
    {
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        await RunAsUserAsync($"{Binaries}/initdb", $"--pgdata={folder}/data", "--username=maintenance", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    protected override Running Launch() => AsUser(
        $"{Binaries}/postgres", "-D", $"{folder}/data", "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}", "-c", "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_wal_size=256MB");

    protected override async Task<bool> ReadyAsync(CancellationToken ct)
    {
        while (!Process!.HasEnded)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50, ct);
            }
        }

        return false;
    }

    /// <summary>The server refuses to run as root; Debian's package brings a user for it.</summary>
    private static Running AsUser(string program, params string[] arguments) => IsRoot
        ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments], new Dictionary<string, string>())
        : new(program, arguments, new Dictionary<string, string>());

    private static async Task RunAsUserAsync(string program, params string[] arguments)
    {
        using var running = AsUser(program, arguments);
        await running.EndedAsync(TimeSpan.FromMinutes(2));
        if (running.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {running.Said}");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var running = new Running(program, arguments, new Dictionary<string, string>());
        await running.EndedAsync(TimeSpan.FromMinutes(1));
    }
}
