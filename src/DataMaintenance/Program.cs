using DataMaintenance.Cli;

// The table of contents: everything the executable does. Wiring.cs puts together what most of it works on.
return await Commands.RunAsync(args,
[
    DemoCommand.Build(),        // a simulated market, the first load, one night: no key, no server
    ServeCommand.Build(),       // the service: HTTP, runs by the timetable and on request
    RunCommand.Build(),         // a plan over one session
    BackfillCommand.Build(),    // the facts of a range of sessions
    StatusCommand.Build(),      // how a session stands
    HistoryCommand.Build(),     // what ran
    FindingsCommand.Build(),    // what the checks found; accept
    NextCommand.Build(),        // when which plan is due
    CalendarCommand.Build(),    // the exchange's sessions
    ExplainCommand.Build(),     // why a symbol's values are what they are
    VerifyCommand.Build(),      // Redis against the store
    ExportCommand.Build(),      // facts and derived values to a file
    RevisionsCommand.Build(),   // what the provider told otherwise later
    DoctorCommand.Build(),      // settings, servers, entitlements, what is stale
    MigrateCommand.Build(),     // our tables to this version; the Python service's rows into them
    AlertsCommand.Build(),      // alerts test
    HealthCommand.Build(),      // for container health checks
    ControlCommands.Cancel(),   // stop a run of the service
    ControlCommands.Pause(),    // nothing starts by itself
    ControlCommands.Resume(),
    CompletionCommand.Build(),  // a script for a shell
    SimulateCommand.Build(),    // the provider's side of the wire alone
]);
