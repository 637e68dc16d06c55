namespace DataMaintenance.Dashboard;

/// <param name="Name">The company or fund; empty when not known.</param>
public sealed record SymbolName(string Symbol, string Name, bool Active);

/// <summary>Symbols and names to search in, read once a minute at most, for all viewers.</summary>
internal sealed class SymbolNames(Wiring wiring)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private (Task<IReadOnlyList<SymbolName>> Names, long Read)? read;

    /// <summary>Those whose symbol begins with the text, exact case first, then those whose name holds it.</summary>
    public async Task<IReadOnlyList<SymbolName>> FindAsync(string text, int most)
    {
        var all = await AllAsync();
        if (text.Length == 0) return [.. all.Where(s => s.Active).Take(most)];
        return
        [
            .. all.Where(s => s.Symbol.StartsWith(text, StringComparison.OrdinalIgnoreCase)).OrderBy(s => s.Symbol.Length).ThenBy(s => !s.Symbol.StartsWith(text, StringComparison.Ordinal)).ThenBy(s => s.Symbol, StringComparer.Ordinal)
                .Concat(all.Where(s => text.Length > 1 && !s.Symbol.StartsWith(text, StringComparison.OrdinalIgnoreCase) && s.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
                .Take(most),
        ];
    }

    /// <summary>Those of the given symbols that the universe has, in the order given.</summary>
    public async Task<IReadOnlyList<SymbolName>> OfAsync(IReadOnlyList<string> symbols)
    {
        var all = (await AllAsync()).ToDictionary(s => s.Symbol, StringComparer.Ordinal);
        return [.. symbols.Where(all.ContainsKey).Select(s => all[s])];
    }

    private Task<IReadOnlyList<SymbolName>> AllAsync()
    {
        lock (gate)
        {
            if (read is not { } known || known.Names.IsFaulted || TimeProvider.System.GetElapsedTime(known.Read) > Fresh)
                read = known = (ReadAsync(), TimeProvider.System.GetTimestamp());
            return known.Names;
        }
    }

    private async Task<IReadOnlyList<SymbolName>> ReadAsync()
    {
        var names = (await wiring.Store.MetadataAsync(null, CancellationToken.None)).ToDictionary(m => m.Symbol, m => m.Name ?? "");
        return [.. (await wiring.Store.UniverseAsync(CancellationToken.None)).Select(u => new SymbolName(u.Symbol.Text, names.GetValueOrDefault(u.Symbol, ""), u.IsActive))];
    }
}
