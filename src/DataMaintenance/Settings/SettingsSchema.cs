using DataMaintenance.Values;

namespace DataMaintenance.Settings;

/// <summary>Every setting there is, by name. Names match without regard to case.</summary>
internal static class SettingsSchema
{
    /// <summary>Where the name is not the path of the property.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        [nameof(ServiceSettings.Values)] = "",
        [nameof(ServiceSettings.SpecialDays)] = "Calendar",
        [nameof(ValuesOptions.AtrPeriod)] = "Atr:Period",
        [nameof(ValuesOptions.AtrSmoothing)] = "Atr:Smoothing",
        [nameof(ValuesOptions.RvolSessions)] = "Rvol:Sessions",
        [nameof(ValuesOptions.RvolLookbackSessions)] = "Rvol:LookbackSessions",
        [nameof(ValuesOptions.Grid)] = "Slots:Session",
    };

    private static readonly string[] SecretEndings = ["Key", "Password", "Secret", "Token", "ConnectionString", "WebhookUrl", "HeartbeatUrl"];

    public static SettingsNode.Group Root { get; } = ReadRoot();

    public static IReadOnlySet<string> Sections { get; } =
        Root.Members.SelectMany(m => m.Name.Length > 0 ? [m.Name] : ((SettingsNode.Group)m.Node).Members.Select(v => Section(v.Name))).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The setting's leaf, list or group, and the list it is in or is; null when there is none of that name.</summary>
    public static (SettingsNode Node, string? List)? Find(string name) => Find(Root, "", name);

    public static bool Knows(string name) => Find(name) is { Node: not SettingsNode.Group } || (name.EndsWith("File", StringComparison.OrdinalIgnoreCase) && IsSecret(name[..^4]));

    public static string? ListHolding(string name) => Find(name)?.List;

    public static string Section(string name) => name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? name[..end] : name;

    /// <summary>Secret is what its name says: a key, a password, a token; a connection string, which may hold one; a web hook, whose address is all one needs to call it.</summary>
    public static bool IsSecret(string name) =>
        Find(name)?.Node is SettingsNode.Leaf { Type: var type } && type == typeof(string)
        && SecretEndings.Any(s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names of all settings of options classes, in their order; a list is one setting, items by name none.</summary>
    public static IEnumerable<string> Names(SettingsNode? node = null, string path = "") => (node ?? Root) switch
    {
        SettingsNode.Group group => group.Members.SelectMany(m => Names(m.Node, Join(path, m.Name))),
        SettingsNode.Named => [],
        _ => [path],
    };

    /// <summary>Every setting with its value in force.</summary>
    public static IEnumerable<SettingOf> Of(ServiceSettings settings) => Of(Root, settings, "");

    public static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}:{name}";

    private static IEnumerable<SettingOf> Of(SettingsNode node, object? value, string path) => node switch
    {
        SettingsNode.Group group => group.Members.SelectMany(m => Of(m.Node, m.Property.GetValue(value), Join(path, m.Name))),
        SettingsNode.Named named => ((System.Collections.IEnumerable)value!).Cast<object>().SelectMany(item => Item(named, item, path)),
        _ => [new(path, value, IsSecret(path))],
    };

    private static IEnumerable<SettingOf> Item(SettingsNode.Named named, object pair, string path)
    {
        var (name, value) = (pair.GetType().GetProperty("Key")!.GetValue(pair), pair.GetType().GetProperty("Value")!.GetValue(pair));
        return Of(named.Item, value, Join(path, (string)name!));
    }

    private static SettingsNode.Group ReadRoot()
    {
        var root = SettingsNode.Of(typeof(ServiceSettings), p => Renamed.GetValueOrDefault(p.Name, p.Name));
        return root with
        {
            Members = [.. root.Members.Select(m => m.Name.Length > 0 ? m : m with { Node = SettingsNode.Of(m.Property.PropertyType, p => Renamed[p.Name]) })],
        };
    }

    private static (SettingsNode, string?)? Find(SettingsNode node, string path, string name)
    {
        if (name.Equals(path, StringComparison.OrdinalIgnoreCase)) return (node, node is SettingsNode.Many ? path : null);
        if (path.Length > 0 && !name.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)) return null;
        return node switch
        {
            SettingsNode.Group group => group.Members.Select(m => Find(m.Node, Join(path, m.Name), name)).FirstOrDefault(f => f is not null),
            SettingsNode.Named named => Find(named.Item, Item(path, name), name),
            SettingsNode.Many many when Find(many.Item, Item(path, name), name) is { } found => (found.Item1, path),
            _ => null,
        };
    }

    private static string Item(string path, string name)
    {
        var end = name.IndexOf(':', path.Length + 1);
        return end < 0 ? name : name[..end];
    }
}
