using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Simulator.World;

namespace Simulator;

/// <summary>The provider's side of the wire on a loopback port. Prints nothing; stops when disposed.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private readonly Exchange exchange;

    private SimulatorHost(WebApplication app, Exchange exchange, SimulatedMarket market, SimulatedClock clock, Uri baseUrl) =>
        (this.app, this.exchange, Market, Clock, BaseUrl) = (app, exchange, market, clock, baseUrl);

    public Uri BaseUrl { get; }
    public SimulatedMarket Market { get; }
    /// <summary>What the simulated provider takes for now; data after it do not exist.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>The daily bars of a session as they are told at an instant, in replies and files alike, by ticker; none when it is no session.</summary>
    public IReadOnlyDictionary<string, Bar> DailyAt(DateOnly date, DateTimeOffset at) => ToldAt<Bar>(date, (security, day) => exchange.Tape.Daily(security, day, at.ToUnixTimeMilliseconds()));

    /// <summary>The minutes of a session as they are told at an instant, oldest first, by ticker; tickers without one are absent.</summary>
    public IReadOnlyDictionary<string, Bar[]> MinutesAt(DateOnly date, DateTimeOffset at) =>
        ToldAt<Bar[]>(date, (security, day) => exchange.Tape.Minutes(security, day, at.ToUnixTimeMilliseconds()) is { IsEmpty: false } minutes ? minutes.ToArray() : null);

    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Revised is >= 0 and <= 1)) throw new ArgumentException($"Revised is a share from 0 to 1; got {options.Revised}.", nameof(options));
        var market = new SimulatedMarket(options.Seed, options.Symbols, options.Splits, changes: options.TickerChanges);
        var simulated = new SimulatedClock(clock);
        if (options.Now is { } now) simulated.Set(now);
        var exchange = new Exchange(options, market, simulated);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        var app = builder.Build();
        app.Run(exchange.ServeAsync);
        await app.StartAsync(ct);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new SimulatorHost(app, exchange, market, simulated, new Uri(address));
    }

    private Dictionary<string, T> ToldAt<T>(DateOnly date, Func<Security, TradingDay, object?> told)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        if (Market.FindDay(date) is not { } day) return found;
        foreach (var security in Market.ListedOn(date))
            if (told(security, day) is T value) found[security.Ticker] = value;
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        exchange.Dispose();
    }

    /// <summary>Lives until its owner disposes it; signals to the process are the owner's business.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
