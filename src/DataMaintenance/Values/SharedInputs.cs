using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>
/// What is read of the store in one run and needed by several: volumes of sessions, and everybody's newest bars. Each is read once, kept beside what says that it is
/// still current, and read again when that has changed.
/// </summary>
public sealed class SharedInputs(IStore store)
{
    /// <summary>More are not kept, so that a run over many sessions stays small.</summary>
    private const int MostSessions = 8;

    private readonly Lock gate = new();
    private readonly SortedDictionary<DateOnly, (Coverage Day, Task<SessionVolumes> Read)> volumes = [];
    private (string Print, Task<SortedList<Symbol, BarSeries>> Read)? bars;

    /// <summary>The volumes of a session that its coverage speaks of.</summary>
    public Task<SessionVolumes> VolumesAsync(Coverage day, CancellationToken ct)
    {
        lock (gate)
        {
            if (volumes.TryGetValue(day.Date, out var held) && held.Day == day && IsGood(held.Read)) return held.Read;
            var read = Task.Run(() => store.ReadVolumesAsync(day.Date, null, ct), ct);
            volumes[day.Date] = (day, read);
            if (volumes.Count > MostSessions) volumes.Remove(volumes.Keys.First());
            return read;
        }
    }

    /// <param name="print">Fingerprint of what the bars depend on.</param>
    internal Task<SortedList<Symbol, BarSeries>> BarsAsync(string print, Func<Task<SortedList<Symbol, BarSeries>>> read, CancellationToken ct)
    {
        lock (gate)
        {
            if (bars is { } held && held.Print == print && IsGood(held.Read)) return held.Read;
            bars = (print, Task.Run(read, ct));
            return bars.Value.Read;
        }
    }

    private static bool IsGood(Task read) => !read.IsFaulted && !read.IsCanceled;
}
