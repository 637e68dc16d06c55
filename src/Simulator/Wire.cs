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
    private static readonly byte[] Absurd = Encoding.ASCII.GetBytes("""{"status":"OK","resultsCount":"many","queryCount":-1,"results":{"v":"a lot","o":[1,2],"t":"yesterday"}}""");

    internal async Task SendAsync(Reply reply, Fault[] faults, CancellationToken ct)
    {
        var (response, body) = (context.Response, reply.Body.Written);
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (reply.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        switch (faults.FirstOrDefault(fault => IsOfTheWire(fault.Kind))?.Kind)
        {
            case FaultKinds.Reset:
                context.Abort();
                return;
            case FaultKinds.Cut:
                await BeginAsync(body, ct);
                // A proper end of the connection where the length promised more; Kestrel would otherwise finish or reset it.
                context.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
                context.Abort();
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
        if (gzip && body.Length > 0 && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            body = Compress(body);
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Vary = "Accept-Encoding";
        }
        response.ContentLength = body.Length;
        if (body.Length > 0) await response.BodyWriter.WriteAsync(body, ct);
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

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var packed = new MemoryStream(body.Length / 4);
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(body.Span);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
