using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>
/// A wire between a client and a server that lets everything through until the client sends a given text: that and all after it is held
/// back until released, so that the client can be frozen at exactly this point.
/// </summary>
internal sealed class HeldConnection : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource end = new();
    private readonly StringBuilder repliesAfterRelease = new();
    private readonly int server;
    private readonly string text;
    private readonly Task accepting;

    public HeldConnection(int server, string text)
    {
        (this.server, this.text) = (server, text);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Completes when the client has sent the text; nothing of it has reached the server.</summary>
    public Task Held => held.Task;

    /// <summary>What the server answered to what was held back.</summary>
    public string RepliesAfterRelease
    {
        get { lock (repliesAfterRelease) return repliesAfterRelease.ToString(); }
    }

    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var pipes = new List<Task>();
        try
        {
            while (true) pipes.Add(PipeAsync(await listener.AcceptTcpClientAsync(end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(pipes);
        }
    }

    private async Task PipeAsync(TcpClient client)
    {
        using (client)
        using (var upstream = new TcpClient())
        {
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server, end.Token);
                await Task.WhenAny(RequestsAsync(client.GetStream(), upstream.GetStream()), RepliesAsync(upstream.GetStream(), client.GetStream()));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The end of the test, or of the server.
            }
        }
    }

    private async Task RequestsAsync(NetworkStream client, NetworkStream upstream)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await client.ReadAsync(buffer, end.Token) is > 0 and var read)
            {
                if (Encoding.Latin1.GetString(buffer, 0, read).Contains(text, StringComparison.Ordinal)) held.TrySetResult();
                if (held.Task.IsCompleted) await released.Task.WaitAsync(end.Token);
                await upstream.WriteAsync(buffer.AsMemory(0, read), end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }

    private async Task RepliesAsync(NetworkStream upstream, NetworkStream client)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await upstream.ReadAsync(buffer, end.Token) is > 0 and var read)
            {
                if (released.Task.IsCompleted) lock (repliesAfterRelease) repliesAfterRelease.Append(Encoding.Latin1.GetString(buffer, 0, read));
                await client.WriteAsync(buffer.AsMemory(0, read), end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }
}
