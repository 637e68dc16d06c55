namespace CorruptionBench;

/// <summary>One corruption at one strength, and what came of it.</summary>
/// <param name="Note">Why a miss is a miss, where that is known.</param>
internal sealed record Trial(string Ground, string Corruption, string Strength, string? Note, Verdict Verdict, int Struck);

/// <summary>Strikes a ground with every corruption that is possible there, at every strength.</summary>
internal static class Trials
{
    public static async Task<IReadOnlyList<Trial>> OfFilesAsync(Bench bench, IReadOnlyList<FileCorruption> kinds, int seed, Action<Trial> told, CancellationToken ct)
    {
        var (folder, session) = (bench.Ground.Folder!, bench.Ground.Session);
        var clean = SessionFiles.Read(folder, session, Market.TradingCalendar.Nyse.PreviousSession(session));
        var trials = new List<Trial>();
        foreach (var kind in kinds.Where(k => k.IsPossible(clean)))
            foreach (var strength in bench.Ground.IsSmall ? Strength.Few(kind.Strengths) : kind.Strengths)
            {
                if (kind.Needs.HasFlag(Needs.ListedSplits) && strength.Ratio.Length > 0 && !clean.Splits.Any(l => l.EndsWith("," + strength.Ratio, StringComparison.Ordinal))) continue;
                var (files, choice) = (clean.Copy(), new Choice(bench.Traded, seed));
                kind.Apply(files, strength, choice);
                try
                {
                    files.Write(folder);
                    trials.Add(await AddAsync(bench, kind.Name, strength, kind.Note, choice, told, ct));
                }
                finally
                {
                    clean.Write(folder);
                }
            }

        return trials;
    }

    public static async Task<IReadOnlyList<Trial>> OfWireAsync(Bench bench, Proxy proxy, IReadOnlyList<WireCorruption> kinds, int seed, Action<Trial> told, CancellationToken ct)
    {
        var trials = new List<Trial>();
        foreach (var kind in kinds)
            foreach (var strength in kind.Strengths)
            {
                var choice = new Choice(bench.Traded, seed);
                // Splits and whole replies choose by themselves: everything may be touched by them.
                var hit = choice.Of(strength.Ratio.Length > 0 ? strength with { Share = 1 } : strength);
                proxy.Damage = reply => kind.Damage(reply, strength, choice, hit);
                try
                {
                    trials.Add(await AddAsync(bench, kind.Name, strength, kind.Note, choice, told, ct));
                }
                finally
                {
                    proxy.Damage = null;
                }
            }

        return trials;
    }

    private static async Task<Trial> AddAsync(Bench bench, string name, Strength strength, string? note, Choice choice, Action<Trial> told, CancellationToken ct)
    {
        var trial = new Trial(bench.Ground.Name, name, strength.Shown, note, Verdict.Of(bench.Clean, await bench.StrikeAsync(ct), choice.Touched), choice.Touched.Count);
        told(trial);
        return trial;
    }
}
