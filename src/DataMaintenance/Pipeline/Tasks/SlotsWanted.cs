using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>What has to be asked: by symbol the sessions, and the sessions to publish afterwards.</summary>
internal sealed record SlotsWanted(IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> BySymbol, IReadOnlyList<Due> Due)
{
    /// <summary>The same, by session.</summary>
    public IReadOnlyDictionary<DateOnly, IReadOnlyList<Symbol>> BySession()
    {
        var sessions = new Dictionary<DateOnly, List<Symbol>>();
        foreach (var (symbol, dates) in BySymbol)
        {
            foreach (var date in dates)
            {
                if (!sessions.TryGetValue(date, out var symbols)) sessions[date] = symbols = [];
                symbols.Add(symbol);
            }
        }

        return sessions.ToDictionary(s => s.Key, s => (IReadOnlyList<Symbol>)s.Value);
    }

    /// <summary>What is left when of each session only these symbols are; a session of which none is left is done, unless it had nothing to ask from the start.</summary>
    public SlotsWanted Left(IReadOnlyDictionary<DateOnly, IReadOnlyList<Symbol>> left)
    {
        var asked = BySession();
        var bySymbol = new SortedDictionary<Symbol, List<DateOnly>>();
        foreach (var due in Due)
        {
            foreach (var symbol in left[due.Session])
            {
                if (!bySymbol.TryGetValue(symbol, out var dates)) bySymbol[symbol] = dates = [];
                dates.Add(due.Session);
            }
        }

        return new(bySymbol.ToDictionary(s => s.Key, s => (IReadOnlyList<DateOnly>)s.Value), [.. Due.Where(d => left[d.Session].Count > 0 || !asked.ContainsKey(d.Session))]);
    }
}
