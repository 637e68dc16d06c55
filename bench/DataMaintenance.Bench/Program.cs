using BenchmarkDotNet.Running;
using DataMaintenance.Bench;

// night [runs]: whole processes. flatfile [sessions] [postgres connection string]: a backfill over S3. Anything else goes to BenchmarkDotNet: --filter '*MinuteFile*'.
return args is ["flatfile", ..]
    ? await FlatFile.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 21, args.Length > 2 ? args[2] : null)
    : args is ["night", ..]
    ? await Night.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 3)
    : BenchmarkSwitcher.FromAssembly(typeof(Night).Assembly).Run(args, new BenchConfig()).Any() ? 0 : 1;
