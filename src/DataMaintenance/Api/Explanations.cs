using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>Explains a symbol; the command line and the HTTP API ask here.</summary>
public sealed class Explanations(IStore store, TradingCalendar calendar, ValuesOptions options, TimeProvider clock)
{
    /// <param name="date">The session the values are as of; null for the newest with data.</param>
    /// <exception cref="RequestException">The date is no session that has ended.</exception>
    /// <exception cref="NotHereException">The store knows no such symbol.</exception>
    public async Task<ExplainAnswer> OfAsync(Symbol symbol, DateOnly? date, CancellationToken ct)
    {
        var asOf = date is null ? await NewestAsync(ct) : Sessions.Of(date, calendar, clock.GetUtcNow());
        var explanation = await new DerivedValues(store, calendar, options).ExplainAsync(symbol, asOf, null, ct);
        if (!explanation.IsKnown) throw new NotHereException(await SymbolsApi.UnknownAsync(store, symbol, ct));
        return ExplainAnswer.Of(explanation, options) with { Revisions = await RevisionsAsync(explanation, ct) };
    }

    private async Task<IReadOnlyList<RevisionAnswer>> RevisionsAsync(Explanation explanation, CancellationToken ct)
    {
        var sessions = explanation.Bars.Select(b => b.Raw.Date).Concat(explanation.Sessions.Select(s => s.Date)).ToArray();
        return sessions.Length == 0 ? [] : [.. (await store.RevisionsAsync(sessions.Min(), explanation.AsOf, explanation.Symbol, RevisionsApi.Default, ct)).Select(RevisionAnswer.Of)];
    }

    private async Task<DateOnly> NewestAsync(CancellationToken ct)
    {
        var newest = calendar.NewestEnded(clock.GetUtcNow());
        var daily = await store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, newest, ct);
        return daily is [.., var last] ? last.Date : newest;
    }
}
