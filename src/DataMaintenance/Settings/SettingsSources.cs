using System.Collections;

namespace DataMaintenance.Settings;

/// <summary>Where settings are read from.</summary>
/// <param name="ProgramFolder">The executable's folder: its <c>appsettings.json</c>, if any, comes first.</param>
/// <param name="WorkingFolder">Its <c>appsettings.json</c>, if any, comes second; relative paths of secret files start here.</param>
/// <param name="ConfigFile">The file of <c>--config</c>; null when not given.</param>
/// <param name="Environment">Variables as the process got them.</param>
/// <param name="Overrides">Settings by name that the command fixes; they win.</param>
public sealed record SettingsSources(
    string ProgramFolder,
    string WorkingFolder,
    string? ConfigFile,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, string?> Overrides)
{
    public static SettingsSources OfThisProcess(string? configFile, IReadOnlyDictionary<string, string?>? overrides) => new(
        AppContext.BaseDirectory,
        Directory.GetCurrentDirectory(),
        configFile,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        overrides ?? new Dictionary<string, string?>());
}
