namespace DataMaintenance.Tests.House;

public sealed class CliPageTests
{
    private const string Begin = "<!-- The sections below are written from the commands: WRITE_DOCS=1 ./test --filter-class '*CliPageTests' -->\n";

    [Fact]
    public void The_page_has_every_command_option_and_JSON_shape_as_the_code_has_it()
    {
        var path = Repository.Path("docs/cli.md");
        var page = File.ReadAllText(path);
        var at = page.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(at >= 0, "docs/cli.md has lost the line after which the commands stand");
        var written = page[..(at + Begin.Length)] + CliPage.Sections();
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1") File.WriteAllText(path, written);
        else Assert.True(page == written, "docs/cli.md is stale; write it anew with WRITE_DOCS=1 ./test --filter-class '*CliPageTests'");
    }

    [Fact]
    public void Every_command_says_what_it_does_has_an_example_and_a_shape_or_none_for_a_reason()
    {
        var names = CliPage.Sections().Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Select(l => l[3..]).ToArray();
        Assert.Equal([], names.Where(n => !DataMaintenance.Cli.HelpExamples.Examples.ContainsKey(n)));
        // serve says what it does in its log, completion prints a script.
        Assert.Equal(["completion", "serve"], names.Where(n => !CliShapes.All.ContainsKey(n)).Order(StringComparer.Ordinal));
    }
}
