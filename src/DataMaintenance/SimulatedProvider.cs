using DataMaintenance.Provider;
using Simulator;

namespace DataMaintenance;

/// <summary><c>Provider:Kind=Simulator</c> without an address: a simulated provider is started in this process, on a real port, and the client is pointed at it.</summary>
internal static class SimulatedProvider
{
    public static async Task<(ProviderOptions Options, SimulatorHost? Host)> ForAsync(ProviderOptions options, TimeProvider clock, CancellationToken ct)
    {
        if (options.Kind != ProviderKind.Simulator) return (options, null);
        options = options with { ApiKey = options.ApiKey ?? "simulated" };
        if (options.BaseUrl != new ProviderOptions().BaseUrl) return (options, null);
        var host = await SimulatorHost.StartAsync(new SimulatorOptions(), clock, ct);
        return (options with { BaseUrl = host.BaseUrl }, host);
    }
}
