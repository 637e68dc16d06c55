using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DataMaintenance.Cache;

namespace DataMaintenance.Tests;

/// <summary>A redis-server of our own on a free port, without persistence, killed at the end. Absent: tests skip at a desk and fail where CI=true.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private Process? process;

    public int Port { get; } = FreePort();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, again after <see cref="KillAsync"/> with nothing in it, and waits until it says that it is ready.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        try
        {
            process = Process.Start(new ProcessStartInfo("redis-server", ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = Path.GetTempPath(),
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            process = null;
            return;
        }

        while (await process!.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal)) break;
        // Nobody reads the rest; a full pipe would stop the server.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public async Task KillAsync()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>It keeps its connections and answers nothing, until it is killed.</summary>
    public void Freeze() => CrashHarness.Running.Send(process!.Id, CrashHarness.Signal.Stop);

    /// <summary>The way to it; skips or fails the test when there is no such program.</summary>
    public RedisOptions Options()
    {
        if (process is null && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip("redis-server is not installed");
        Assert.True(process is { HasExited: false }, "redis-server is not installed, or ended");
        return new() { Kind = RedisKind.Server, ConnectionString = Address };
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
