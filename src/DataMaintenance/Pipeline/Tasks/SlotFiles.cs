using System.Collections.Concurrent;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Sessions of slots from minute files, several at once; each is stored and published by itself, so that a crash loses the
/// sessions in flight. What no file gives is left to be asked symbol by symbol.
/// </summary>
internal sealed class SlotFiles(IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, SlotGrid grid, TimeProvider clock)
{
    /// <summary>Least share of the symbols with a daily bar that a file must hold; below it the file is a torso and nothing of it is stored.</summary>
    public const double LeastHeld = 0.8;

    /// <returns>What is left to ask for.</returns>
    public async Task<SlotsWanted> LoadAsync(RunContext run, string task, SlotsWanted wanted, TaskReport report, CancellationToken ct)
    {
        var outcomes = new ConcurrentBag<SlotFileOutcome>();
        var bySession = wanted.BySession();
        var started = clock.GetTimestamp();
        var done = 0;
        await Parallel.ForEachAsync(wanted.Due.Select(d => d.Session), new ParallelOptions { MaxDegreeOfParallelism = source.FilesAtOnce, CancellationToken = ct }, async (session, token) =>
        {
            var outcome = await LoadAsync(run, session, bySession.GetValueOrDefault(session) ?? [], token);
            outcomes.Add(outcome);
            if (outcome.Read is not null) run.Progress(task, Interlocked.Increment(ref done), wanted.Due.Count, "sessions");
        });

        var ordered = outcomes.OrderBy(o => o.Session).ToArray();
        SlotFileReport.Write(ordered, clock.GetElapsedTime(started), report);
        return wanted.Left(ordered.ToDictionary(o => o.Session, o => o.Left));
    }

    private async Task<SlotFileOutcome> LoadAsync(RunContext run, DateOnly session, IReadOnlyList<Symbol> asked, CancellationToken ct)
    {
        var found = asked.Count == 0 ? new(FileState.NotWorthIt, null, "nothing is wanted of it") : await source.FindFileAsync(FileSet.Minutes, session, asked.Count, ct);
        if (found.File is null) return new(session, found.State, found.Said, asked);
        try
        {
            return await StoreAsync(run, session, asked, await source.ReadSlotsAsync(found.File, grid, ct), ct);
        }
        catch (ProviderException e)
        {
            return new(session, FileState.Failed, e.Message, asked);
        }
    }

    private async Task<SlotFileOutcome> StoreAsync(RunContext run, DateOnly session, IReadOnlyList<Symbol> asked, SlotFile file, CancellationToken ct)
    {
        var suspicion = await SlotSuspicion.OfAsync(store, calendar, [session], grid, ct);
        var held = file.Replies.Select(r => r.Symbol).ToHashSet();
        var replies = file.Replies.Concat(asked.Where(s => !held.Contains(s)).Select(s => new SlotReply(s, [(session, [])], [], file.Source))).ToArray();
        var suspected = replies.Where(suspicion.Suspects).Select(r => r.Symbol).ToHashSet();
        if (suspicion.Traded(session) is { Count: > 0 } traded && traded.Count(held.Contains) / (double)traded.Count is < LeastHeld and var share)
            return new(session, FileState.Failed, $"{file.File.Key} holds {share:P0} of the {traded.Count:N0} symbols with a daily bar, at least {LeastHeld:P0} expected; nothing of it was taken", asked);

        var look = suspicion.Looks.Single();
        look.Holes.Take(file.Tallies);
        var shared = SharedOf(run, session);
        look.Holes.Losses = await SlotLosses.OfAsync(store, calendar, look, shared, ct);
        // What the file lacks although it traded is asked for by itself, where that can be done.
        var doubtful = suspected.Union(suspicion.Absent.Keys.Select(k => k.Symbol)).Union(look.Doubtful).ToHashSet();
        var asOf = clock.GetUtcNow();
        var final = freshness.IsFinal(session, asOf, run.FinalDelay);
        var rows = await store.SaveSlotsAsync(
            session, [.. replies.Select(r => new SlotDay(r.Symbol, session, r.Days[0].Slots))], source.AsksBySymbol ? doubtful : suspected, file.Source, asOf, final, ct);
        await store.SaveSourceFileAsync(new(Dataset.Slots, session, file.File.Key, file.File.ETag, file.File.Bytes, file.File.LastModified, asOf), ct);
        var found = await SlotChecks.EndAsync(store, calendar, look, [.. replies.SelectMany(r => r.Rejected)], TaskNames.LoadVolumeSlots, asOf, ct, shared);
        return new(session, FileState.Out, "", source.AsksBySymbol ? [.. doubtful] : [])
        {
            Read = file.File,
            Rows = rows,
            Symbols = held.Count,
            Refused = replies.Sum(r => r.Rejected.Count),
            Absent = [.. suspicion.Absent.Keys.Select(k => k.Symbol)],
            Suspected = [.. suspicion.Found.Select(f => (f.Key.Symbol, f.Value))],
            Grave = suspicion.IsGrave(session),
            Found = found,
            Shares = look.Words,
            FinalAt = final ? null : freshness.FinalAt(session, run.FinalDelay),
        };
    }

    /// <summary>The sessions before the one a night is for are read for the baselines as well.</summary>
    private static SharedInputs? SharedOf(RunContext run, DateOnly session) => run.Range is null && session == run.Session ? run.Shared : null;
}

/// <summary>What became of one session's minute file.</summary>
/// <param name="Said">Why it was not used; for people.</param>
/// <param name="Left">Symbols still to be asked for.</param>
internal sealed record SlotFileOutcome(DateOnly Session, FileState State, string Said, IReadOnlyList<Symbol> Left)
{
    /// <summary>The file that was stored; null when none was.</summary>
    public PublishedFile? Read { get; init; }
    public long Rows { get; init; }
    public int Symbols { get; init; }
    public int Refused { get; init; }
    public IReadOnlyList<Symbol> Absent { get; init; } = [];
    public IReadOnlyList<(Symbol Symbol, string Reason)> Suspected { get; init; } = [];
    public bool Grave { get; init; }
    public IReadOnlyList<(Symbol? Symbol, Breach Breach)> Found { get; init; } = [];
    /// <summary>How the slots' volume stands to the daily one; for people.</summary>
    public IReadOnlyList<string> Shares { get; init; } = [];
    /// <summary>Set while the session's figures are provisional.</summary>
    public DateTimeOffset? FinalAt { get; init; }
}
