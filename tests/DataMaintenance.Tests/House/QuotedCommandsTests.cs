using System.Text.RegularExpressions;
using DataMaintenance.Cli;

namespace DataMaintenance.Tests.House;

/// <summary>Commands that the papers quote in their <c>sh</c> blocks.</summary>
public sealed partial class QuotedCommandsTests
{
    [Fact]
    public void Every_script_that_the_papers_run_is_there()
    {
        var commands = Papers().SelectMany(p => Commands(File.ReadAllText(p)).Select(c => (Paper: Repository.Relative(p), Words: c))).ToArray();
        Assert.NotEmpty(commands);
        Assert.Equal([], commands.Where(c => c.Words[0].StartsWith("./", StringComparison.Ordinal) && !File.Exists(Repository.Path(c.Words[0]))).Select(c => $"{c.Paper}: {string.Join(' ', c.Words)}"));
    }

    [Fact]
    public void Every_quoted_command_of_the_service_parses_as_it_stands()
    {
        var root = DataMaintenance.Cli.Commands.Root(
        [
            DemoCommand.Build(), ServeCommand.Build(), RunCommand.Build(), BackfillCommand.Build(), StatusCommand.Build(), HistoryCommand.Build(), NextCommand.Build(), RevisionsCommand.Build(),
            CalendarCommand.Build(), ExplainCommand.Build(), SteerCommands.Cancel(), SteerCommands.Pause(), SteerCommands.Resume(), CompletionCommand.Build(), VerifyCommand.Build(), ExportCommand.Build(), DoctorCommand.Build(), MigrateCommand.Build(), AlertsCommand.Build(), HealthCommand.Build(), SimulateCommand.Build(),
        ]);
        var quoted = Papers().SelectMany(p => Commands(File.ReadAllText(p))).Where(c => c[0] == "./data-maintenance").ToArray();
        Assert.NotEmpty(quoted);
        Assert.Equal([], quoted.Select(c => (Words: c, root.Parse(c[1..]).Errors)).Where(c => c.Errors.Count > 0).Select(c => $"{string.Join(' ', c.Words)}: {c.Errors[0].Message}"));
    }

    [Fact]
    public void Every_page_that_the_papers_link_to_is_there()
    {
        var broken = from paper in Papers()
                     from link in Links().Matches(File.ReadAllText(paper)).Select(m => m.Groups[1].Value)
                     where !link.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(paper)!, link))
                     select $"{Repository.Relative(paper)}: {link}";
        Assert.Equal([], broken);
    }

    [Fact]
    public void A_command_is_read_without_the_variables_before_it_and_the_remark_after_it() =>
        Assert.Equal(["./test --x 'a b'"], Commands("text\n```sh\nA=1 B=2 ./test --x 'a b'  # why\n```\n").Select(c => string.Join(' ', c)));

    internal static IEnumerable<string> Papers() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);

    /// <summary>The commands of a paper's <c>sh</c> blocks, each as its words.</summary>
    internal static IEnumerable<string[]> Commands(string paper) =>
        from block in Blocks().Matches(paper)
        from line in block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        let command = Remark().Replace(Variables().Replace(line, ""), "").Trim()
        where command.Length > 0
        select command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\s*(?:[A-Za-z_]\w*=\S*\s+)*")]
    private static partial Regex Variables();

    [GeneratedRegex(@"(?:^|\s)#.*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Links();
}
