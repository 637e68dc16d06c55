using DataMaintenance.Settings;

namespace DataMaintenance.Tests.House;

public sealed class ConfigurationPageTests
{
    private const string Begin = "<!-- The tables are written from the options classes: WRITE_DOCS=1 ./test --filter-class '*ConfigurationPageTests' -->\n";

    [Fact]
    public void The_page_lists_every_setting_as_the_code_has_it()
    {
        var path = Repository.Path("docs/configuration.md");
        var page = File.ReadAllText(path);
        var at = page.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(at >= 0, "docs/configuration.md has lost the line after which the tables stand");
        var written = page[..(at + Begin.Length)] + ConfigurationPage.Tables();
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1") File.WriteAllText(path, written);
        else Assert.True(page == written, "docs/configuration.md is stale; write it anew with WRITE_DOCS=1 ./test --filter-class '*ConfigurationPageTests'");
    }

    [Fact]
    public void Every_setting_says_what_it_means()
    {
        var silent = ConfigurationPage.Tables().Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal) && l.EndsWith("|  |", StringComparison.Ordinal));
        Assert.Equal([], silent);
    }

    [Fact]
    public void Every_default_is_within_its_bounds()
    {
        var settings = new ServiceSettings();
        Assert.Equal([], settings.Mistakes());
        using var given = new Given();
        var all = settings.Describe().Where(s => s.Value is not ("" or "***")).Select(s => (s.Name, (string?)s.Value)).ToArray();
        Assert.Equal(settings.Describe().Select(s => (s.Name, s.Value)), given.Load(all).Describe().Select(s => (s.Name, s.Value)));
    }
}
