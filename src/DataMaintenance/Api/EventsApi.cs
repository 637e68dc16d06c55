using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Api;

/// <summary><c>GET /events</c>: the run in progress as server-sent events.</summary>
internal static class EventsApi
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this WebApplication app, Wiring wiring) =>
        app.MapGet("/events", async Task<IResult> (HttpContext context) =>
        {
            if (wiring.Feed.Followers >= wiring.Settings.Api.MaxEventClients)
            {
                await Problems.WriteAsync(context, 503, Problems.Title(503), $"{wiring.Settings.Api.MaxEventClients} clients follow already (Api:MaxEventClients)");
                return Results.Empty;
            }

            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            var after = long.TryParse(context.Request.Headers["Last-Event-ID"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
            return TypedResults.ServerSentEvents(StreamAsync(wiring.Feed, after, context.RequestAborted, app.Lifetime.ApplicationStopping));
        }).Tells<RunMessage>("Runs", "Server-sent events of the run in progress: a snapshot first, then every change, a heartbeat every 15 s; Last-Event-ID goes on from there", 503)
        .Produces<RunMessage>(200, "text/event-stream");

    private static async IAsyncEnumerable<SseItem<RunMessage>> StreamAsync(RunFeed feed, long? after, CancellationToken gone, [EnumeratorCancellation] CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        await using var messages = feed.FollowAsync(after, Heartbeat, ending.Token).GetAsyncEnumerator(ending.Token);
        while (await NextAsync(messages, stopping))
        {
            var message = messages.Current;
            yield return message.Event == "heartbeat"
                ? new(message, message.Event)
                : new(message, message.Event) { EventId = message.Id.ToString(CultureInfo.InvariantCulture), ReconnectionInterval = message.Event == "snapshot" ? TimeSpan.FromSeconds(2) : null };
        }
    }

    /// <summary>A service that stops ends its streams without an error.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<RunMessage> messages, CancellationToken stopping)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
