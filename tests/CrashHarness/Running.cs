using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CrashHarness;

public enum Signal { Quit = 3, Kill = 9, Term = 15, Continue = 18, Stop = 19 }

/// <summary>A process of another program, with what it said so far; killed when disposed.</summary>
public sealed class Running : IDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Task reading;
    private Action<int>? onLine;

    public Running(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.StandardInput.Close();
        Id = process.Id;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Id { get; }

    public bool HasEnded => process.HasExited;

    /// <summary>Null while it runs, and after a kill.</summary>
    public int? ExitCode => process.HasExited && process.ExitCode is not (128 + (int)CrashHarness.Signal.Kill) ? process.ExitCode : null;

    /// <summary>Output and errors, in the order they came.</summary>
    public string Said
    {
        get { lock (lines) return string.Join('\n', lines); }
    }

    /// <summary>Waits until it says something that contains the text, or ends.</summary>
    /// <returns>The line; null when it ended without.</returns>
    public async Task<string?> UntilSaysAsync(string text, CancellationToken ct)
    {
        for (var seen = 0; ; await Task.Delay(10, ct))
        {
            lock (lines)
                for (; seen < lines.Count; seen++)
                    if (lines[seen].Contains(text, StringComparison.Ordinal)) return lines[seen];
            if (reading.IsCompleted) return null;
        }
    }

    /// <summary>Waits for that many lines, or the end.</summary>
    public async Task UntilLinesAsync(int count, CancellationToken ct)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (lines)
        {
            if (lines.Count >= count) return;
            onLine = so => _ = so >= count && reached.TrySetResult();
        }

        await Task.WhenAny(reached.Task, reading).WaitAsync(ct);
    }

    /// <returns>Whether it was alive to receive it.</returns>
    public bool Signal(Signal signal) => !process.HasExited && Send(Id, signal);

    /// <returns>Whether there is such a process.</returns>
    public static bool Send(int process, Signal signal) => Kill(process, (int)signal) == 0;

    /// <summary>The same to its children too: PostgreSQL's do not share its fate at once.</summary>
    public void SignalFamily(Signal signal)
    {
        Signal(signal);
        foreach (var child in Children()) _ = Kill(child, (int)signal);
    }

    /// <returns>False when it did not end in time.</returns>
    public async Task<bool> EndedAsync(TimeSpan limit)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
            await reading.WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Signal(CrashHarness.Signal.Continue);
            Signal(CrashHarness.Signal.Kill);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private int[] Children()
    {
        var file = $"/proc/{Id}/task/{Id}/children";
        return File.Exists(file) ? [.. File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] : [];
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
                onLine?.Invoke(lines.Count);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
