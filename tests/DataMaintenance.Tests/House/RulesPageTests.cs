using DataMaintenance.Pipeline.Checks;

namespace DataMaintenance.Tests.House;

/// <summary>The table of rules in the paper is the one in force.</summary>
public class RulesPageTests
{
    private static readonly string[] Rows = [.. File.ReadAllLines(Repository.Path("docs/truth.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal) && l.Split(" | ").Length == 5)];

    [Fact]
    public void Every_rule_stands_in_the_paper_as_it_is_in_the_code() =>
        Assert.Equal(Rules.All.Select(Line), Rows.Where(r => Rules.All.Any(rule => r.StartsWith($"| `{rule.Name}` |", StringComparison.Ordinal))));

    [Fact]
    public void A_name_is_one_rule() => Assert.Equal(Rules.All.Count(), Rules.All.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count());

    private static string Line(Rule rule)
    {
        var blocks = rule.Blocks switch { Blocks.Daily => "ATR, average volumes", Blocks.Slots => "RVOL", _ => "nothing" };
        if (rule is { OfDay: true, Blocks: not Blocks.Nothing }) blocks = $"the session while it is the newest: {blocks}";
        return $"| `{rule.Name}` | {rule.Looks} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Why} | {blocks} |";
    }
}
