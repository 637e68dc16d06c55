using System.CommandLine;
using CorruptionBench;

var write = new Option<string?>("--write") { Description = "a page between whose marks the tables are put" };
var grounds = new Option<string>("--data") { Description = "only data whose name contains this", DefaultValueFactory = _ => "" };
var kinds = new Option<string>("--kinds") { Description = "only corruptions whose name contains this", DefaultValueFactory = _ => "" };
var seed = new Option<int>("--seed") { Description = "of the simulated market and of what is struck", DefaultValueFactory = _ => 1 };
var symbols = new Option<int>("--symbols") { Description = "size of the simulated market", DefaultValueFactory = _ => 300 };
var nights = new Option<int>("--nights") { Description = "good nights of the simulated market before the one that is struck", DefaultValueFactory = _ => 11 };
var evidence = new Option<string?>("--evidence") { Description = "a file for every alarm on clean data with the rows around it" };
var what = new Option<string>("--what") { Description = "all, corruptions or clean", DefaultValueFactory = _ => "all" };
what.AcceptOnlyFromAmong("all", "corruptions", "clean");
var root = new RootCommand("Corrupts clean data in many ways, has the service process them, and tells what it noticed.") { write, grounds, kinds, seed, symbols, nights, evidence, what };
root.SetAction(async (parsed, ct) =>
{
    var campaign = new Campaign(new(parsed.GetValue(grounds)!, parsed.GetValue(kinds)!, parsed.GetValue(seed), parsed.GetValue(symbols), parsed.GetValue(nights)), Console.WriteLine);
    if (parsed.GetValue(what) != "clean") await campaign.CorruptAsync(ct);
    if (parsed.GetValue(what) != "corruptions") await campaign.WalkAsync(ct);
    if (parsed.GetValue(evidence) is { } file) await File.WriteAllTextAsync(file, campaign.Evidence(), ct);
    if (parsed.GetValue(write) is { } page) await Table.WriteAsync(page, campaign.Tables(), ct);
    else Console.WriteLine(campaign.Tables());
    return 0;
});
return await root.Parse(args).InvokeAsync();
