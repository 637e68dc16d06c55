using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Api;

/// <summary>The ledger of what the provider told otherwise later: <c>/api/revisions</c>.</summary>
internal static class RevisionsApi
{
    public const int Default = 100, Most = 10_000;

    public static void MapRevisions(this WebApplication app, Wiring wiring) =>
        app.MapGet("/api/revisions", async (string? from, string? to, string? symbol, int? limit, CancellationToken ct) =>
                await RevisionsAnswer.OfAsync(wiring.Store, RunsApi.Date("from", from), RunsApi.Date("to", to), symbol is null ? null : RunsApi.Symbol(symbol), RunsApi.Limit(limit, Default, Most), ct))
            .Tells<RevisionsAnswer>("Findings", "What the provider told otherwise later, of the sessions from one to another, newest first", 400);
}

/// <summary>Rows of the ledger, newest first.</summary>
/// <param name="Count">How many are here.</param>
/// <param name="More">Whether there are older ones.</param>
public sealed record RevisionsAnswer(int Count, bool More, IReadOnlyList<RevisionAnswer> Revisions)
{
    /// <exception cref="BadRequestException">The range is backwards.</exception>
    public static async Task<RevisionsAnswer> OfAsync(IRevisions store, DateOnly? from, DateOnly? to, Symbol? symbol, int limit, CancellationToken ct)
    {
        if (from > to) throw new BadRequestException($"to: {to:yyyy-MM-dd} lies before from, {from:yyyy-MM-dd}");
        var rows = await store.RevisionsAsync(from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue, symbol, limit + 1, ct);
        var told = rows.Take(limit).Select(RevisionAnswer.Of).ToArray();
        return new(told.Length, rows.Count > limit, told);
    }
}

/// <summary>One figure that the provider told otherwise later.</summary>
/// <param name="Dataset">daily or slots.</param>
/// <param name="Date">The session it is of.</param>
/// <param name="SlotNumber">Null for a daily bar.</param>
/// <param name="Field">The column.</param>
/// <param name="Kind">changed, added (the row was not told before) or vanished (it is told no more).</param>
/// <param name="OldValue">As stored until then; null when added.</param>
/// <param name="NewValue">Null when vanished.</param>
/// <param name="RunId">The run that noticed it.</param>
public sealed record RevisionAnswer(
    long Id, string Dataset, DateOnly Date, string Symbol, int? SlotNumber, string Field, string Kind, double? OldValue, double? NewValue, string OldSource, string NewSource,
    DateTimeOffset NoticedAt, long RunId)
{
    public static RevisionAnswer Of(Revision r) => new(
        r.Id, FindingsApi.Word(r.Dataset), r.Date, r.Symbol.Text, r.Slot, r.Field, FindingsApi.Word(r.Kind), r.Old, r.New, r.OldSource, r.NewSource, r.NoticedAt, r.RunId);
}
