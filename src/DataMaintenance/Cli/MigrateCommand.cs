using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>migrate</c>: brings our tables up to this version, and with <c>--from-legacy</c> the rows of the Python service into them.</summary>
internal static class MigrateCommand
{
    private static readonly Option<bool> FromLegacy = new("--from-legacy") { Description = "bring the rows of the Python service into ours; theirs are only read" };
    private static readonly Option<string> LegacySchema = new("--legacy-schema") { Description = "the schema that holds theirs", HelpName = "NAME", DefaultValueFactory = _ => "public" };
    private static readonly Option<string?> LegacyConnection = new("--legacy-connection")
    {
        Description = "the database that holds theirs, default Store:ConnectionString; a role that may only read will do, its password from PGPASSWORD or ~/.pgpass",
        HelpName = "Host=…",
    };
    private static readonly Option<bool> DryRunOnly = new("--dry-run") { Description = "with --from-legacy: read and judge everything of theirs, write nothing" };

    public static Command Build()
    {
        var command = new Command("migrate", "Bring the tables up to this version; with --from-legacy, the rows of the Python service into them.") { FromLegacy, LegacySchema, LegacyConnection, DryRunOnly };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, host =>
        {
            if (parsed.GetValue(FromLegacy)) return LegacyAsync(host, parsed.GetValue(LegacySchema)!, parsed.GetValue(LegacyConnection), parsed.GetValue(DryRunOnly), ct);
            if (new Option[] { LegacySchema, LegacyConnection, DryRunOnly }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } stray)
                throw new RequestException($"{stray.Name} goes with --from-legacy");
            return OursAsync(host, ct);
        }));
        return command;
    }

    private static async Task<int> OursAsync(CommandHost host, CancellationToken ct)
    {
        await using var store = await OpenAsync(host, ct);
        if (host.Json) host.Write(new JsonObject { ["store"] = store.Description, ["current"] = true });
        else Console.Out.WriteLine($"{store.Description}: the tables are those of this version");
        return Exit.Done;
    }

    private static async Task<int> LegacyAsync(CommandHost host, string schema, string? connection, bool dryRun, CancellationToken ct)
    {
        if (connection is null && host.Settings.Store.Kind != StoreKind.Postgres) throw new RequestException("--legacy-connection: Store:Kind is Embedded, so the database of the Python service must be named, such as Host=localhost;Database=market;Username=reader");
        var database = connection is null ? host.Settings.Store : new StoreOptions { Kind = StoreKind.Postgres, ConnectionString = connection };
        await using var theirs = await LegacyDatabase.OpenAsync(database, schema, ct);
        if (!host.Json) foreach (var table in theirs.Tables) Console.Out.WriteLine($"found   {table}");

        await using var store = dryRun ? null : await OpenAsync(host, ct);
        var progress = new Lines(line => { if (!host.Json) Console.Out.WriteLine($"{(dryRun ? "would bring" : "brought")} {line}"); });
        var result = await new LegacyMigration(theirs, store, host.Settings.Values.Grid, host.Settings.Calendar(), host.Clock, progress).RunAsync(ct);
        if (host.Json) host.Write(LegacyReport.Json(result, dryRun));
        else LegacyReport.Write(result, dryRun);
        return LegacyReport.IsComplete(result) ? Exit.Done : Exit.Failed;
    }

    private static async Task<IStore> OpenAsync(CommandHost host, CancellationToken ct)
    {
        try
        {
            return await StoreSetup.OpenAsync(host.Settings.Store with { Grid = host.Settings.Values.Grid }, host.Clock, Wiring.Instance, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            throw new InvalidOperationException($"a service runs on this store, at {e.Url}; only one process writes it. Stop the service, then give the same command again", e);
        }
    }

    /// <summary>Told on the caller's thread, in order; <see cref="Progress{T}"/> would queue.</summary>
    private sealed class Lines(Action<string> write) : IProgress<string>
    {
        public void Report(string value) => write(value);
    }
}
