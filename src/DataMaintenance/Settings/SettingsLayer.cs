using System.Text.Json;

namespace DataMaintenance.Settings;

/// <summary>A text and the place it came from.</summary>
public readonly record struct GivenText(string? Text, string Origin);

/// <summary>One source of settings, flattened: <c>Section:Name</c> to text. Names match without regard to case, as in .NET configuration.</summary>
internal sealed class SettingsLayer(string origin)
{
    public Dictionary<string, GivenText> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Set(string name, string? text, string? from = null) => Texts[name] = new(text, from ?? origin);

    /// <summary>A JSON file; comments and trailing commas are allowed. A file that cannot be read is a mistake with its line.</summary>
    public static SettingsLayer OfJson(string path, string origin, List<string> mistakes)
    {
        var layer = new SettingsLayer(origin);
        try
        {
            using var file = File.OpenRead(path);
            var root = (IConfiguration)new ConfigurationBuilder().AddJsonStream(file).Build();
            foreach (var (name, text) in root.AsEnumerable())
                if (text is not null || !root.GetSection(name).GetChildren().Any()) layer.Set(name, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{path}: cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidDataException)
        {
            mistakes.Add($"{path}: {Where(e)}");
        }

        return layer;
    }

    private static string Where(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is JsonException { LineNumber: { } line } json)
                return $"broken JSON in line {line + 1}, column {(json.BytePositionInLine ?? 0) + 1}: {json.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}";
        return e.Message.ReplaceLineEndings(" ");
    }
}
