using System.Globalization;

namespace DataMaintenance.Bench;

/// <summary>CPU seconds (user and system) and memory of processes, as Linux counts them.</summary>
internal static class CpuTime
{
    private const double TicksPerSecond = 100;
    private const int ParentId = 1, UserTicks = 11, ChildSystemTicks = 14;

    /// <summary>Of a process, its children that live and those it has buried.</summary>
    public static double OfTree(int pid) =>
        Fields(pid) is { } own ? (Ticks(own, withBuried: true) + Children(pid).Sum(c => Ticks(c, withBuried: true))) / TicksPerSecond : 0;

    /// <summary>Most memory the process ever had resident, MB; 0 once it is gone.</summary>
    public static double PeakMegabytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<string[]> Children(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let fields = Fields(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
        where fields is not null && fields[ParentId] == parent.ToString(CultureInfo.InvariantCulture)
        select fields;

    private static double Ticks(string[] fields, bool withBuried) =>
        fields[UserTicks..(withBuried ? ChildSystemTicks + 1 : UserTicks + 2)].Sum(f => double.Parse(f, CultureInfo.InvariantCulture));

    /// <summary>What follows the name in <c>/proc/PID/stat</c>; null when the process is gone.</summary>
    private static string[]? Fields(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
