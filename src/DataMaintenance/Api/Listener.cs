using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace DataMaintenance.Api;

/// <summary>
/// The addresses a process listens on for as long as it lives. Behind them answers one application at a time: the standby's, the leader's.
/// While one takes the place of the other, requests are answered 503.
/// </summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication front;
    private readonly RequestDelegate between;
    private readonly ConcurrentDictionary<IFeatureCollection, TaskCompletionSource> inProgress = new();
    private volatile Func<IFeatureCollection, Task>? answer;

    private Listener(WebApplication front, RequestDelegate between)
    {
        (this.front, this.between) = (front, between);
        front.Run(AnswerAsync);
    }

    /// <summary>The first address, with loopback in the place of every address.</summary>
    public Uri Url { get; private set; } = null!;

    /// <param name="between">What answers while no application does.</param>
    /// <exception cref="InvalidOperationException">An address is taken.</exception>
    public static async Task<Listener> StartAsync(ApiOptions options, RequestDelegate between, CancellationToken ct)
    {
        var builder = Builder();
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel => (kestrel.AddServerHeader, kestrel.Limits.MaxRequestBodySize) = (false, options.MaxBodyKilobytes * 1_024L));
        var listener = new Listener(builder.Build(), between);
        try
        {
            await listener.front.StartAsync(ct);
        }
        catch (IOException e)
        {
            await listener.front.DisposeAsync();
            // Without its cause: an address that is taken is no system that does not answer.
            var why = e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException ? "another program has the address" : e.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new InvalidOperationException($"cannot listen on {options.Urls}: {why}; end it, or set Api:Urls to another address");
        }

        var first = listener.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        listener.Url = new(first.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        return listener;
    }

    /// <summary>An application to build that answers here once started, in the place of the one before.</summary>
    public WebApplicationBuilder Application()
    {
        var builder = Builder();
        builder.Services.AddSingleton<IServer>(new Seat(this));
        return builder;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await front.StopAsync(patience.Token);
        await front.DisposeAsync();
    }

    private IFeatureCollection Features => front.Services.GetRequiredService<IServer>().Features;

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder(Dashboard.DashboardSetup.HostOptions);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Balancers and uptime checks ask with HEAD: answered as GET is, and the server leaves the body out. A stream would have no end to wait for.
        if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments("/events", StringComparison.Ordinal)) context.Request.Method = HttpMethods.Get;
        var ended = inProgress[context.Features] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A layer of its own: the application's host must not take this one's context for its own.
            await (answer is { } next ? next(new FeatureCollection(context.Features)) : between(context));
        }
        finally
        {
            inProgress.TryRemove(context.Features, out _);
            ended.SetResult();
        }
    }

    /// <summary>Requests in progress have until <paramref name="ct"/> to end; then they are cut off.</summary>
    private async Task DrainAsync(CancellationToken ct)
    {
        var requests = inProgress.ToArray();
        var all = Task.WhenAll(requests.Select(r => r.Value.Task));
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
        foreach (var (features, ended) in requests)
            if (!ended.Task.IsCompleted) features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None));
    }

    /// <summary>The place of one application.</summary>
    private sealed class Seat(Listener listener) : IServer
    {
        private Func<IFeatureCollection, Task>? mine;

        public IFeatureCollection Features => listener.Features;

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        {
            mine = features => ProcessAsync(application, features);
            listener.answer = mine;
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            if (listener.answer != mine) return;
            listener.answer = null;
            await listener.DrainAsync(cancellationToken);
        }

        public void Dispose()
        {
        }

        private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection features) where TContext : notnull
        {
            var context = application.CreateContext(features);
            Exception? failure = null;
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
            finally
            {
                application.DisposeContext(context, failure);
            }
        }
    }

    /// <summary>Signals are the command line's matter; the web host must not take them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
