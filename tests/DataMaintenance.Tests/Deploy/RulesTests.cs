using System.Text.RegularExpressions;
using DataMaintenance.Tests.House;

namespace DataMaintenance.Tests.Deploy;

public sealed partial class RulesTests
{
    [Fact]
    public async Task Promtool_takes_the_rules()
    {
        var (exit, said) = await Tool.RunAsync("promtool", "deploy/prometheus", "check", "config", "prometheus.yml");
        Assert.True(exit == 0, said);
    }

    [Fact]
    public async Task Each_rule_fires_in_its_own_situation_and_in_no_other()
    {
        var (exit, said) = await Tool.RunAsync("promtool", "deploy/prometheus", "test", "rules", "alerts.test.yml");
        Assert.True(exit == 0, said);
    }

    [Fact]
    public void Every_rule_and_every_kind_of_incident_has_its_page_and_every_page_its_rule_or_kind()
    {
        var rules = File.ReadAllText(Repository.Path("deploy/prometheus/alerts.yml"));
        var names = Rule().Matches(rules).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(names.Select(n => $"docs/alerts/{n}.md"), Runbook().Matches(rules).Select(m => m.Groups[1].Value));
        var tests = File.ReadAllText(Repository.Path("deploy/prometheus/alerts.test.yml"));
        Assert.Equal([], names.Where(n => !tests.Contains($"- name: {n}\n", StringComparison.Ordinal)));
        var kinds = Enum.GetValues<DataMaintenance.Alerts.IncidentKind>().Where(k => k != DataMaintenance.Alerts.IncidentKind.Test).Select(DataMaintenance.Alerts.IncidentKinds.Name);
        var pages = Directory.GetFiles(Repository.Path("docs/alerts"), "*.md").Select(Path.GetFileNameWithoutExtension).Where(p => p != "README");
        Assert.Equal(names.Concat(kinds).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Rule();

    [GeneratedRegex(@"runbook: (\S+)")]
    private static partial Regex Runbook();
}
