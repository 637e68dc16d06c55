using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>
/// The slots of one stored session against its minute file, while that is another than the one they were last held against. The later word
/// counts: of two files the one that lies there now, of a file and a reply the one published or asked for later.
/// </summary>
internal sealed class SlotReconciliation(IMarketSource source, IStore store, TradingCalendar calendar, SlotGrid grid, ReconcileFindings findings, RevisionTally tally, ReconcileOptions options, TimeProvider clock)
{
    public async Task<Reconciled> RunAsync(RunContext run, DateOnly session, int age, TaskReport report, CancellationToken ct)
    {
        var nothing = Reconciled.Nothing(session, Dataset.Slots);
        var found = await source.FindFileAsync(FileSet.Minutes, session, int.MaxValue, ct);
        if (found.File is not { } published)
        {
            var text = $"{session:yyyy-MM-dd} slots were not compared: {found.Said}";
            if (found.State == FileState.Failed) report.Fail(text);
            else report.Note(text);
            return nothing;
        }

        var known = (await store.SourceFilesAsync(Dataset.Slots, session, session, ct)).SingleOrDefault();
        if (known?.ETag == published.ETag)
        {
            await findings.SuspiciousAsync(Dataset.Slots, session, null, ct);
            report.Ok($"{session:yyyy-MM-dd} slots: {published.Key} is the file they were last held against");
            return nothing;
        }

        try
        {
            return await CompareAsync(run, session, await source.ReadSlotsAsync(published, grid, ct), age, report, ct);
        }
        catch (ProviderException e)
        {
            await RefuseAsync(session, e.Message, report, ct);
            report.NotReached(e);
            return nothing;
        }
    }

    private async Task<Reconciled> CompareAsync(RunContext run, DateOnly session, SlotFile file, int age, TaskReport report, CancellationToken ct)
    {
        var coverage = await store.SymbolCoverageAsync(Dataset.Slots, session, ct);
        var found = new SlotComparison(await KeepsAsync(session, file, coverage, ct), options);
        await found.CompareAsync(store.ReadSlotsAsync(session, null, ct), session, file.Replies.ToDictionary(r => r.Symbol, r => r.Days[0].Slots), ct);
        if (Suspicion.Of(found, run.Force, options) is { } why)
        {
            await RefuseAsync(session, $"{file.File.Key}: {why}", report, ct);
            return Reconciled.Nothing(session, Dataset.Slots);
        }

        await findings.SuspiciousAsync(Dataset.Slots, session, null, ct);
        var at = clock.GetUtcNow();
        var remembered = new SourceFile(Dataset.Slots, session, file.File.Key, file.File.ETag, file.File.Bytes, file.File.LastModified, at);
        var done = new Reconciled(session, Dataset.Slots, Ledger.Symbols(found.Changes), found.Stored)
        {
            Healed = found.Days.Select(d => d.Symbol).ToHashSet(),
            Refused = [.. file.Replies.SelectMany(r => r.Rejected)],
        };
        report.Worked();
        if (found.Days.Count > 0)
        {
            var ledger = Ledger.Of(run, Dataset.Slots, session, found.Changes, s => coverage.GetValueOrDefault(s)?.Source ?? "", file.Source, at);
            await store.HealSlotsAsync(new(session, found.Days, file.Source, at, ledger, remembered), ct);
            tally.Add(ledger, age);
            report.Note(found.Changes.Count == 0
                ? $"{session:yyyy-MM-dd} slots: {found.Days.Count:N0} symbols completed from {file.Source}, none revised"
                : $"{session:yyyy-MM-dd} slots: {done.Symbols.Count:N0} of {found.Stored:N0} symbols revised by {file.Source} ({Ledger.Summary(found.Changes)}; first: {Ledger.First(found.Changes[0])})");
        }
        else
        {
            await store.SaveSourceFileAsync(remembered, ct);
            report.Ok($"{session:yyyy-MM-dd} slots: {found.Stored:N0} symbols as {file.Source} says now");
        }

        if (found.Overruled > 0) report.Note($"{session:yyyy-MM-dd}: {found.Overruled:N0} symbols whose slots the file tells otherwise stay as they are: it has too little of them, or they were asked for after it was published");
        await findings.UnusualAsync(done, options, ct);
        return done;
    }

    /// <summary>Symbols of which the file is not the word.</summary>
    private async Task<Predicate<Symbol>> KeepsAsync(DateOnly session, SlotFile file, IReadOnlyDictionary<Symbol, Coverage> coverage, CancellationToken ct)
    {
        var suspicion = await SlotSuspicion.OfAsync(store, calendar, [session], grid, ct);
        var told = file.Replies.Select(r => r.Symbol).ToHashSet();
        var doubtful = file.Replies.Where(suspicion.Suspects).Select(r => r.Symbol).ToHashSet();
        foreach (var absent in coverage.Values.Where(c => c.Rows > 0 && !told.Contains(c.Symbol!.Value)))
            suspicion.Suspects(new(absent.Symbol!.Value, [(session, [])], [], file.Source));
        doubtful.UnionWith(suspicion.Absent.Keys.Select(k => k.Symbol));
        return symbol => doubtful.Contains(symbol) || (coverage.TryGetValue(symbol, out var stored) && stored.Source != file.Source && stored.AsOf > file.File.LastModified);
    }

    private async Task RefuseAsync(DateOnly session, string why, TaskReport report, CancellationToken ct)
    {
        await findings.SuspiciousAsync(Dataset.Slots, session, why, ct);
        tally.Refuse(Dataset.Slots);
        report.Fail($"{session:yyyy-MM-dd} slots were left as they are: {why}");
    }
}
