using System.CommandLine;
using CrashHarness;

var store = new Option<string>("--store") { Description = "embedded, postgres or both", DefaultValueFactory = _ => "both" };
store.AcceptOnlyFromAmong("embedded", "postgres", "both");
var kills = new Option<int>("--kills") { Description = "SIGKILLs of the service, on each store", DefaultValueFactory = _ => 300 };
var seed = new Option<int>("--seed") { Description = "seed of the first trial; the others count up from it", DefaultValueFactory = _ => 1 };
var minutes = new Option<int>("--minutes") { Description = "at most so long, on each store", DefaultValueFactory = _ => 120 };
var lanes = new Option<int>("--lanes") { Description = "trials side by side, each with servers of its own", DefaultValueFactory = _ => Math.Max(1, Environment.ProcessorCount / 2) };
var symbols = new Option<int>("--symbols") { Description = "size of the simulated market", DefaultValueFactory = _ => 300 };
var onlyDisk = new Option<bool>("--only-disk") { Description = "do nothing but fill the disk of the store, until the minutes are over" };
var sabotage = new Option<bool>("--sabotage") { Description = "do by hand what crashes must not do, and see whether each of it is noticed" };
var root = new RootCommand("Kills the service, and what is around it, from outside, and judges what is left.") { store, kills, seed, minutes, lanes, symbols, onlyDisk, sabotage };
root.SetAction(async (parsed, ct) =>
{
    StoreKind[] stores = parsed.GetValue(store) switch { "embedded" => [StoreKind.Embedded], "postgres" => [StoreKind.Postgres], _ => [StoreKind.Embedded, StoreKind.Postgres] };
    if (!await Disk.MayMountAsync()) Console.WriteLine("disks are not filled: that takes root, who may mount a small one");
    var failed = 0;
    var summaries = new List<string>();
    foreach (var kind in stores)
    {
        if (kind == StoreKind.Postgres && Postgres.Binaries is null)
        {
            Console.WriteLine("PostgreSQL is not installed (Debian: postgresql); its store is left out");
            continue;
        }

        var options = new CampaignOptions(kind, parsed.GetValue(kills), parsed.GetValue(seed), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(lanes), parsed.GetValue(symbols), Enum.GetValues<Scenario>(), parsed.GetValue(onlyDisk));
        if (parsed.GetValue(sabotage))
        {
            failed += (await Sabotage.RunAsync(options, Console.WriteLine, ct)).Count;
            continue;
        }

        var campaign = new Campaign(options, Console.WriteLine);
        await campaign.RunAsync(ct);
        summaries.Add(campaign.Summary());
        failed += campaign.Outcomes.Count(o => o.Failures.Count > 0);
    }

    foreach (var summary in summaries) Console.WriteLine(summary);
    return failed == 0 ? 0 : 1;
});
// Told to end, it takes its servers and its disk with it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
