using System.CommandLine;
using System.Globalization;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Symbol = Market.Symbol;

namespace DataMaintenance.Cli;

/// <summary><c>export</c>: facts or derived values of a range of sessions, to a CSV or Parquet file.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Kind = new("kind") { Description = string.Join(", ", Exports.Kinds), CustomParser = Spelling };
    private static readonly Option<DateOnly?> From = Commands.Date("--from", "the first session; default the oldest in the store (for derived values: the newest)");
    private static readonly Option<DateOnly?> To = Commands.Date("--to", "the last session, inclusive; default the newest in the store");
    private static readonly Option<string[]?> Symbols = Commands.Names("--symbols", "only these", "A,B");
    private static readonly Option<bool> Raw = new("--raw") { Description = "daily and slots as fetched, not adjusted for splits" };
    private static readonly Option<DateOnly?> AsOf = Commands.Date("--as-of", "adjust to the splits executed up to this day; default every split executed by now");
    private static readonly Option<FileInfo> Out = new("--out") { Description = "the file to write", Required = true, HelpName = "FILE.csv|.parquet" };

    public static Command Build()
    {
        Kind.CompletionSources.Add([.. Exports.Kinds]);
        var command = new Command("export", "Write facts or derived values to a file.") { Kind, From, To, Symbols, Raw, AsOf, Out };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var file = parsed.GetValue(Out)!;
            var request = Request(parsed);
            if (request.Raw && request.Kind is not ("daily" or "slots")) throw new RequestException($"--raw is for daily and slots; {request.Kind} is always computed from adjusted facts");
            if (Directory.Exists(file.FullName)) throw new RequestException($"--out: {file.FullName} is a folder; expected a file");
            if (file.Extension is not (".csv" or ".parquet")) throw new RequestException($"--out: expected a name that ends in .csv or .parquet, got '{file.Name}'");
            if (file.Directory is { Exists: false }) throw new RequestException($"--out: there is no folder {file.Directory.FullName}");
            var rows = await WriteAsync(host, request, file, ct);
            if (host.Json) host.Write(new System.Text.Json.Nodes.JsonObject { ["kind"] = request.Kind, ["rows"] = rows, ["file"] = file.FullName });
            else Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of {request.Kind} written to {file.FullName}"));
            if (rows > 0) return Exit.Done;
            await Console.Error.WriteLineAsync($"data-maintenance: nothing to export: the store holds no {request.Kind} of these sessions{(request.Symbols is null ? "" : " and symbols (they are case-sensitive)")}; `data-maintenance history` shows what was loaded");
            return Exit.Failed;
        }));
        return command;
    }

    /// <summary>Families are written with an underscore elsewhere, and that is understood too.</summary>
    private static string? Spelling(System.CommandLine.Parsing.ArgumentResult given)
    {
        var kind = given.Tokens[0].Value.Replace('_', '-').ToLowerInvariant();
        if (Exports.Kinds.Contains(kind)) return kind;
        given.AddError($"there is no kind '{given.Tokens[0].Value}' to export; expected one of {string.Join(", ", Exports.Kinds)}");
        return null;
    }

    private static ExportRequest Request(ParseResult parsed)
    {
        var names = Commands.Given(parsed, Symbols);
        if (names?.FirstOrDefault(n => !Symbol.IsValid(n)) is { } odd) throw new RequestException($"--symbols: '{odd}' is no symbol");
        var (from, to) = (parsed.GetValue(From), parsed.GetValue(To));
        if (from > to) throw new RequestException($"--to {to:yyyy-MM-dd} lies before --from {from:yyyy-MM-dd}");
        return new(parsed.GetValue(Kind)!, from, to, names?.Select(n => new Symbol(n)).ToHashSet(), parsed.GetValue(Raw), parsed.GetValue(AsOf));
    }

    private static async Task<long> WriteAsync(CommandHost host, ExportRequest request, FileInfo file, CancellationToken ct)
    {
        // Beside the target and moved over it at the end, so that a stop leaves no half file under its name.
        var csv = file.FullName + ".part";
        try
        {
            long rows;
            try
            {
                host.NeedStore();
                await using var store = await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct);
                var exports = new Exports(store, host.Settings.Calendar(), host.Settings.Values, host.Clock);
                await using var to = File.Create(csv);
                rows = await exports.WriteCsvAsync(request, to, ct);
            }
            catch (StoreOwnedException e) when (e.Url is not null)
            {
                using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
                await using (var to = File.Create(csv)) await service.DownloadAsync(request.Path(), to, ct);
                rows = File.ReadLines(csv).LongCount() - 1;
            }

            if (file.Extension == ".parquet") await Parquet.FromCsvAsync(csv, file.FullName, Exports.Types(request.Kind), ct);
            else File.Move(csv, file.FullName, overwrite: true);
            return rows;
        }
        finally
        {
            File.Delete(csv);
        }
    }
}
