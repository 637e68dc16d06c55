using System.Text.Json.Nodes;
using DataMaintenance.Cli;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Tests.House;

namespace DataMaintenance.Tests.Api;

/// <summary>Every command of the service that the papers quote does what it is quoted for, beside a service that has run one night.</summary>
public sealed class QuotedCommandsRunTests(Service service) : IClassFixture<Service>
{
    /// <summary>Commands that are not run here, by how they begin, and why.</summary>
    private static readonly IReadOnlyDictionary<string, string> Elsewhere = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["demo"] = "a full-size market; DemoTests run it",
        ["serve"] = "goes on until it is ended; StopTests and KillTests run it",
        ["simulate"] = "goes on until it is ended, or writes into a folder of its own; ClockTests and CliJsonTests run it",
        ["migrate --from-legacy"] = "needs a database of the Python service; MigrateTests run it",
        ["migrate"] = "needs the store for itself; CliJsonTests run it",
        ["verify --against-prefix"] = "needs the Redis server of the other service; MigrateTests run it",
    };

    /// <summary>Commands that are right to end otherwise than with 0 in this situation, and why.</summary>
    private static readonly IReadOnlyDictionary<string, (int Exit, string Why)> Otherwise = new Dictionary<string, (int, string)>(StringComparer.Ordinal)
    {
        ["cancel 42"] = (1, "there is no run 42"),
        ["findings accept"] = (1, "there is no such finding"),
        ["alerts test"] = (1, "no channel is set"),
    };

    public static IEnumerable<string[]> Quoted() =>
        QuotedCommandsTests.Papers().SelectMany(p => QuotedCommandsTests.Commands(File.ReadAllText(p))).Where(c => c[0] == "./data-maintenance")
            .Select(c => Bare([.. c[1..].Select(w => w.Trim('\'', '"'))])).DistinctBy(c => string.Join(' ', c));

    /// <summary>Without settings of its own: those of the test take their place.</summary>
    private static string[] Bare(string[] words) => Array.IndexOf(words, "--config") is >= 0 and var at ? [.. words[..at], .. words[(at + 2)..]] : words;

    [Fact]
    public async Task Every_quoted_command_ends_as_the_papers_promise()
    {
        using var folder = new TemporaryFolder();
        var config = folder.File("settings.json");
        await File.WriteAllTextAsync(config, Settings().ToJsonString(), TestContext.Current.CancellationToken);
        var (said, ran) = (new List<string>(), 0);
        foreach (var words in Quoted().Where(c => !Elsewhere.Keys.Any(e => string.Join(' ', c).StartsWith(e, StringComparison.Ordinal))))
        {
            var command = string.Join(' ', words);
            // A file is written beside the others of this test.
            var arguments = words.Select((w, i) => i > 0 && words[i - 1] == "--out" ? folder.File(Path.GetFileName(w)) : w).Append("--config").Append(config);
            var (exit, output) = await RunAsync([.. arguments]);
            ran++;
            if (exit != Otherwise.FirstOrDefault(o => command.StartsWith(o.Key, StringComparison.Ordinal)).Value.Exit) said.Add($"{command}: exit {exit}\n{output}");
        }

        Assert.Equal([], said);
        Assert.InRange(ran, 25, 200);
    }

    /// <summary>As the executable does, in this process: dozens of starts would take minutes.</summary>
    private static async Task<(int Exit, string Output)> RunAsync(string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        // Not disposed: who took Console.Out meanwhile may write to it later.
        var said = new StringWriter();
        var all = TextWriter.Synchronized(said);
        Console.SetOut(all);
        Console.SetError(all);
        try
        {
            return (await Commands.RunAsync(arguments, CliPage.All()).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }

    private JsonObject Settings() => new()
    {
        ["Store"] = new JsonObject { ["Path"] = service.World.Folder.File("store") },
        ["Logs"] = new JsonObject { ["Directory"] = service.World.Folder.File("logs-of-commands") },
        ["Provider"] = new JsonObject { ["Kind"] = "Simulator", ["ApiKey"] = "test" },
        ["Clock"] = new JsonObject { ["Start"] = "2025-12-02T08:00:00Z" },
        ["Api"] = new JsonObject { ["Urls"] = service.Http.BaseAddress!.ToString() },
    };
}
