using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Logs;
using DataMaintenance.Settings;
using DataMaintenance.Store;

namespace DataMaintenance.Serving;

/// <summary>The life of a serving process: it leads while it may, stands by while another does, and goes from one to the other by itself until it is told to end.</summary>
public sealed partial class Service(ServiceSettings settings, TimeProvider clock, ServiceLogs logs)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);
    private readonly ILogger logger = logs.Factory.CreateLogger("DataMaintenance.Serving");

    /// <summary>Returns once <paramref name="ct"/> is cancelled and everything has reached a safe point.</summary>
    /// <exception cref="StoreOwnedException">Another process owns the embedded store.</exception>
    /// <exception cref="StoreException">The store cannot be opened at the start; later this is waited out.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            var wiring = await TryOpenAsync(ct);
            await using var listener = await ListenAsync(wiring, ct);
            while (true)
            {
                wiring ??= settings.Store.Kind == StoreKind.Postgres ? await StandByAsync(listener, ct) : await OpenAgainAsync(ct);
                await LeadAsync(wiring, listener, ct);
                wiring = null;
                ct.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Ended(Wiring.Instance);
        }
    }

    /// <returns>Null when another instance leads on the server.</returns>
    private async Task<Wiring?> TryOpenAsync(CancellationToken ct)
    {
        try
        {
            return await Wiring.OpenAsync(settings, clock, logs.Factory, ct, mayBeAway: true);
        }
        catch (StoreOwnedException) when (settings.Store.Kind == StoreKind.Postgres)
        {
            return null;
        }
    }

    private async Task<Listener> ListenAsync(Wiring? wiring, CancellationToken ct)
    {
        try
        {
            return await Listener.StartAsync(settings.Api, new Between(settings, clock).AnswerAsync, ct);
        }
        catch
        {
            if (wiring is not null) await wiring.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the lead, takes it, and hands back what leads.</summary>
    private async Task<Wiring> StandByAsync(Listener listener, CancellationToken ct)
    {
        await using var standby = await Standby.StartAsync(settings, clock, logs, listener, ct);
        StandingBy(listener.Url.ToString(), standby.Place);
        while (true)
        {
            await standby.UntilFreeAsync(ct);
            try
            {
                if (await TryOpenAsync(ct) is { } wiring) return wiring;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                standby.Failed(e.Message);
                NotTaken(e.Message);
                await Task.Delay(PauseAfterFailure, TimeProvider.System, ct);
            }
        }
    }

    /// <summary>After a term that failed, on an embedded store, which nobody else can lead.</summary>
    private async Task<Wiring> OpenAgainAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await Wiring.OpenAsync(settings, clock, logs.Factory, ct, mayBeAway: true);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                NotTaken(e.Message);
                await Task.Delay(PauseAfterFailure, TimeProvider.System, ct);
            }
        }
    }

    /// <summary>One term: returns when it ends, with everything stopped and the lead given back.</summary>
    private async Task LeadAsync(Wiring wiring, Listener listener, CancellationToken ct)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(ct, wiring.Store.LeadLost);
        // At once, beside the requests that still have a moment to end.
        using var stop = term.Token.Register(() => _ = wiring.Runs.EndAsync());
        await using (wiring)
        {
            try
            {
                // Before anybody can ask for a run.
                await wiring.Runner.CloseCutOffAsync(term.Token);
                await using var server = await ApiServer.StartAsync(wiring, logs, listener, term.Token);
                Started(listener.Url.ToString(), wiring.Redis.Address, wiring.Store.Description, wiring.Store.Epoch);
                await RecordAsync(wiring, term.Token);
                await FillAsync(wiring, term.Token);
                await new Loops(wiring.Loops, logs.Factory.CreateLogger("DataMaintenance.Loops")).RunAsync(term.Token);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term.Token);
            }
            catch (Exception e)
            {
                // Ended as told, or on the way down: what failed by that is in the journal.
                if (!term.IsCancellationRequested) TermFailed(e, e.Message);
            }
            finally
            {
                await wiring.Runs.EndAsync();
            }
        }

        if (ct.IsCancellationRequested) return;
        if (wiring.Store.LeadLost.IsCancellationRequested) LeadLost(Wiring.Instance, wiring.Store.Epoch);
        else await Task.Delay(PauseAfterFailure, TimeProvider.System, ct);
    }

    /// <summary>A Redis that is away or full now is said, and filled when it can be, by the watch.</summary>
    private static async Task FillAsync(Wiring wiring, CancellationToken ct)
    {
        try
        {
            // Asked shortly: whoever starts a service learns at once that Redis is away, and what it serves without it is up.
            await wiring.Redis.AnswersAsync(ct);
            await wiring.Rebuild.MissingAsync(ct);
        }
        catch (RedisUnavailableException e)
        {
            await wiring.RedisWatch.AwayAsync(e.Message, ct);
        }
        catch (RedisRefusedException)
        {
            await wiring.RedisWatch.LookAsync(ct);
        }
    }

    /// <summary>Only on a server, where others may lead: an embedded store has one owner.</summary>
    private async Task RecordAsync(Wiring wiring, CancellationToken ct)
    {
        var leader = wiring.Store.Leader;
        LeaderChanged(leader.Holder, leader.Epoch, leader.Before ?? "nobody");
        if (settings.Store.Kind != StoreKind.Postgres) return;
        await wiring.Store.RecordEventAsync(
            new("leader_changed", leader.Holder, null, $"{leader.Holder} leads, epoch {leader.Epoch}; before it: {leader.Before ?? "nobody"}", clock.GetUtcNow(), Wiring.Instance), ct);
    }

    [LoggerMessage(EventId = 410, EventName = "service_started", Level = LogLevel.Information, Message = "answers at {url}; Redis at {redis}; store {store}; leads under epoch {epoch}")]
    private partial void Started(string url, string redis, string store, long epoch);

    [LoggerMessage(EventId = 411, EventName = "service_ended", Level = LogLevel.Information, Message = "{instance} ended as told; what was committed is kept")]
    private partial void Ended(string instance);

    [LoggerMessage(EventId = 412, EventName = "standing_by", Level = LogLevel.Information, Message = "answers at {url} while another instance leads on {store}")]
    private partial void StandingBy(string url, string store);

    [LoggerMessage(EventId = 413, EventName = "leader_changed", Level = LogLevel.Information, Message = "{holder} leads, epoch {epoch}; before it: {before}")]
    private partial void LeaderChanged(string holder, long epoch, string before);

    [LoggerMessage(EventId = 414, EventName = "lead_lost", Level = LogLevel.Error, Message = "{instance} no longer leads (its epoch was {epoch}); its run and its timetable are stopped, it stands by")]
    private partial void LeadLost(string instance, long epoch);

    [LoggerMessage(EventId = 415, EventName = "lead_not_taken", Level = LogLevel.Warning, Message = "the lead is free but could not be taken: {reason}")]
    private partial void NotTaken(string reason);

    [LoggerMessage(EventId = 416, EventName = "term_failed", Level = LogLevel.Error, Message = "the service stopped working and starts over: {reason}")]
    private partial void TermFailed(Exception e, string reason);
}
