using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.common;
using Garnet.server;
using Tsavorite.core;

namespace DataMaintenance.Cache;

/// <summary>A Redis-compatible server inside this process, on loopback, without persistence: it is filled again from the store at start.</summary>
public sealed class EmbeddedRedis : IDisposable
{
    private const int AttemptsAtAFreePort = 5;
    private readonly GarnetServer server;

    private EmbeddedRedis(GarnetServer server, int port) => (this.server, Port) = (server, port);

    public int Port { get; }

    /// <param name="port">0 = any free one, see <see cref="Port"/>.</param>
    /// <exception cref="RedisUnavailableException">The port is taken.</exception>
    public static EmbeddedRedis Start(int port, int memoryMegabytes)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chosen = port == 0 ? FreePort() : port;
            GarnetServer? server = null;
            try
            {
                server = new GarnetServer(Options(chosen, memoryMegabytes), null);
                server.Start();
                return new(server, chosen);
            }
            catch (Exception e) when (e is GarnetException or SocketException)
            {
                server?.Dispose();
                if (port == 0 && attempt < AttemptsAtAFreePort) continue;
                throw new RedisUnavailableException($"The embedded Redis cannot listen on 127.0.0.1:{chosen} ({e.GetBaseException().Message}); set Redis:Port to 0 or to a free port.", e);
            }
        }
    }

    public void Dispose() => server.Dispose();

    private static GarnetServerOptions Options(int port, int memoryMegabytes) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        QuietMode = true,
        LogMemorySize = string.Create(CultureInfo.InvariantCulture, $"{memoryMegabytes}m"),
        IndexMemorySize = "16m",
        DeviceType = DeviceType.RandomAccess,
    };

    /// <summary>Garnet binds port 0 without telling which it got, so one is picked first.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
