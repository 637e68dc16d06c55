using DataMaintenance.Provider;
using Simulator;
using Simulator.S3;

namespace DataMaintenance;

/// <summary><c>Provider:Kind=Simulator</c> without an address: a simulated provider is started in this process, on a real port, and the client is pointed at it.</summary>
internal static class SimulatedProvider
{
    public static async Task<(ProviderOptions Options, SimulatorHost? Host)> ForAsync(ProviderOptions options, TimeProvider clock, CancellationToken ct)
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
