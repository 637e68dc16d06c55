namespace DataMaintenance.Settings;

/// <summary>
/// What was given, from all sources together. A later source wins name by name, but a list or a named group of items that it
/// touches is its own: entries of two files are never mixed into one list.
/// </summary>
internal sealed class GivenSettings
{
    private static readonly string[] FrameworkSections = ["Logging", "AllowedHosts", "Kestrel", "$schema"];

    private readonly Dictionary<string, GivenText> texts = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, GivenText> Texts => texts;

    /// <summary>Setting name to its source; filled in by the binder, in the schema's spelling.</summary>
    public Dictionary<string, string> Origins { get; } = new(StringComparer.Ordinal);

    public static GivenSettings Read(SettingsSources sources, List<string> mistakes)
    {
        var given = new GivenSettings();
        var files = Files(sources, mistakes);
        var legacy = LegacyNames.Read(sources.Environment, EnvironmentLayer.Names(sources.Environment), mistakes);
        given.Lay(legacy.Implied, sources, mistakes);
        foreach (var file in files) given.Lay(file, sources, mistakes);
        given.Lay(legacy.Given, sources, mistakes);
        given.Lay(EnvironmentLayer.Read(sources.Environment, mistakes), sources, mistakes);
        var command = new SettingsLayer("the command");
        foreach (var (name, text) in sources.Overrides) command.Set(name, text);
        given.Lay(command, sources, mistakes);
        return given;
    }

    private static List<SettingsLayer> Files(SettingsSources sources, List<string> mistakes)
    {
        var layers = new List<SettingsLayer>();
        foreach (var folder in new[] { sources.ProgramFolder, sources.WorkingFolder }.Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).Distinct(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, "appsettings.json");
            if (File.Exists(path)) layers.Add(SettingsLayer.OfJson(path, "appsettings.json", mistakes));
        }

        if (sources.ConfigFile is { } config)
        {
            var path = Path.Combine(sources.WorkingFolder, config);
            if (File.Exists(path)) layers.Add(SettingsLayer.OfJson(path, "--config", mistakes));
            else mistakes.Add($"--config: there is no file '{config}'");
        }

        foreach (var layer in layers)
            foreach (var key in layer.Texts.Keys.Where(k => FrameworkSections.Contains(SettingsSchema.Section(k), StringComparer.OrdinalIgnoreCase)).ToArray())
                layer.Texts.Remove(key);
        return layers;
    }

    private void Lay(SettingsLayer layer, SettingsSources sources, List<string> mistakes)
    {
        SecretFiles.Resolve(layer, sources.WorkingFolder, mistakes);
        foreach (var list in layer.Texts.Keys.Select(SettingsSchema.ListHolding).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            foreach (var key in texts.Keys.Where(k => k.Equals(list, StringComparison.OrdinalIgnoreCase) || k.StartsWith(list + ":", StringComparison.OrdinalIgnoreCase)).ToArray())
                texts.Remove(key);
        foreach (var (name, text) in layer.Texts) texts[name] = text;
    }
}
