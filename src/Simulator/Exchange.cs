using System.Globalization;
using Microsoft.AspNetCore.Http;
using Simulator.Control;
using Simulator.Faults;
using Simulator.Rest;
using Simulator.S3;
using Simulator.World;

namespace Simulator;

/// <summary>One request from the socket to the socket: key, faults, route, reply.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly SimulatorOptions options;
    private readonly SimulatedMarket market;
    private readonly SimulatedClock clock;
    private readonly Router router;
    private readonly Gate gate;
    private readonly FaultBook faults;
    private readonly FileShelf shelf;
    private readonly BucketRoutes bucket;
    private readonly RequestLog log = new();
    private long requests;

    internal Exchange(SimulatorOptions options, SimulatedMarket market, SimulatedClock clock)
    {
        (this.options, this.market, this.clock) = (options, market, clock);
        Tape = new Tape(market, options.Revised > 0 ? new Revisions(market.Calendar, options.Revised) : null);
        (router, gate, faults, shelf) = (new Router(Tape), new Gate(options), Book(options), new FileShelf(Tape, options.Files.Folder));
        bucket = new BucketRoutes(new BucketView(market, options, faults), shelf, options.Files);
    }

    public void Dispose() => shelf.Dispose();

    /// <summary>The market as it is told.</summary>
    internal Tape Tape { get; }

    internal async Task ServeAsync(HttpContext context)
    {
        var (path, ct) = (context.Request.Path.Value ?? "/", context.RequestAborted);
        var wire = new Wire(context, options.Gzip);
        if (path.StartsWith("/_control/", StringComparison.Ordinal))
        {
            using var told = await new ControlRoutes(market, clock, faults, log).AnswerAsync(context, path, ct);
            await wire.SendAsync(told, [], ct);
            return;
        }
        if (BucketRoutes.Match(context.Request) is { } about)
        {
            await ServeFileAsync(context, wire, about, ct);
            return;
        }
        if (Router.Match(path) is not var (route, parts))
        {
            using var unknown = Reply.UnknownPath();
            await wire.SendAsync(unknown, [], ct);
            log.Add("unknown", null, "404");
            return;
        }
        var call = Read(context.Request, path, route, parts);
        using var refusal = gate.Refuse(context.Request, clock.GetUtcNow(), call.RequestId);
        if (refusal is not null)
        {
            await wire.SendAsync(refusal, [], ct);
            log.Add(route, call.Ticker, refusal.Status.ToString(CultureInfo.InvariantCulture));
            return;
        }
        call.Faults = faults.Draw(call, path);
        if (call.Find(FaultKinds.Latency) is { } slow) await Task.Delay(TimeSpan.FromMilliseconds(slow.Latency ?? 250), TimeProvider.System, ct);
        using var reply = Refused(call) ?? router.Answer(call);
        log.Add(route, call.Ticker, Outcome(call, reply));
        await wire.SendAsync(reply, call.Faults, ct);
    }

    private async Task ServeFileAsync(HttpContext context, Wire wire, (string Route, string[] Parts) about, CancellationToken ct)
    {
        var call = Read(context.Request, context.Request.Path.Value!, about.Route, about.Parts);
        // What is in the bytes of a file strikes there; only the way to it is struck here.
        call.Faults = [.. faults.Draw(call, call.Path).Where(static fault => !FaultKinds.InFiles.Contains(fault.Kind))];
        if (call.Find(FaultKinds.Latency) is { } slow) await Task.Delay(TimeSpan.FromMilliseconds(slow.Latency ?? 250), TimeProvider.System, ct);
        var struck = call.Faults.Select(static fault => FaultKinds.StatusOf(fault.Kind)).FirstOrDefault(static status => status is not null);
        using var reply = struck is { } status ? BucketRoutes.Struck(status, call.RequestId) : await bucket.AnswerAsync(context.Request, call, ct);
        log.Add(about.Route, null, Outcome(call, reply));
        await wire.SendAsync(reply, call.Faults, ct);
    }

    private Call Read(HttpRequest request, string path, string route, string[] parts)
    {
        var id = Hash.Of((ulong)options.Seed, (ulong)Interlocked.Increment(ref requests));
        var now = clock.GetUtcNow();
        return new Call
        {
            Route = route,
            Parts = parts,
            Query = request.Query,
            Root = $"{request.Scheme}://{request.Host}",
            Path = path,
            RequestId = string.Create(CultureInfo.InvariantCulture, $"{id:x16}{Hash.Mix(id):x16}"),
            Now = new Moment(options.Plan.IsDelayed() ? now - Entitlement.Delay : now),
            Plan = options.Plan,
        };
    }

    private static Reply? Refused(Call call)
    {
        if (call.Find(FaultKinds.Poison) is { } poison) return Failure(call, poison.Status ?? 500, poison.RetryAfter);
        if (call.Find(FaultKinds.Throttle) is { } throttle) return Failure(call, 429, throttle.RetryAfter);
        foreach (var fault in call.Faults)
            if (FaultKinds.StatusOf(fault.Kind) is { } status) return Failure(call, status, fault.RetryAfter);
        return null;
    }

    private static Reply Failure(Call call, int status, int? retryAfter) => status switch
    {
        429 => Reply.Error(429, call.RequestId, Entitlement.TooMany, retryAfter),
        401 => Reply.Error(401, call.RequestId, "Unknown API Key"),
        403 => Reply.NotAuthorized(call.RequestId, Entitlement.Endpoint),
        404 => Reply.NotFound(call.RequestId, "Data not found."),
        502 or 503 or 504 => Reply.Text(status, "upstream unavailable\n"u8),
        _ => Reply.Error(status, call.RequestId, "Internal error, please try again", retryAfter),
    };

    private static string Outcome(Call call, Reply reply)
    {
        foreach (var fault in call.Faults)
            if (fault.Kind is FaultKinds.Cut or FaultKinds.Reset or FaultKinds.Stall or FaultKinds.Empty or FaultKinds.Truncated or FaultKinds.Absurd)
                return fault.Kind;
        return reply.Status.ToString(CultureInfo.InvariantCulture);
    }

    private static FaultBook Book(SimulatorOptions options)
    {
        var book = new FaultBook((ulong)options.Seed);
        foreach (var fault in options.Faults)
            book.Add(fault.Problem() is { } problem ? throw new ArgumentException($"Fault '{fault.Kind}': {problem}", nameof(options)) : fault);
        return book;
    }
}
