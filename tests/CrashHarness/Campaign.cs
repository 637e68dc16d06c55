using System.Diagnostics;
using System.Globalization;

namespace CrashHarness;

/// <param name="Kills">SIGKILLs of the service after which it is enough.</param>
/// <param name="Limit">Time after which it is enough.</param>
/// <param name="OnlyDisk">Nothing is done but filling the disk of the store.</param>
public sealed record CampaignOptions(StoreKind Store, int Kills, int Seed, TimeSpan Limit, int Lanes, int Symbols, IReadOnlyList<Scenario> Scenarios, bool OnlyDisk = false);

/// <summary>Trials with seeds counting up from the first, side by side in lanes, until the kills or the time are used up.</summary>
public sealed class Campaign(CampaignOptions options, Action<string> say)
{
    private readonly List<Outcome> outcomes = [];
    private readonly Stopwatch watch = new();
    private int next = options.Seed;

    public int Kills => outcomes.Sum(o => o.Kills);

    public IReadOnlyList<Outcome> Outcomes => outcomes;

    public async Task RunAsync(CancellationToken ct)
    {
        await Published.BuildAsync();
        await Task.WhenAll(Enumerable.Range(0, options.Lanes).Select(_ => Task.Run(() => LaneAsync(ct), ct)));
    }

    /// <summary>For people: what was done to it, and what came of it.</summary>
    public string Summary()
    {
        var blows = outcomes.SelectMany(o => o.Blows).GroupBy(b => $"{b.Harm} {b.Target}".ToLowerInvariant()).OrderByDescending(g => g.Count());
        return string.Create(CultureInfo.InvariantCulture,
            $"{options.Store}: {outcomes.Count} trials, {Kills} kills of the service that met a living process, {outcomes.Count(o => o.Failures.Count > 0)} different at the end, {watch.Elapsed.TotalMinutes:0.0} min ({string.Join(", ", blows.Select(g => $"{g.Key} {g.Count()}"))})");
    }

    private async Task LaneAsync(CancellationToken ct)
    {
        await using var lane = await Lane.StartAsync(options, ct);
        // From the first lane that is ready: how long servers take to start is none of the campaign's time.
        lock (outcomes) watch.Start();
        while (Claim() is { } seed)
        {
            var outcome = await new Trial(lane, seed).RunAsync(options.Scenarios, ct);
            lock (outcomes)
            {
                outcomes.Add(outcome);
                Report(outcome);
            }
        }
    }

    private int? Claim()
    {
        lock (outcomes) return outcomes.Count > 0 && (Kills >= options.Kills || watch.Elapsed >= options.Limit) ? null : next++;
    }

    private void Report(Outcome outcome)
    {
        say(string.Create(CultureInfo.InvariantCulture,
            $"{watch.Elapsed:hh\\:mm\\:ss} {options.Store} seed {outcome.Seed} {outcome.Scenario}: {string.Join("; ", outcome.Blows)}: {(outcome.Failures.Count == 0 ? "same" : "DIFFERENT")} ({Kills} of {options.Kills} kills)"));
        foreach (var failure in outcome.Failures) say($"  {failure}");
        if (outcome.Failures.Count > 0) say($"  again: dotnet run -c Release --project tests/CrashHarness -- --store {options.Store.ToString().ToLowerInvariant()} --seed {outcome.Seed} --kills 1 --lanes 1{(options.OnlyDisk ? " --only-disk" : "")}");
    }
}
