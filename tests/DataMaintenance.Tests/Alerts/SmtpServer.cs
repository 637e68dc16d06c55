using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataMaintenance.Tests.Alerts;

/// <summary>A mail server on a free port of loopback that takes every mail, or refuses every one, and remembers them as they came.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<string> mails = new();
    private readonly Task accepting;

    public SmtpServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool Refuses { get; set; }

    /// <summary>Headers and body of what arrived, oldest first.</summary>
    public IReadOnlyList<string> Mails => [.. mails];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        // While it still listens: one that has stopped refuses to be asked.
        await accepting;
        listener.Stop();
        ending.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true) served.Add(ServeAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(served);
    }

    /// <summary>A sender that is killed in the middle of a mail ends its own connection, not the server.</summary>
    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client) await ConverseAsync(client.GetStream());
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
        }
    }

    private async Task ConverseAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(ending.Token) is { } line)
        {
            if (line.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase)) await writer.WriteLineAsync("250 test");
            else if (line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) && Refuses) await writer.WriteLineAsync("451 try again later");
            else if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync(ending.Token) is { } text && text != ".") mail.AppendLine(text);
                mails.Enqueue(mail.ToString());
                await writer.WriteLineAsync("250 taken");
            }
            else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("221 bye");
                return;
            }
            else await writer.WriteLineAsync("250 ok");
        }
    }
}
