using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Prices that were absurd, held once more against the splits known by now: a split that was listed late explains them.</summary>
internal static class AbsurdAgain
{
    /// <summary>Days back whose findings can still hold a value back.</summary>
    private const int DaysBack = 60;

    /// <returns>The symbols whose prices are explained now.</returns>
    public static async Task<IReadOnlyList<Symbol>> LookAsync(IStore store, TradingCalendar calendar, DateOnly session, string by, DateTimeOffset at, CancellationToken ct)
    {
        var open = (await store.OpenFindingsAsync(Rules.Daily, session.AddDays(-DaysBack), DateOnly.MaxValue, ct)).Where(f => f.Rule == Rules.Absurd.Name && f.Symbol is not null).ToArray();
        if (open.Length == 0) return [];
        // A backfill of earlier sessions may bring the split that explains a later price.
        var until = open.Max(f => f.Date) is var last && last > session ? last : session;
        var (symbols, days) = (open.Select(f => f.Symbol!.Value).ToHashSet(), open.Select(f => (f.Symbol!.Value, f.Date)).ToHashSet());
        var adjustments = Adjustment.BySymbol((await store.SplitsAsync(ct)).Where(s => s.InForce && symbols.Contains(s.Split.Symbol)).Select(s => s.Split), until);
        var history = new BarHistory(DailyChecks.Depth);
        var still = new List<Finding>();
        await foreach (var bar in store.ReadDailyAsync(calendar.LastSessions(DailyChecks.Depth + 1, open.Min(f => f.Date))[0], until, symbols, ct))
        {
            if (days.Contains((bar.Symbol, bar.Date)) && history.Of(bar.Symbol) is { } past && PriceRules.Absurd(bar, past, adjustments.GetValueOrDefault(bar.Symbol)) is { } breach)
                still.Add(new(0, Rules.Daily, bar.Date, bar.Symbol, breach.Rule, breach.Severity, breach.Value, breach.Expectation, FindingState.Open, at, null));
            history.Add(bar);
        }

        var look = new Look(Rules.Daily, [Rules.Absurd.Name], open.Min(f => f.Date), until, by, at) { Symbols = symbols };
        return [.. (await store.SaveFindingsAsync(look, still, ct)).Healed.Select(f => f.Symbol!.Value).Distinct().Order()];
    }
}
