using DataMaintenance.Pipeline;

namespace CorruptionBench;

/// <summary>One ground: its history loaded once, then each corruption on a copy of the store.</summary>
internal sealed class Bench
{
    private readonly Ground ground;
    private readonly string folder;

    private Bench(Ground ground, string folder) => (this.ground, this.folder) = (ground, folder);

    public Ground Ground => ground;

    /// <summary>Symbols of the clean session, those with most slots first, then those with most volume.</summary>
    public IReadOnlyList<string> Traded { get; private set; } = [];

    public Seen Clean { get; private set; } = null!;

    public Expected Expected { get; private set; } = null!;

    /// <summary>The runs of the history, whose alarms would be false ones.</summary>
    public IReadOnlyList<RunResult> History { get; private set; } = [];

    private string HistoryStore => Path.Combine(folder, "history");

    /// <param name="folder">For stores; made if absent.</param>
    public static async Task<Bench> PrepareAsync(Ground ground, string folder, CancellationToken ct)
    {
        var bench = new Bench(ground, folder);
        await using (var night = await Night.OpenAsync(ground, bench.HistoryStore, ground.Days.Concat(ground.Slots).Max(), ct))
            bench.History = await night.HistoryAsync(ct);
        await bench.LearnAsync(ct);
        return bench;
    }

    /// <summary>The night of the struck session, whatever lies there for it.</summary>
    public Task<Seen> StrikeAsync(CancellationToken ct) => OnCopyAsync(async night =>
    {
        try
        {
            return await night.LookAsync(await night.RunAsync(ground.Session, ct), null, Expected, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await night.LookAsync(null, $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", Expected, ct);
        }
    }, ct);

    private async Task LearnAsync(CancellationToken ct) => Clean = await OnCopyAsync(async night =>
    {
        var before = await night.ValuesAsync(PreviousSession, ct);
        var run = await night.RunAsync(ground.Session, ct);
        Expected = new(await night.ValuesAsync(ground.Session, ct), before);
        var seen = await night.LookAsync(run, null, Expected, ct);
        Traded = [.. seen.Bars.Keys.Union(seen.Slots.Keys).OrderByDescending(s => seen.Slots.GetValueOrDefault(s)?.Length ?? 0)
            .ThenByDescending(s => seen.Bars.TryGetValue(s, out var bar) ? bar.Volume * bar.Close : 0).ThenBy(s => s, StringComparer.Ordinal)];
        return seen;
    }, ct);

    private DateOnly PreviousSession => Market.TradingCalendar.Nyse.PreviousSession(ground.Session);

    private async Task<Seen> OnCopyAsync(Func<Night, Task<Seen>> look, CancellationToken ct)
    {
        var copy = Path.Combine(folder, "copy");
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(HistoryStore)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        await using var night = await Night.OpenAsync(ground, copy, PreviousSession, ct);
        // As when serving: Redis holds the values of the session before when the night begins.
        await night.Wiring.Rebuild.MissingAsync(ct);
        return await look(night);
    }
}
