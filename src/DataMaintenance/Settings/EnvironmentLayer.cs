namespace DataMaintenance.Settings;

/// <summary>Variables named <c>Section__Name</c>. Those of sections that are not ours belong to others, unless they look like a slip.</summary>
internal static class EnvironmentLayer
{
    /// <summary>The settings that variables name, unchecked.</summary>
    public static HashSet<string> Names(IReadOnlyDictionary<string, string> environment) =>
        environment.Keys.Where(IsSetting).Select(k => k.Replace("__", ":", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public static SettingsLayer Read(IReadOnlyDictionary<string, string> environment, List<string> mistakes)
    {
        var layer = new SettingsLayer("environment");
        foreach (var (variable, text) in environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            var name = variable.Replace("__", ":", StringComparison.Ordinal);
            if (IsSetting(variable))
            {
                if (layer.Texts.TryGetValue(name, out var twice)) mistakes.Add($"{variable}: {twice.Origin} names the same setting");
                else layer.Set(name, text, $"environment ({variable})");
            }
            else if (variable.Contains("__", StringComparison.Ordinal) && Slip(name) is { } meant)
            {
                mistakes.Add($"{variable}: there is no such section; did you mean {meant.Replace(":", "__", StringComparison.Ordinal)}?");
            }
        }

        return layer;
    }

    private static bool IsSetting(string variable) =>
        variable.IndexOf("__", StringComparison.Ordinal) is > 0 and var end && SettingsSchema.Sections.Contains(variable[..end]);

    /// <summary>A name that is one of ours but for a letter or two of its section.</summary>
    private static string? Slip(string name)
    {
        var end = name.IndexOf(':', StringComparison.Ordinal);
        var near = SettingsSchema.Sections.Where(s => Spelling.Distance(s, name[..end]) <= 2).Select(s => s + name[end..]);
        return near.FirstOrDefault(SettingsSchema.Knows);
    }
}
