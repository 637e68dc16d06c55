using DataMaintenance.Provider.FlatFiles;
using DataMaintenance.Provider.Massive;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataMaintenance.Provider;

/// <summary>The source that the settings name.</summary>
public static class ProviderSetup
{
    /// <exception cref="ArgumentException">The settings are wrong; one line per mistake.</exception>
    public static IMarketSource Create(ProviderOptions options, TimeProvider clock, ILogger? log = null)
    {
        var mistakes = ProviderChecks.Mistakes(options);
        if (mistakes.Count > 0) throw new ArgumentException(string.Join('\n', mistakes), nameof(options));
        log ??= NullLogger.Instance;
        return options.Kind == ProviderKind.Directory
            ? new DirectorySource(options, log)
            : new MassiveSource(options, clock, log);
    }
}
