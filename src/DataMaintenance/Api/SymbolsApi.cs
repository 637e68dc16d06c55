using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Api;

/// <summary><c>/api/symbols?prefix=</c>: finding a symbol by its beginning, or by a word of its name.</summary>
internal static class SymbolsApi
{
    private const int MostFound = 200;

    public static void MapSymbols(this WebApplication app, Wiring wiring) =>
        app.MapGet("/api/symbols", async (string? prefix, int? limit, CancellationToken ct) => await FindAsync(wiring.Store, prefix ?? "", RunsApi.Limit(limit, 20, MostFound), ct))
            .Tells<IReadOnlyList<SymbolFound>>("Read side", "Symbols that begin with the prefix, in any case: exact ones first, then active ones, in order", 400);

    private static async Task<IReadOnlyList<SymbolFound>> FindAsync(IStore store, string prefix, int limit, CancellationToken ct)
    {
        var found = (await store.UniverseAsync(ct))
            .Where(e => e.Symbol.Text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(e => e.Symbol.Text == prefix).ThenByDescending(e => e.Symbol.Text.Equals(prefix, StringComparison.OrdinalIgnoreCase)).ThenByDescending(e => e.IsActive).ThenBy(e => e.Symbol)
            .Take(limit).ToArray();
        if (found.Length == 0) return [];
        var names = (await store.MetadataAsync([.. found.Select(e => e.Symbol)], ct)).ToDictionary(m => m.Symbol, m => m.Name);
        return [.. found.Select(e => new SymbolFound(e.Symbol.Text, names.GetValueOrDefault(e.Symbol), e.Type, e.Exchange, e.IsActive, e.DelistedOn))];
    }

    /// <summary>What a 404 says of a symbol nobody knows.</summary>
    public static async Task<string> UnknownAsync(IStore store, Symbol symbol, CancellationToken ct)
    {
        var like = (await store.UniverseAsync(ct)).Where(e => e.Symbol.Text.Equals(symbol.Text, StringComparison.OrdinalIgnoreCase)).Select(e => e.Symbol.Text).ToArray();
        return $"the store knows no symbol '{symbol}'; symbols are case-sensitive{(like.Length > 0 ? $", and there is {string.Join(", ", like)}" : "")}";
    }
}

/// <param name="Type">The provider's code: CS, ETF, …</param>
/// <param name="Exchange">MIC.</param>
/// <param name="Active">False once delisted.</param>
public sealed record SymbolFound(string Symbol, string? Name, string? Type, string? Exchange, bool Active, DateOnly? DelistedOn);
