using System.Globalization;
using BenchmarkDotNet.Running;
using DataMaintenance.Bench;

// Whole processes: night [runs], night-servers [nights]; flatfile [sessions] [postgres connection string]: a backfill over S3;
// year [sessions] [postgres]: the same of a year, as whole processes, from files made once; readers [pairs]: what 200 requests a second cost a cycle.
// Anything else goes to BenchmarkDotNet: --filter '*MinuteFile*'.
return args switch
{
    ["night", ..] => await Night.RunAsync(Count(args, 3)),
    ["night-servers", ..] => await NightServers.RunAsync(Count(args, 3)),
    ["readers", ..] => await Readers.RunAsync(Count(args, 5)),
    ["flatfile", ..] => await FlatFile.RunAsync(Count(args, 21), args.ElementAtOrDefault(2)),
    ["year", ..] => await Year.RunAsync(Count(args, 250), args.Contains("postgres")),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Night).Assembly).Run(args, new BenchConfig()).Any() ? 0 : 1,
};

static int Count(string[] args, int otherwise) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : otherwise;
