namespace CrashHarness;

/// <summary>A small disk of its own, in memory, that can be filled up. Mounting takes root; elsewhere it is a plain folder, and is never filled.</summary>
public sealed class Disk(string folder, int megabytes)
{
    private string Ballast => Path.Combine(folder, "ballast");

    public string Folder => folder;

    /// <summary>Whether it is a disk of its own.</summary>
    public bool CanFill { get; private set; }

    /// <summary>Whether one can be mounted here, found out by doing it: containers may refuse it to root too.</summary>
    public static async Task<bool> MayMountAsync()
    {
        var disk = new Disk(Directory.CreateTempSubdirectory("disk-").FullName, 1);
        await disk.MountAsync();
        var may = disk.CanFill;
        await disk.UnmountAsync();
        Directory.Delete(disk.Folder);
        return may;
    }

    public async Task MountAsync()
    {
        Directory.CreateDirectory(folder);
        CanFill = OperatingSystem.IsLinux() && Environment.UserName == "root" && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", folder);
    }

    public async Task UnmountAsync()
    {
        // Lazily: a child of a killed server may still be on its way out.
        if (CanFill) await RunAsync("umount", "-l", folder);
        CanFill = false;
    }

    /// <summary>Takes what is free, but for so many bytes.</summary>
    public void Fill(long leaving)
    {
        if (!CanFill) throw new InvalidOperationException($"{folder} is no disk of its own; it is not filled");
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true) ballast.Write(block);
        }
        catch (IOException)
        {
            // Full; the last block may be there in part.
        }

        ballast.SetLength(Math.Max(0, ballast.Length - leaving));
    }

    public void Free() => File.Delete(Ballast);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var running = new Running(program, arguments, new Dictionary<string, string>());
        return await running.EndedAsync(TimeSpan.FromSeconds(30)) && running.ExitCode == 0;
    }
}
