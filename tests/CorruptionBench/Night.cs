using DataMaintenance;
using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Values;
using Market;
using Microsoft.Extensions.Logging.Abstractions;

namespace CorruptionBench;

/// <summary>The real service in this process, on a store of its own and an empty Redis, at the mornings after a ground's sessions.</summary>
internal sealed class Night : IAsyncDisposable
{
    private readonly Ground ground;
    private readonly NightClock clock;

    private Night(Ground ground, NightClock clock, Wiring wiring) => (this.ground, this.clock, Wiring) = (ground, clock, wiring);

    public Wiring Wiring { get; }

    public static async Task<Night> OpenAsync(Ground ground, string store, DateOnly after, CancellationToken ct)
    {
        var settings = new Dictionary<string, string?>(ground.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Store:Path"] = store,
            ["Store:MemoryMegabytes"] = "512",
            ["Logs:Directory"] = Path.Combine(store, "logs"),
            ["Api:Urls"] = "http://127.0.0.1:0",
            ["Notify:Enabled"] = "false",
        };
        var clock = new NightClock();
        clock.MorningAfter(after);
        ground.Moved(clock.GetUtcNow());
        return new(ground, clock, await Wiring.OpenAsync(ServiceSettings.Load(null, settings), clock, NullLoggerFactory.Instance, ct));
    }

    /// <summary>Everything that comes before the struck session: the first load, then night after night.</summary>
    public async Task<IReadOnlyList<RunResult>> HistoryAsync(CancellationToken ct)
    {
        var runs = new List<RunResult>();
        if (ground.Days.Count > 0) runs.Add(await FillAsync(ground.Days, TaskNames.LoadOhlc, ct));
        if (ground.Slots.Count > 0) runs.Add(await FillAsync(ground.Slots, TaskNames.LoadVolumeSlots, ct));
        foreach (var session in ground.Nights) runs.Add(await RunAsync(session, ct));
        return runs;
    }

    /// <summary>The night of a session, at 03:00 on the next.</summary>
    public async Task<RunResult> RunAsync(DateOnly session, CancellationToken ct)
    {
        clock.MorningAfter(session);
        ground.Moved(clock.GetUtcNow());
        return await Wiring.Runner.RunAsync(new(session, Plan.Nightly, "bench", ground.Tasks(session)), Silent.Observer, ct);
    }

    public async Task<IReadOnlyList<FamilyValues>> ValuesAsync(DateOnly asOf, CancellationToken ct)
    {
        var all = new List<FamilyValues>();
        foreach (var family in Expected.Families) all.Add(await Wiring.Values.ComputeAsync(family, asOf, null, ct));
        return all;
    }

    /// <param name="expected">Null leaves out what is published.</param>
    public async Task<Seen> LookAsync(RunResult? run, string? crash, Expected? expected, CancellationToken ct)
    {
        var (store, session) = (Wiring.Store, ground.Session);
        var bars = new Dictionary<string, DailyBar>(StringComparer.Ordinal);
        await foreach (var bar in store.ReadDailyAsync(session, session, null, ct)) bars[bar.Symbol.Text] = bar;
        var slots = new Dictionary<string, Slot[]>(StringComparer.Ordinal);
        await foreach (var day in store.ReadSlotsAsync(session, null, ct)) slots[day.Symbol.Text] = day.Slots;
        var splits = (await store.SplitsAsync(ct)).Where(s => s.InForce && s.Split.ExecutionDate <= Wiring.Calendar.NextSession(session)).Select(s => s.Split).ToHashSet();
        return new(run, crash, await store.FindingsAsync(openOnly: true, int.MaxValue, ct), bars, slots, splits, expected is null ? null : await PublishedAsync(expected, ct));
    }

    private async Task<Published> PublishedAsync(Expected expected, CancellationToken ct)
    {
        var (wrong, held, absent) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (clean, before) in expected.Clean.Zip(expected.Before))
        {
            var unlike = await UnlikeAsync(clean, ct);
            var suspects = before with { Items = [.. before.Items.Where(i => unlike.ContainsKey(i.Symbol.Text))] };
            var (old, renewed) = (await UnlikeAsync(suspects, ct), await UnlikeAsync(Renewed(suspects), ct));
            var earlier = suspects.Items.Select(i => i.Symbol.Text).ToHashSet(StringComparer.Ordinal);
            foreach (var (symbol, found) in unlike)
                if (!found) absent.Add(symbol);
                else if (earlier.Contains(symbol) && (!old.ContainsKey(symbol) || !renewed.ContainsKey(symbol))) held.Add(symbol);
                else wrong.Add(symbol);
            foreach (var symbol in await StrangersAsync(clean, ct)) wrong.Add(symbol);
        }

        held.ExceptWith(wrong);
        return new(wrong, held, absent);
    }

    /// <summary>Symbols published otherwise, and whether anything is published for them.</summary>
    private async Task<Dictionary<string, bool>> UnlikeAsync(FamilyValues values, CancellationToken ct)
    {
        var all = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var difference in await Wiring.Cache.CompareAsync(values, null, new Random(1), ct)) all[difference.Symbol.Text] = difference.Found is not null;
        return all;
    }

    /// <summary>Symbols that are published although clean data give them no value.</summary>
    private async Task<IEnumerable<string>> StrangersAsync(FamilyValues clean, CancellationToken ct)
    {
        var known = clean.Items.Select(i => i.Symbol).ToHashSet();
        FamilyValues now;
        try
        {
            now = await Wiring.Values.ComputeAsync(clean.Family, ground.Session, null, ct);
        }
        catch (InputsShortException)
        {
            return [];
        }

        var strange = now with { Items = [.. now.Items.Where(i => !known.Contains(i.Symbol))] };
        if (strange.Items.Count == 0) return [];
        var absent = await Wiring.Cache.AbsentAsync(strange, ct);
        return strange.Items.Where(i => !absent.Contains(i.Symbol)).Select(i => i.Symbol.Text);
    }

    /// <summary>The same numbers, told as of the struck session.</summary>
    private FamilyValues Renewed(FamilyValues values) =>
        values with { Items = [.. values.Items.Select(i => i is AtrValue atr ? atr with { Session = ground.Session } : i)] };

    private Task<RunResult> FillAsync(IReadOnlyList<DateOnly> sessions, string task, CancellationToken ct)
    {
        clock.MorningAfter(sessions[^1]);
        ground.Moved(clock.GetUtcNow());
        return Wiring.Runner.RunAsync(new(sessions[^1], Plan.Backfill, "bench", ground.Days.Count > 0 ? [task, TaskNames.ReconcileSplits] : [task], Range: sessions), Silent.Observer, ct);
    }

    public ValueTask DisposeAsync() => Wiring.DisposeAsync();
}
