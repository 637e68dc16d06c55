namespace CrashHarness;

/// <summary>A small disk of its own, in memory, that can be filled up. Mounting takes root; elsewhere it is a plain folder, and is never filled.</summary>
public sealed class Disk(string folder, int megabytes)
{
    private string Ballast => Path.Combine(folder, "ballast");

    public string Folder => folder;

    /// <summary>Whether it is a disk of its own.</summary>
    public bool CanFill { get; private set; }

    public static bool MayMount { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root";

    public async Task MountAsync()
    {
        Directory.CreateDirectory(folder);
        if (!MayMount) return;
        using var mount = new Running("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", folder], new Dictionary<string, string>());
        // Containers may refuse it to root too.
        CanFill = await mount.EndedAsync(TimeSpan.FromSeconds(30)) && mount.ExitCode == 0;
    }

    public async Task UnmountAsync()
    {
        if (!CanFill) return;
        // Lazily: a child of a killed server may still be on its way out.
        using var unmount = new Running("umount", ["-l", folder], new Dictionary<string, string>());
        await unmount.EndedAsync(TimeSpan.FromSeconds(30));
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
}
