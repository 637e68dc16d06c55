namespace DataMaintenance.Settings;

/// <summary>Puts what was given into the options classes. A name that is none, and a value that does not fit, are mistakes; nothing is skipped in silence.</summary>
internal sealed class SettingsBinder
{
    private readonly GivenSettings given;
    private readonly List<string> mistakes;

    private SettingsBinder(GivenSettings given, List<string> mistakes) => (this.given, this.mistakes) = (given, mistakes);

    public static ServiceSettings Bind(GivenSettings given, List<string> mistakes)
    {
        var binder = new SettingsBinder(given, mistakes);
        foreach (var (name, text) in given.Texts.OrderBy(t => t.Key, StringComparer.OrdinalIgnoreCase)) binder.CheckName(name, text);
        return (ServiceSettings)binder.Bind(SettingsSchema.Root, new ServiceSettings(), "")!;
    }

    private void CheckName(string name, GivenText text)
    {
        var found = SettingsSchema.Find(name)?.Node;
        if (found is SettingsNode.Leaf or SettingsNode.Many || (found is not null && string.IsNullOrEmpty(text.Text))) return;
        var nearest = Spelling.Nearest(name, SettingsSchema.Names());
        mistakes.Add(found is null
            ? $"{name}: there is no such setting ({text.Origin}){(nearest is null ? "" : $"; did you mean {nearest}?")}"
            : $"{name}: expected settings below it, got '{text.Text}' ({text.Origin})");
    }

    private object? Bind(SettingsNode node, object? otherwise, string path) => node switch
    {
        SettingsNode.Leaf leaf => BindLeaf(leaf, otherwise, path),
        SettingsNode.Many many => BindMany(many, otherwise, path),
        SettingsNode.Named named => BindNamed(named, otherwise, path),
        SettingsNode.Group group => BindGroup(group, otherwise, path),
        _ => throw new InvalidOperationException($"{node} is no setting."),
    };

    private object BindGroup(SettingsNode.Group group, object? otherwise, string path)
    {
        var options = Activator.CreateInstance(group.Type)!;
        foreach (var member in group.Members)
        {
            var name = SettingsSchema.Join(path, member.Name);
            var before = mistakes.Count;
            var value = Bind(member.Node, member.Property.GetValue(otherwise ?? options), name);
            if (member.Required && otherwise is null && !Given(name) && mistakes.Count == before) mistakes.Add($"{name}: is missing");
            member.Property.SetValue(options, value);
        }

        return options;
    }

    private object? BindLeaf(SettingsNode.Leaf leaf, object? otherwise, string path)
    {
        if (!given.Texts.TryGetValue(path, out var text)) return otherwise;
        given.Origins[path] = text.Origin;
        if (string.IsNullOrEmpty(text.Text) && leaf.Nullable) return null;
        if (text.Text is null) return otherwise;
        var value = text.Text.Length == 0 && !leaf.MayBeEmpty ? null : SettingText.Parse(leaf.Type, text.Text);
        if (value is not null && leaf.Range?.IsValid(value) != false) return value;
        mistakes.Add($"{path}: expected {SettingText.Expected(leaf)}, got '{(SettingsSchema.IsSecret(path) ? "***" : text.Text)}' ({text.Origin})");
        return otherwise;
    }

    private object? BindMany(SettingsNode.Many many, object? otherwise, string path)
    {
        var indices = Children(path);
        if (indices.Count == 0 && !given.Texts.ContainsKey(path)) return otherwise;
        var items = new List<object?>();
        if (given.Texts.TryGetValue(path, out var all))
        {
            given.Origins[path] = all.Origin;
            if (many.Item is not SettingsNode.Leaf leaf)
            {
                if (!string.IsNullOrEmpty(all.Text)) mistakes.Add($"{path}: expected a list of items, got '{all.Text}' ({all.Origin})");
            }
            else
            {
                foreach (var text in (all.Text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (SettingText.Parse(leaf.Type, text) is { } value) items.Add(value);
                    else mistakes.Add($"{path}: expected {SettingText.Expected(leaf)}, got '{text}' ({all.Origin})");
                }
            }
        }

        foreach (var index in indices.OrderBy(i => int.TryParse(i, out var n) ? n : int.MaxValue))
        {
            var name = SettingsSchema.Join(path, index);
            items.Add(Bind(many.Item, null, name));
            given.Origins[path] = given.Texts.First(t => t.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)).Value.Origin;
            if (!int.TryParse(index, out _)) mistakes.Add($"{name}: expected items numbered from 0");
        }

        var list = Array.CreateInstance(many.ItemType, items.Count);
        for (var i = 0; i < items.Count; i++) list.SetValue(items[i], i);
        return list;
    }

    private object BindNamed(SettingsNode.Named named, object? otherwise, string path)
    {
        var items = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), named.ItemType), StringComparer.OrdinalIgnoreCase)!;
        if (otherwise is System.Collections.IDictionary defaults)
            foreach (System.Collections.DictionaryEntry item in defaults) items[item.Key] = item.Value;
        foreach (var name in items.Keys.Cast<string>().Union(Children(path), StringComparer.OrdinalIgnoreCase).ToArray())
            items[name] = Bind(named.Item, items[name], SettingsSchema.Join(path, name));
        return items;
    }

    private bool Given(string name) => given.Texts.ContainsKey(name) || Children(name).Count > 0;

    /// <summary>The names one level below the path, in the order given.</summary>
    private List<string> Children(string path) =>
        [.. given.Texts.Keys.Where(k => k.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)).Select(k => SettingsSchema.Section(k[(path.Length + 1)..])).Distinct(StringComparer.OrdinalIgnoreCase)];
}
