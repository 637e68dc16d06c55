using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Simulator.Faults;
using Simulator.Rest;

namespace Simulator;

/// <summary>Puts a reply on the socket, whole or as a fault wants it.</summary>
internal sealed class Wire(HttpContext context, bool gzip)
{
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);
    private static readonly byte[] Absurd = Encoding.ASCII.GetBytes("""{"status":"OK","resultsCount":"many","queryCount":-1,"results":{"v":"a lot","o":[1,2],"t":"yesterday"}}""");

    internal async Task SendAsync(Reply reply, Fault[] faults, CancellationToken ct)
    {
        var (response, body) = (context.Response, reply.Body.Written);
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers) response.Headers[name] = value;
        if (reply.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        switch (faults.FirstOrDefault(fault => IsOfTheWire(fault.Kind))?.Kind)
        {
            case FaultKinds.Reset:
                context.Abort();
                return;
            case FaultKinds.Cut:
                await CutAsync(reply, ct);
                return;
            case FaultKinds.Stall:
                await BeginAsync(body, ct);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(static _ => { }, TaskScheduler.Default);
                return;
            case FaultKinds.Empty:
                body = default;
                break;
            case FaultKinds.Truncated:
                body = body[..(body.Length / 2)];
                break;
            case FaultKinds.Absurd:
                body = Absurd;
                break;
        }
        if (gzip && body.Length > 0 && reply.Headers.Count == 0 && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            body = Compress(body);
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Vary = "Accept-Encoding";
        }
        response.ContentLength = reply.LengthOnly ?? body.Length;
        if (reply.LengthOnly is not null || body.Length == 0) return;
        if (reply.BytesPerSecond > 0) await TrickleAsync(body, reply.BytesPerSecond, ct);
        else await response.BodyWriter.WriteAsync(body, ct);
    }

    private async Task TrickleAsync(ReadOnlyMemory<byte> body, int bytesPerSecond, CancellationToken ct)
    {
        var slice = Math.Max(bytesPerSecond / 20, 1);
        for (var rest = body; rest.Length > 0;)
        {
            var now = rest[..Math.Min(slice, rest.Length)];
            await context.Response.BodyWriter.WriteAsync(now, ct);
            rest = rest[now.Length..];
            await Task.Delay(TimeSpan.FromSeconds((double)now.Length / bytesPerSecond), TimeProvider.System, ct);
        }
    }

    private static bool IsOfTheWire(string kind) =>
        kind is FaultKinds.Reset or FaultKinds.Cut or FaultKinds.Stall or FaultKinds.Empty or FaultKinds.Truncated or FaultKinds.Absurd;

    // The head with the whole length, and half the body.
    private async Task BeginAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], ct);
        await context.Response.BodyWriter.FlushAsync(ct);
    }

    // Past Kestrel, straight to the socket: only so is it certain that the half was sent before the end. The client, seeing less
    // than the length promised, closes its side; a reset at once could take from it what it has not read.
    private async Task CutAsync(Reply reply, CancellationToken ct)
    {
        var body = reply.Body.Written;
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} OK\r\nContent-Type: {reply.ContentType}\r\nContent-Length: {body.Length}\r\n{string.Concat(reply.Headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n");
        var socket = context.Features.Get<IConnectionSocketFeature>()!.Socket;
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), ct);
        for (var rest = body[..(body.Length / 2)]; rest.Length > 0;) rest = rest[await socket.SendAsync(rest, ct)..];
        socket.Shutdown(SocketShutdown.Send);
        await Task.Delay(ClosingPatience, TimeProvider.System, ct).ContinueWith(static _ => { }, TaskScheduler.Default);
        context.Abort();
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var packed = new MemoryStream(body.Length / 4);
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(body.Span);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
