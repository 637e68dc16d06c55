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
    /// <exception cref="NotHereException">The store knows no such symbol, or nothing of the session.</exception>
    public async Task<ExplainAnswer> OfAsync(Symbol symbol, DateOnly? date, CancellationToken ct)
    {
        var asOf = date is null ? await NewestAsync(ct) : Sessions.Of(date, calendar, clock.GetUtcNow());
        if (date is not null) await LoadedAsync(asOf, ct);
        var explanation = await new DerivedValues(store, calendar, options).ExplainAsync(symbol, asOf, null, ct);
        if (!explanation.IsKnown) throw new NotHereException(await SymbolsApi.UnknownAsync(store, symbol, ct));
        return ExplainAnswer.Of(explanation, options) with { Revisions = await RevisionsAsync(explanation, ct) };
    }

    private async Task<IReadOnlyList<RevisionAnswer>> RevisionsAsync(Explanation explanation, CancellationToken ct)
    {
        var sessions = explanation.Bars.Select(b => b.Raw.Date).Concat(explanation.Sessions.Select(s => s.Date)).ToArray();
        return sessions.Length == 0 ? [] : [.. (await store.RevisionsAsync(sessions.Min(), explanation.AsOf, explanation.Symbol, RevisionsApi.Default, ct)).Select(RevisionAnswer.Of)];
    }

    /// <exception cref="NotHereException">Nothing of the session is in the store: values as of it would be those of an earlier one.</exception>
    private async Task LoadedAsync(DateOnly session, CancellationToken ct)
    {
        foreach (var dataset in Enum.GetValues<Dataset>())
            if ((await store.DayCoverageAsync(dataset, session, session, ct)).Count > 0) return;
        var days = await store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, ct);
        throw new NotHereException($"nothing of {session:yyyy-MM-dd} was ever loaded; {(days.Count == 0 ? "the store holds no session yet" : $"the store holds sessions from {days[0].Date:yyyy-MM-dd} to {days[^1].Date:yyyy-MM-dd}")}, and `data-maintenance run --date {session:yyyy-MM-dd}` loads it");
    }

    private async Task<DateOnly> NewestAsync(CancellationToken ct)
    {
        var newest = calendar.NewestEnded(clock.GetUtcNow());
        var daily = await store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, newest, ct);
        return daily is [.., var last] ? last.Date : newest;
    }
}
