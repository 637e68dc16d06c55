using Microsoft.Extensions.Logging.Abstractions;

namespace DataMaintenance.Store;

/// <summary>Opens the store that the options name.</summary>
public static class StoreSetup
{
    /// <summary>Opens the store, brings its schema up to date and takes the lead: the epoch rises by one.</summary>
    /// <param name="instance">Who leads, for people: host and process.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="StoreOwnedException">Another live process owns the embedded file, or leads on the server.</exception>
    /// <exception cref="StoreException">The server does not answer, or what is there is no store of ours, or one of a newer version.</exception>
    public static Task<IStore> OpenAsync(StoreOptions options, TimeProvider clock, string instance, CancellationToken ct) => OpenAsync(options, clock, instance, NullLogger.Instance, ct);

    /// <inheritdoc cref="OpenAsync(StoreOptions, TimeProvider, string, CancellationToken)"/>
    /// <param name="logger">Told when the server refuses a write of an instance that no longer leads.</param>
    public static async Task<IStore> OpenAsync(StoreOptions options, TimeProvider clock, string instance, ILogger logger, CancellationToken ct)
    {
        if (StoreOptions.Mistakes(options).ToArray() is { Length: > 0 } mistakes) throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        return options.Kind switch
        {
            StoreKind.Embedded => await DuckDbStore.OpenAsync(options, clock, instance, ct),
            StoreKind.Postgres => await PostgresStore.OpenAsync(options, clock, instance, logger, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "Store:Kind is none that exists"),
        };
    }
}
