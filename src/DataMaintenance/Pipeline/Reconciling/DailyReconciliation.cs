using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>
/// The bars of one stored session against what the provider says now. Its newest word is the grouped reply, since it is of this moment and a
/// file is of the moment it was published; the day file speaks when the reply is not believed, and is held against it when it is.
/// </summary>
internal sealed class DailyReconciliation(IMarketSource source, IStore store, ReconcileFindings findings, RevisionTally tally, ReconcileOptions options, TimeProvider clock)
{
    /// <param name="age">Of the session, in sessions.</param>
    public async Task<Reconciled> RunAsync(RunContext run, DateOnly session, int age, TaskReport report, CancellationToken ct)
    {
        var stored = await store.ReadDailyAsync(session, session, null, ct).ToListAsync(ct);
        var grouped = await AskAsync(() => source.DailyAsync(session, ct), stored, run);
        var file = await FileAsync(session, stored, run, ct);
        if (grouped.Word is null && file?.Word is null)
        {
            await findings.SuspiciousAsync(Dataset.Daily, session, grouped.Refused, ct);
            tally.Refuse(Dataset.Daily);
            report.Fail($"{session:yyyy-MM-dd} bars were left as they are: {grouped.Refused}");
            if (grouped.Error is not null) report.NotReached(grouped.Error);
            return Reconciled.Nothing(session, Dataset.Daily);
        }

        var (word, why) = grouped.Word is { } now ? (now, null) : (file!.Word!, grouped.Refused);
        await findings.SuspiciousAsync(Dataset.Daily, session, why, ct);
        if (why is not null) report.Warn($"{session:yyyy-MM-dd} bars come from {word.Source}, since the reply was not believed: {why}");
        if (grouped.Word is not null && file?.Word is not null) await AgreeAsync(session, grouped.Word, file.Word, report, ct);
        return await HealAsync(run, session, stored, word, age, report, ct);
    }

    private async Task<Reconciled> HealAsync(RunContext run, DateOnly session, List<DailyBar> stored, Word word, int age, TaskReport report, CancellationToken ct)
    {
        var found = word.Found;
        await findings.RefusedAsync(session, word.Kept, ct);
        if (word.Kept.Count > 0) report.Warn($"{session:yyyy-MM-dd}: {word.Kept.Count:N0} bars refused, what is stored stays: {Names.List(word.Kept.Select(k => k.Symbol.Text))} (first: {word.Kept[0].Rule} {word.Kept[0].Value})");
        var done = new Reconciled(session, Dataset.Daily, Ledger.Symbols(found.Changes), stored.Count) { Healed = found.Bars.Select(b => b.Symbol).Concat(found.Vanished).ToHashSet() };
        if (found.Bars.Count > 0 || found.Vanished.Count > 0)
        {
            report.Worked();
            var coverage = await store.SymbolCoverageAsync(Dataset.Daily, session, ct);
            var at = clock.GetUtcNow();
            var ledger = Ledger.Of(run, Dataset.Daily, session, found.Changes, s => coverage.GetValueOrDefault(s)?.Source ?? "", word.Source, at);
            await store.HealDailyAsync(new(session, found.Bars, found.Vanished, word.Source, at, ledger), ct);
            tally.Add(ledger, age);
            report.Note(found.Changes.Count == 0
                ? $"{session:yyyy-MM-dd} bars: {found.Bars.Count:N0} completed from {word.Source}, none revised"
                : $"{session:yyyy-MM-dd} bars: {done.Symbols.Count:N0} of {stored.Count:N0} symbols revised by {word.Source} ({Ledger.Summary(found.Changes)}; first: {Ledger.First(found.Changes[0])})");
        }
        else
        {
            report.Ok($"{session:yyyy-MM-dd} bars: {stored.Count:N0} symbols as {word.Source} says now");
        }

        await findings.UnusualAsync(done, options, ct);
        return done;
    }

    /// <summary>The file and the reply were told at once, so a difference is between the provider's own outlets.</summary>
    private async Task AgreeAsync(DateOnly session, Word reply, Word file, TaskReport report, CancellationToken ct)
    {
        var between = DailyComparison.Of(file.Told, reply.Told, reply.Kept.Concat(file.Kept).Select(k => k.Symbol).ToHashSet(), options);
        var changes = between.Changes.Where(c => c.Field != "vwap").ToArray();
        await findings.DisagreeAsync(session, changes.Length == 0 ? null : $"{Names.List(Ledger.Symbols(changes).Order().Select(s => s.Text))} (first, {file.Source} → {reply.Source}: {Ledger.First(changes[0])})", ct);
        if (changes.Length > 0)
            report.Warn($"{session:yyyy-MM-dd}: {file.Source} and {reply.Source} differ in {Ledger.Symbols(changes).Count:N0} symbols; {reply.Source} is the later word (first: {Ledger.First(changes[0])})");
    }

    /// <returns>Null where the replies are themselves of files, and where no file is out.</returns>
    private async Task<Answer?> FileAsync(DateOnly session, List<DailyBar> stored, RunContext run, CancellationToken ct)
    {
        if (!source.AsksBySymbol) return null;
        var found = await source.FindFileAsync(FileSet.Days, session, int.MaxValue, ct);
        return found.File is { } file ? await AskAsync(() => source.ReadDailyAsync(file, ct), stored, run) : null;
    }

    private async Task<Answer> AskAsync(Func<Task<DailyReply>> ask, List<DailyBar> stored, RunContext run)
    {
        DailyReply reply;
        try
        {
            reply = await ask();
        }
        catch (ProviderException e)
        {
            return new(null, e.Message, e);
        }

        var kept = Refused(reply);
        var names = kept.Select(k => k.Symbol).ToHashSet();
        var found = DailyComparison.Of(stored, reply.Bars, names, options);
        return Suspicion.Of(found, run.Force, options) is { } why ? new(null, $"{reply.Source}: {why}", null) : new(new(reply.Source, reply.Bars, kept, found), null, null);
    }

    /// <summary>Rows that cannot be right: of their symbols the stored bar stays.</summary>
    private static List<(Symbol Symbol, string Rule, string Value, string Expectation)> Refused(DailyReply reply)
    {
        var good = reply.Bars.Select(b => b.Symbol).ToHashSet();
        return
        [
            .. reply.Rejected.Where(r => Symbol.IsValid(r.Symbol)).Select(r => (Symbol: new Symbol(r.Symbol), r.Rule, r.Value, r.Expectation)).Where(r => !good.Contains(r.Symbol)),
            .. reply.Bars.SelectMany(bar => BarChecks.Of(bar).Where(f => f.Severity == Severity.Error).Take(1).Select(f => (bar.Symbol, f.Rule, f.Value, f.Expectation))),
        ];
    }

    /// <param name="Refused">Why there is no word.</param>
    private sealed record Answer(Word? Word, string? Refused, ProviderException? Error);

    private sealed record Word(string Source, IReadOnlyList<DailyBar> Told, IReadOnlyList<(Symbol Symbol, string Rule, string Value, string Expectation)> Kept, DailyComparison Found);
}
