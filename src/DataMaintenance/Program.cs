return await DataMaintenance.Cli.CommandLine.RunAsync(args);
