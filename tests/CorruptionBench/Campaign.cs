using System.Globalization;
using System.Text;

namespace CorruptionBench;

/// <param name="Data">Only data whose name contains it.</param>
/// <param name="Kinds">Only corruptions whose name contains it.</param>
/// <param name="Nights">Good nights of the simulated market before the one that is struck.</param>
internal sealed record Asked(string Data, string Kinds, int Seed, int Symbols, int Nights);

/// <summary>Every ground with every corruption, and every clean set over its whole range.</summary>
internal sealed class Campaign(Asked asked, Action<string> tell)
{
    private IReadOnlyList<Trial> trials = [];
    private IReadOnlyList<(string Name, int Sessions, IReadOnlyList<CleanAlarm> Alarms)> clean = [];

    public string Tables() => Table.Of(trials, clean, Judgements.Read());

    /// <summary>The grounds side by side, each with a store and a Redis of its own.</summary>
    public async Task CorruptAsync(CancellationToken ct)
    {
        var grounds = new List<Task<IReadOnlyList<Trial>>>();
        if (Wanted("simulated files")) grounds.Add(InFolderAsync(async folder =>
            await StrikeFilesAsync(await Simulated.FilesAsync(Path.Combine(folder, "files"), asked.Seed, asked.Symbols, asked.Nights, ct), folder, ct)));
        if (Wanted("simulated wire")) grounds.Add(InFolderAsync(folder => StrikeWireAsync(folder, ct)));
        foreach (var pair in Found(Recorded.Struck))
            grounds.Add(InFolderAsync(folder => StrikeFilesAsync(Recorded.Take(Recorded.Find()!, Path.Combine(folder, "files"), pair), folder, ct)));
        trials = [.. (await Task.WhenAll(grounds)).SelectMany(t => t)];
    }

    public async Task WalkAsync(CancellationToken ct) => clean = await Task.WhenAll(Found(Recorded.Pairs).Select(pair => InFolderAsync(async folder =>
    {
        var ground = Recorded.Take(Recorded.Find()!, Path.Combine(folder, "files"), pair);
        var (sessions, alarms) = await CleanWalk.OfAsync(ground, Path.Combine(folder, "store"), ct);
        tell(string.Create(CultureInfo.InvariantCulture, $"{pair.Name}: {sessions} clean sessions, {alarms.Count} alarms"));
        return (pair.Name, sessions, alarms);
    })));

    /// <summary>Every alarm on clean data with the rows around it.</summary>
    public string Evidence()
    {
        var text = new StringBuilder();
        foreach (var alarm in clean.SelectMany(c => c.Alarms))
            text.Append(CultureInfo.InvariantCulture, $"{alarm.Ground} | {alarm.Date:yyyy-MM-dd} | {alarm.Symbol} | {alarm.Alarm} | {alarm.Value} | {alarm.Expectation}\n{alarm.Rows}");
        return text.ToString();
    }

    private Recorded.Pair[] Found(IReadOnlyList<Recorded.Pair> pairs)
    {
        var wanted = pairs.Where(p => Wanted(p.Name)).ToArray();
        if (wanted.Length == 0 || Recorded.Find() is not null) return wanted;
        tell("the recorded data are not beside this checkout; left out");
        return [];
    }

    private bool Wanted(string name) => name.Contains(asked.Data, StringComparison.Ordinal);

    private async Task<IReadOnlyList<Trial>> StrikeFilesAsync(Ground ground, string folder, CancellationToken ct)
    {
        var bench = await PrepareAsync(ground, folder, ct);
        return await Trials.OfFilesAsync(bench, [.. FileCorruption.All.Where(k => k.Name.Contains(asked.Kinds, StringComparison.Ordinal))], asked.Seed, Told, ct);
    }

    private async Task<IReadOnlyList<Trial>> StrikeWireAsync(string folder, CancellationToken ct)
    {
        var (ground, host, proxy) = await Simulated.WireAsync(asked.Seed, asked.Symbols, asked.Nights, ct);
        await using (host)
        await using (proxy)
        {
            var bench = await PrepareAsync(ground, folder, ct);
            return await Trials.OfWireAsync(bench, proxy, [.. WireCorruption.All.Where(k => k.Name.Contains(asked.Kinds, StringComparison.Ordinal))], asked.Seed, Told, ct);
        }
    }

    private async Task<Bench> PrepareAsync(Ground ground, string folder, CancellationToken ct)
    {
        var bench = await Bench.PrepareAsync(ground, Path.Combine(folder, "stores"), ct);
        tell(string.Create(CultureInfo.InvariantCulture, $"{ground.Name}: {bench.Traded.Count} symbols on {ground.Session:yyyy-MM-dd}, after {bench.History.Count} runs"));
        foreach (var alarm in CleanWalk.Of(ground, bench.History.Append(bench.Clean.Run!))) tell($"  clean: {alarm.Date:yyyy-MM-dd} {alarm.Alarm}: {alarm.Value}");
        foreach (var finding in bench.Clean.Findings) tell($"  clean: {finding.Date:yyyy-MM-dd} {finding.Symbol?.Text} {finding.Rule} {finding.Severity}: {finding.Value}, expected {finding.Expectation}");
        return bench;
    }

    private void Told(Trial trial)
    {
        var v = trial.Verdict;
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{trial.Ground} | {trial.Corruption} | {trial.Strength} | {v.Outcome} | {string.Join(' ', v.Rules)} | {string.Join(", ", v.Tasks)} | stored {v.Stored}, wrong {v.Wrong}, held {v.Held}, absent {v.Absent} of {trial.Struck} | innocent {v.Innocent.Count} {string.Join(' ', v.Innocent.Take(3))}{(v.Crash is null ? "" : $" | {v.Crash}")}"));
    }

    private static async Task<T> InFolderAsync<T>(Func<string, Task<T>> work)
    {
        // Beside the others from the beginning, not only from the first wait on.
        await Task.Yield();
        var folder = Directory.CreateTempSubdirectory("corruption").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "files"));
            return await work(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
