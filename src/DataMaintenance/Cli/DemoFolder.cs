using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary>The demo's store: fresh every time, unless the last demo was cut off. A folder the user named is never emptied.</summary>
internal sealed class DemoFolder(ServiceSettings settings, TimeProvider clock)
{
    public static string Default => Path.Combine(Path.GetTempPath(), "data-maintenance-demo");

    /// <summary>Whether it is the folder that a demo takes by itself.</summary>
    public bool IsDefault => settings.Describe().Single(s => s.Name == "Store:Path").Value == Default;

    private string Begun => Path.Combine(settings.Store.Path, "demo-begun");

    private string Completed => Path.Combine(settings.Store.Path, "demo-complete");

    /// <summary>Empties the default folder after a demo that completed, once it is sure that nobody works on it, and marks the folder as a demo's.</summary>
    /// <returns>Whether there is something to go on from.</returns>
    /// <exception cref="StoreOwnedException">A demo still runs there.</exception>
    /// <exception cref="RequestException">The folder holds a store that no demo began: simulated rows have no place among true ones.</exception>
    public async Task<bool> PrepareAsync(CancellationToken ct)
    {
        if (IsDefault && File.Exists(Completed))
        {
            await (await StoreSetup.OpenAsync(settings.Store, clock, Wiring.Instance, ct)).DisposeAsync();
            Directory.Delete(settings.Store.Path, recursive: true);
        }

        var resumed = Directory.Exists(settings.Store.Path) && Directory.EnumerateFiles(settings.Store.Path, "*.duckdb").Any();
        if (resumed && !IsDefault && !File.Exists(Begun))
            throw new RequestException($"Store:Path: the store in {settings.Store.Path} is no demo's, and simulated rows would stand among its own; expected an empty folder, or none named");
        Directory.CreateDirectory(settings.Store.Path);
        await File.WriteAllTextAsync(Begun, "", ct);
        return resumed;
    }

    public void Complete() => File.WriteAllText(Completed, "");
}
