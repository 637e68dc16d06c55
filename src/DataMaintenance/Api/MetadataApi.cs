using System.Buffers;
using System.Text;
using System.Text.Json;
using DataMaintenance.Cache;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>Metadata as other programs read them, from Redis, else from the store: <c>/api/metadata/{symbol}</c>, <c>/api/metadata/bulk</c>.</summary>
internal static class MetadataApi
{
    public static void MapMetadata(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/api/metadata/bulk", async (string? symbols, HttpContext context, CancellationToken ct) => await BulkAsync(wiring, Symbols(symbols, wiring.Settings.Api.MaxBulkSymbols), context, ct))
            .Tells<BulkShape>("Read side", "Metadata of many symbols in one answer; those without are named", 400);
        app.MapGet("/api/metadata/{symbol}", async (string symbol, HttpContext context, CancellationToken ct) => await OneAsync(wiring, RunsApi.Symbol(symbol), context, ct))
            .Tells<MetadataShape>("Read side", "Metadata of one symbol: the published document", 400, 404);
    }

    /// <summary>The documents of these symbols as they are published; absent where nothing is known.</summary>
    private static async Task<(Dictionary<Symbol, ReadOnlyMemory<byte>> Documents, bool FromStore)> FindAsync(Wiring wiring, IReadOnlyList<Symbol> symbols, CancellationToken ct)
    {
        var found = await Shortly.AskAsync<Dictionary<Symbol, ReadOnlyMemory<byte>>>(async patience => await wiring.Cache.MetadataAsync(symbols, patience), ct) ?? [];
        var absent = symbols.Where(s => !found.ContainsKey(s)).ToArray();
        if (absent.Length == 0) return (found, false);
        // Redis is refilled by those whose task it is; whoever asks meanwhile is answered from the truth.
        foreach (var known in await wiring.Store.MetadataAsync(absent, ct))
            found[known.Symbol] = Encoding.UTF8.GetBytes(Documents.Json(new MetadataValue(Metadata.Published(known))));
        return (found, absent.Any(found.ContainsKey));
    }

    private static async Task<IResult> OneAsync(Wiring wiring, Symbol symbol, HttpContext context, CancellationToken ct)
    {
        var (found, fromStore) = await FindAsync(wiring, [symbol], ct);
        if (!found.TryGetValue(symbol, out var document)) throw new NotHereException(await SymbolsApi.UnknownAsync(wiring.Store, symbol, ct));
        context.Response.Headers["X-Source"] = fromStore ? "store" : "redis";
        return Results.Bytes(document, "application/json");
    }

    private static async Task<IResult> BulkAsync(Wiring wiring, IReadOnlyList<Symbol> symbols, HttpContext context, CancellationToken ct)
    {
        var (found, fromStore) = await FindAsync(wiring, symbols, ct);
        context.Response.Headers["X-Source"] = fromStore ? "store" : "redis";
        var buffer = new ArrayBufferWriter<byte>(1_024 + found.Sum(f => f.Value.Length + 32));
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = ApiJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteNumber("count", found.Count);
            json.WriteStartObject("metadata");
            foreach (var symbol in symbols)
            {
                if (!found.TryGetValue(symbol, out var document)) continue;
                json.WritePropertyName(symbol.Text);
                // Checked while it is written: a document that another program damaged is told as a failure, not passed on.
                json.WriteRawValue(document.Span);
            }

            json.WriteEndObject();
            json.WriteStartArray("missing");
            foreach (var symbol in symbols) if (!found.ContainsKey(symbol)) json.WriteStringValue(symbol.Text);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Results.Bytes(buffer.WrittenMemory, "application/json");
    }

    private static Symbol[] Symbols(string? text, int most)
    {
        var names = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) throw new BadRequestException("symbols: expected symbols separated by commas, such as AAPL,MSFT; got none");
        if (names.Length > most) throw new BadRequestException($"symbols: at most {most} in one call (Api:MaxBulkSymbols), got {names.Length}; ask in parts");
        return Array.ConvertAll(names, RunsApi.Symbol);
    }
}
