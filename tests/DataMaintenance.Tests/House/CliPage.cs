using System.CommandLine;
using System.Text;
using DataMaintenance.Cli;

namespace DataMaintenance.Tests.House;

/// <summary>The part of docs/cli.md that is written from the commands themselves.</summary>
internal static class CliPage
{
    /// <summary>Every command of the executable.</summary>
    public static IReadOnlyList<Command> All() =>
    [
        DemoCommand.Build(), ServeCommand.Build(), RunCommand.Build(), BackfillCommand.Build(), StatusCommand.Build(), HistoryCommand.Build(), FindingsCommand.Build(), RevisionsCommand.Build(), NextCommand.Build(), CalendarCommand.Build(), ExplainCommand.Build(),
        VerifyCommand.Build(), ExportCommand.Build(), DoctorCommand.Build(), MigrateCommand.Build(), AlertsCommand.Build(), HealthCommand.Build(), ControlCommands.Cancel(), ControlCommands.Pause(), ControlCommands.Resume(),
        CompletionCommand.Build(), SimulateCommand.Build(),
    ];

    public static RootCommand Root() => Commands.Root(All());

    public static string Sections()
    {
        var page = new StringBuilder();
        foreach (var command in Root().Subcommands)
        {
            if (command.Action is not null) Section(page, command.Name, command);
            foreach (var under in command.Subcommands) Section(page, $"{command.Name} {under.Name}", under);
        }

        return page.ToString();
    }

    private static void Section(StringBuilder page, string name, Command command)
    {
        page.Append("\n## ").Append(name).Append("\n\n").Append(command.Description).Append('\n');
        if (HelpExamples.Examples.TryGetValue(name, out var examples)) page.Append("\n```sh\n").AppendJoin('\n', examples.Select(e => $"./data-maintenance {e}")).Append("\n```\n");
        var takes = command.Arguments.Select(a => (Name: a.Name.ToUpperInvariant(), a.Description))
            .Concat(command.Options.Where(o => !o.Hidden).Select(o => (Name: o.HelpName is { } value ? $"{o.Name} {value.Replace("|", "\\|", StringComparison.Ordinal)}" : o.Name, Description: (string?)$"{o.Description}{(o.Required ? " (required)" : "")}")));
        if (takes.Any()) page.Append("\n| takes | means |\n|---|---|\n").AppendJoin('\n', takes.Select(t => $"| `{t.Name}` | {t.Description} |")).Append('\n');
        foreach (var (when, shape) in CliShapes.All.GetValueOrDefault(name, []))
            page.Append("\nJSON").Append(when.Length > 0 ? $", {when}" : "").Append(":\n\n```text\n").Append(JsonSkeleton.Of(CliShapes.Schema(shape))).Append("\n```\n");
    }
}
