using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DataMaintenance.Cli;

/// <summary>The usual help, with examples under it.</summary>
internal sealed class HelpExamples(HelpAction usual) : SynchronousCommandLineAction
{
    internal static readonly IReadOnlyDictionary<string, string[]> Examples = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["demo"] = ["demo", "demo --once"],
        ["serve"] = ["serve", "serve --config production.json"],
        ["run"] = ["run", "run --dry-run", "run --date 2025-12-01 --tasks load_volume_slots", "run --plan after_close --force"],
        ["backfill"] = ["backfill --from 2025-11-03 --to 2025-11-28 --dry-run", "backfill --from 2025-11-03 --to 2025-11-28 --tasks load_ohlc"],
        ["next"] = ["next", "next --json"],
        ["migrate"] = ["migrate", "migrate --from-legacy --dry-run"],
        ["alerts test"] = ["alerts test"],
        ["health"] = ["health"],
        ["status"] = ["status", "status --date 2025-12-01 --json"],
        ["findings"] = ["findings", "findings --all --json", "findings accept 12 --why 'a real move, seen at the exchange'"],
        ["history"] = ["history", "history --limit 50"],
        ["calendar"] = ["calendar --from 2025-01-01 --to 2025-12-31 --out sessions.csv"],
        ["verify"] = ["verify", "verify --json", "verify --against-prefix ''"],
        ["explain"] = ["explain AAPL", "explain AAPL --date 2025-12-01 --json"],
        ["revisions"] = ["revisions --from 2025-11-24", "revisions --symbol AAPL --json"],
        ["export"] = ["export daily --from 2025-11-03 --to 2025-11-28 --out daily.parquet", "export rvol --symbols AAPL,MSFT --out rvol.csv", "export slots --from 2025-12-01 --to 2025-12-01 --raw --out slots.csv"],
        ["findings accept"] = ["findings accept 42 --why 'true at the exchange'"],
        ["doctor"] = ["doctor"],
        ["cancel"] = ["cancel 42"],
        ["pause"] = ["pause --why 'the provider is being moved'"],
        ["resume"] = ["resume"],
        ["completion"] = ["completion bash"],
        ["simulate"] = ["simulate --port 8100 --fault 429=0.1", "simulate --files /tmp/market --days 10", "simulate --revised 0.05"],
    };

    /// <summary>Puts the examples under the help of every command.</summary>
    public static void AddTo(RootCommand root)
    {
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction usual } help) help.Action = new HelpExamples(usual);
    }

    public override bool ClearsParseErrors => usual.ClearsParseErrors;
    public override bool Terminating => usual.Terminating;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = usual.Invoke(parseResult);
        if (!Examples.TryGetValue(Name(parseResult), out var examples)) return exit;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples) output.WriteLine($"  data-maintenance {example}");
        output.WriteLine();
        return exit;
    }

    /// <summary>As it is typed: <c>alerts test</c>.</summary>
    private static string Name(ParseResult parsed) =>
        parsed.CommandResult.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } above ? $"{above.Command.Name} {parsed.CommandResult.Command.Name}" : parsed.CommandResult.Command.Name;
}
