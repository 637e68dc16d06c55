using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DataMaintenance.Settings;

namespace DataMaintenance.Tests.House;

/// <summary>The tables of docs/configuration.md, written from the options classes and their docstrings.</summary>
internal static partial class ConfigurationPage
{
    private static readonly Dictionary<string, XElement> Docs = new[] { "data-maintenance.xml", "Market.xml" }
        .SelectMany(f => XDocument.Load(Path.Combine(AppContext.BaseDirectory, f)).Descendants("member")).ToDictionary(m => (string)m.Attribute("name")!);

    public static string Tables()
    {
        var page = new StringBuilder();
        var section = "";
        foreach (var row in Rows(SettingsSchema.Root, new ServiceSettings(), ""))
        {
            if (SettingsSchema.Section(row.Name) != section)
            {
                section = SettingsSchema.Section(row.Name);
                page.Append('\n').Append("### ").Append(section).Append("\n\n| setting | default | takes | meaning |\n|---|---|---|---|\n");
            }

            page.Append("| `").Append(row.Name).Append("` | ").Append(row.Default).Append(" | ").Append(row.Takes).Append(" | ").Append(row.Meaning).Append(" |\n");
        }

        return page.ToString();
    }

    private static IEnumerable<(string Name, string Default, string Takes, string Meaning)> Rows(SettingsNode.Group group, object? options, string path)
    {
        foreach (var member in group.Members)
        {
            var name = SettingsSchema.Join(path, member.Name);
            var value = options is null ? null : member.Property.GetValue(options);
            var setting = new SettingOf(name, value, SettingsSchema.IsSecret(name));
            switch (member.Node)
            {
                case SettingsNode.Group inner:
                    foreach (var row in Rows(inner, value, name)) yield return row;
                    break;
                case SettingsNode.Leaf leaf:
                    yield return (name, Code(setting.Show()), setting.Secret ? "text, secret" : Takes(leaf), Meaning(member));
                    break;
                case SettingsNode.Many { Item: SettingsNode.Group item }:
                    yield return (name, "none", "a list", Meaning(member));
                    foreach (var row in Rows(item, null, name + ":0")) yield return row;
                    break;
                case SettingsNode.Many { Item: SettingsNode.Leaf leaf }:
                    yield return (name, setting.Show() is { Length: > 0 } text ? Code(text) : "none", $"a list, each {Takes(leaf)}", Meaning(member));
                    break;
                case SettingsNode.Named { Item: SettingsNode.Group item }:
                    yield return (name, "", "groups by name", Meaning(member));
                    foreach (var row in Rows(item, Activator.CreateInstance(item.Type), name + ":*name*")) yield return row;
                    break;
            }
        }
    }

    private static string Takes(SettingsNode.Leaf leaf) =>
        leaf.Type == typeof(string) ? "text" : leaf.Type == typeof(TimeSpan) ? $"a duration{SettingText.Bounds(leaf.Range)}" : SettingText.Expected(leaf);

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";

    private static string Meaning(SettingsNode.Member member)
    {
        var key = $"P:{member.Property.DeclaringType!.FullName!.Replace('+', '.')}.{member.Property.Name}";
        if (Docs.GetValueOrDefault(key)?.Element("summary") is not { } summary) return "";
        foreach (var code in summary.Descendants("c").ToArray()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in summary.Descendants("see").ToArray()) see.ReplaceWith($"`{((string)see.Attribute("cref")!).Split('.')[^1]}`");
        return Blanks().Replace(summary.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
