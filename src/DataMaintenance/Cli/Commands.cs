using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace DataMaintenance.Cli;

/// <summary>The commands, and what every one of them shares: settings, errors in one line, exit codes.</summary>
public static class Commands
{
    public static readonly Option<string?> Config = new("--config") { Description = "a JSON file laid over appsettings.json", Recursive = true, HelpName = "FILE" };
    public static readonly Option<bool> Json = new("--json") { Description = "answer in JSON; a failure is a problem document", Recursive = true };
    public static readonly Option<bool> NoColor = new("--no-color") { Description = "no colours; NO_COLOR in the environment does the same", Recursive = true };

    /// <summary>The root with the given commands under it.</summary>
    public static RootCommand Root(IEnumerable<Command> commands)
    {
        var root = new RootCommand("Keeps the historical market data of a US-equity platform true and fresh.") { Config, Json, NoColor };
        foreach (var command in commands) root.Add(command);
        HelpExamples.AddTo(root);
        return root;
    }

    public static async Task<int> RunAsync(string[] args, IEnumerable<Command> commands)
    {
        var parsed = Root(commands).Parse(args);
        if (parsed.GetValue(NoColor) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))) AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        // A shell that asks what fits gets an answer, however unfinished the line is.
        var asked = args is [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], ..];
        if (parsed.Errors.Count > 0 && !asked)
        {
            var mistakes = Mistakes(parsed);
            if (args.Contains("--json")) Console.Out.WriteLine(CommandHost.Problem(string.Join("; ", mistakes), Exit.WrongUse));
            foreach (var mistake in mistakes) await Console.Error.WriteLineAsync($"data-maintenance: {mistake}");
            await Console.Error.WriteLineAsync($"data-maintenance: see --help{(parsed.CommandResult.Command is RootCommand ? "" : $" of {parsed.CommandResult.Command.Name}")}");
            return Exit.WrongUse;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
    }

    /// <summary>One line each; that a command is missing is not said of a word that is none.</summary>
    internal static string[] Mistakes(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] known = [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            if (known.Length > 0 && !word.StartsWith('-')) return [$"there is no command '{word}'; {Nearest.Of(word, known) ?? $"there are {string.Join(", ", known)}"}"];
            string[] options = [.. command.Options.Where(o => !o.Hidden).Select(o => o.Name)];
            if (word.StartsWith('-') && options.Length > 0) return [$"{command.Name} takes no {word}; {Nearest.Of(word, options) ?? $"it takes {string.Join(", ", options)}"}"];
        }
        else if (command is RootCommand && known.Length > 0)
        {
            return ["which command? `data-maintenance demo` shows all of it on this machine, without a key or a server"];
        }

        return [.. parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)).Distinct()];
    }

    /// <summary>An option that takes a New York date.</summary>
    public static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "yyyy-MM-dd",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
            result.AddError($"{name}: expected a date like 2025-12-01, got '{text}'");
            return null;
        },
    };

    /// <summary>An option that takes a whole number within bounds, both inclusive.</summary>
    public static Option<int> Number(string name, string description, int otherwise, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            result.AddError($"{name}: expected a whole number from {least} to {most}, got '{text}'");
            return otherwise;
        },
    };

    /// <summary>An option that takes names separated by commas.</summary>
    public static Option<string[]?> Names(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };

    /// <summary>The names given; null when the option was not (an absent list would read as an empty one).</summary>
    public static string[]? Given(ParseResult parsed, Option<string[]?> option) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;
}

/// <summary>Exit codes that scripts rely on.</summary>
public static class Exit
{
    /// <summary>Done and verified.</summary>
    public const int Done = 0;
    /// <summary>Something failed or is missing.</summary>
    public const int Failed = 1;
    public const int WrongUse = 2;
    /// <summary>An outside system is unreachable.</summary>
    public const int Unreachable = 3;
}
