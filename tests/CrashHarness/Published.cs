using System.Diagnostics;

namespace CrashHarness;

/// <summary>The executable as published, started as an operator starts it.</summary>
public static class Published
{
    /// <summary>The checkout this program was built from.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The build of <see cref="BuildAsync"/>; a later one does not take its place under a campaign that goes on.</summary>
    public static string Path { get; private set; } = "";

    /// <summary>Publishes it when its sources have changed.</summary>
    /// <exception cref="InvalidOperationException">It does not build.</exception>
    public static async Task BuildAsync()
    {
        using var build = Process.Start(new ProcessStartInfo(System.IO.Path.Combine(Root, "data-maintenance"), ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = build.StandardError.ReadToEndAsync();
        await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        if (build.ExitCode != 0) throw new InvalidOperationException($"./data-maintenance does not build: {await errors}");
        var builds = System.IO.Path.Combine(Root, "artifacts", "run");
        Path = System.IO.Path.Combine(Directory.ResolveLinkTarget(System.IO.Path.Combine(builds, "current"), returnFinalTarget: true)!.FullName, "data-maintenance");
    }

    public static Running Start(IReadOnlyDictionary<string, string> settings, params string[] arguments) => new(Path, arguments, settings);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DataMaintenance.slnx"))) return folder.FullName;
        throw new InvalidOperationException("DataMaintenance.slnx was not found above the program; run it from a checkout");
    }
}
