using DataMaintenance.Provider;
using Simulator;
using Simulator.S3;

namespace DataMaintenance;

/// <summary><c>Provider:Kind=Simulator</c> without an address: a simulated provider is started in this process, on a real port, and the client is pointed at it.</summary>
internal static class SimulatedProvider
{
    /// <summary>The source that the settings name, and the simulated provider it asks, where that is in this process. Settings that make no sense give a source that says so whenever it is asked.</summary>
    /// <returns>Both are the caller's to dispose, the source first.</returns>
    public static async Task<(IMarketSource Source, SimulatorHost? Host)> SourceAsync(ProviderOptions options, TimeProvider clock, ILoggerFactory logs, CancellationToken ct)
    {
        if (Mistakes(options) is { Count: > 0 } mistakes) return (new UnconfiguredSource(mistakes), null);
        var (provider, host) = await ForAsync(options, clock, ct);
        // Pauses and time-outs towards the outside are of real time, also while a drill's clock runs faster.
        return (ProviderSetup.Create(provider, TimeProvider.System, logs.CreateLogger("DataMaintenance.Provider")), host);
    }

    /// <summary>What is wrong with the provider's settings, one line each; a simulated one needs none.</summary>
    public static IReadOnlyList<string> Mistakes(ProviderOptions options) => options.Kind == ProviderKind.Simulator ? [] : ProviderChecks.Mistakes(options);

    private static async Task<(ProviderOptions Options, SimulatorHost? Host)> ForAsync(ProviderOptions options, TimeProvider clock, CancellationToken ct)
    {
        if (options.Kind != ProviderKind.Simulator) return (options, null);
        options = options with { ApiKey = options.ApiKey ?? "simulated" };
        if (options.BaseUrl != new ProviderOptions().BaseUrl) return (WithBucket(options), null);
        var files = options.FlatFiles.InUse ? new FilesOptions { AccessKey = options.FlatFiles.AccessKey!, SecretKey = options.FlatFiles.SecretKey! } : new();
        var host = await SimulatorHost.StartAsync(new SimulatorOptions { Files = files }, clock, ct);
        return (WithBucket(options with { BaseUrl = host.BaseUrl }), host);
    }

    /// <summary>The simulator's bucket is at its own address, unless another is given.</summary>
    private static ProviderOptions WithBucket(ProviderOptions options) => options.FlatFiles.Endpoint == new FlatFilesOptions().Endpoint
        ? options with { FlatFiles = options.FlatFiles with { Endpoint = options.BaseUrl } }
        : options;
}
