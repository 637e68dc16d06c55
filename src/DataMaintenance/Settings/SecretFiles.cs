namespace DataMaintenance.Settings;

/// <summary>A secret may be given as the path of a file that holds it: the setting's name with <c>File</c> appended.</summary>
internal static class SecretFiles
{
    private const string Suffix = "File";

    public static void Resolve(SettingsLayer layer, string workingFolder, List<string> mistakes)
    {
        foreach (var (name, given) in layer.Texts.ToArray())
        {
            if (!name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) || !SettingsSchema.IsSecret(name[..^Suffix.Length])) continue;
            layer.Texts.Remove(name);
            var secret = name[..^Suffix.Length];
            if (string.IsNullOrWhiteSpace(given.Text)) continue;
            if (layer.Texts.ContainsKey(secret)) mistakes.Add($"{name}: {secret} is given as well; give one of them");
            else if (Read(Path.Combine(workingFolder, given.Text), name, mistakes) is { } text) layer.Set(secret, text, $"{given.Origin}, file");
        }
    }

    private static string? Read(string path, string name, List<string> mistakes)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length > 0) return text;
            mistakes.Add($"{name}: the file '{path}' is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{name}: the file '{path}' cannot be read: {e.Message}");
        }

        return null;
    }
}
