using System.Diagnostics;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>The built executable, run as a user runs it.</summary>
internal static class Executable
{
    public static string Root { get; } = FindRoot();

    private static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "data-maintenance.dll");

    public sealed record Outcome(int Exit, string Output, string Errors)
    {
        /// <summary>Everything it said, for the message of a failed assertion.</summary>
        public override string ToString() => $"exit {Exit}\n{Output}\n{Errors}";
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = System.IO.Path.GetTempPath() };
        start.ArgumentList.Add(Path);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>For tests that send it signals and listen to what it says.</summary>
    public static CrashHarness.Running Launch(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new("dotnet", [Path, .. arguments], environment);

    public static async Task<Outcome> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DataMaintenance.slnx"))) return folder.FullName;
        throw new InvalidOperationException("DataMaintenance.slnx was not found above the tests; run them from a checkout");
    }
}
