using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>What the provider's list says of who is there and who is not: strangers are named, and who left the list is no longer missing.</summary>
internal sealed class Strangers(IStore store, string by, TimeProvider clock)
{
    /// <summary>Days back in which a missing symbol may turn out to have left; a first load looks at thirty sessions.</summary>
    private const int DaysBack = 60;

    /// <param name="known">The universe before this look.</param>
    /// <param name="traded">Who has a bar in the session.</param>
    public async Task JudgeAsync(
        DateOnly session, IReadOnlyDictionary<Symbol, UniverseEntry> known, IReadOnlyDictionary<Symbol, Ticker> listed, IReadOnlySet<Symbol> traded, TaskReport report, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Symbol[] strangers = [.. traded.Where(s => !listed.ContainsKey(s) && IsNew(known.GetValueOrDefault(s), session)).Order()];
        // Who traded here before is no stranger, even where a list of today knows nothing of it.
        var before = await store.ReadNewestDailyAsync(strangers, session.AddDays(-1), 1, ct).Select(b => b.Symbol).ToHashSetAsync(cancellationToken: ct);
        strangers = [.. strangers.Where(s => !before.Contains(s))];
        if (strangers.Length > 0) report.Warn($"{strangers.Length:N0} symbols traded that nobody knows and the provider's list lacks: {Names.List(strangers.Select(s => s.Text))}");
        await store.SaveFindingsAsync(new Look(Rules.Daily, [Rules.Stranger.Name], session, session, by, now),
            [.. strangers.Select(s => new Finding(0, Rules.Daily, session, s, Rules.Stranger.Name, Rules.Stranger.Severity, s.Text, "a symbol of the provider's list", FindingState.Open, now, null))], ct);
    }

    /// <summary>Who is missing and no longer listed has left: nobody need look for it.</summary>
    public async Task SettleAsync(DateOnly session, IReadOnlyDictionary<Symbol, Ticker> listed, TaskReport report, CancellationToken ct)
    {
        var left = (await store.OpenFindingsAsync(Rules.Daily, session.AddDays(-DaysBack), session, ct))
            .Where(f => f.Rule == Rules.Missing.Name && f.Symbol is { } s && !listed.ContainsKey(s)).Select(f => f.Symbol!.Value).ToHashSet();
        if (left.Count == 0) return;
        report.Note($"{left.Count:N0} missing symbols have left the provider's list: {Names.List(left.Select(s => s.Text))}");
        await store.SaveFindingsAsync(new Look(Rules.Daily, [Rules.Missing.Name], session.AddDays(-DaysBack), session, by, clock.GetUtcNow()) { Symbols = left }, [], ct);
    }

    /// <summary>Never seen before the session, or only by its own bar of it.</summary>
    private static bool IsNew(UniverseEntry? entry, DateOnly session) => entry is null || (entry.FirstSeen == session && entry is { Type: null, Exchange: null });
}
