using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>data_revision</c>, and the heals that write to it: never repeated by themselves, since a second time would double the ledger.</summary>
internal abstract partial class SqlStore
{
    private const string SelectRevisions =
        "SELECT id, dataset, date, symbol, slot_number, field, kind, old_value, new_value, old_source, new_source, noticed_at, run_id FROM data_revision";

    public Task HealDailyAsync(DailyHeal heal, CancellationToken ct)
    {
        Check(heal.Date, heal.Bars);
        return WriteAsync(async connection =>
        {
            await BeforeHealAsync(connection, Dataset.Daily, heal.Date, ct);
            await RemoveAsync(connection, Dataset.Daily, heal.Date, heal.Bars.Select(b => b.Symbol).Concat(heal.Vanished), ct);
            await AppendBarsAsync(connection, [.. heal.Bars.OrderBy(b => b.Symbol)], heal.Source, ct);
            await CoverAsync(connection, Dataset.Daily, heal.Date, heal.Bars.Select(b => (b.Symbol, 1L)).Concat(heal.Vanished.Select(s => (s, 0L))), heal.Source, heal.AsOf, final: true, ct);
            await CoverDayAsync(connection, Dataset.Daily, heal.Date, heal.Source, heal.AsOf, final: true, ct);
            await EnterAsync(connection, heal.Ledger, ct);
        }, ct);
    }

    public Task HealSlotsAsync(SlotHeal heal, CancellationToken ct) => WriteAsync(async connection =>
    {
        await BeforeHealAsync(connection, Dataset.Slots, heal.Date, ct);
        await RemoveAsync(connection, Dataset.Slots, heal.Date, heal.Days.Select(d => d.Symbol), ct);
        await AppendSlotsAsync(connection, [.. heal.Days.OrderBy(d => d.Symbol)], heal.Source, ct);
        await CoverAsync(connection, Dataset.Slots, heal.Date, heal.Days.Select(d => (d.Symbol, (long)d.Slots.Length)), heal.Source, heal.AsOf, final: true, ct);
        await CoverDayAsync(connection, Dataset.Slots, heal.Date, heal.Source, heal.AsOf, final: true, ct);
        await SaveSourceFileAsync(connection, heal.File, ct);
        await EnterAsync(connection, heal.Ledger, ct);
    }, ct);

    public Task<IReadOnlyList<Revision>> RevisionsAsync(DateOnly from, DateOnly to, Symbol? symbol, int limit, CancellationToken ct) => ReadAsync<IReadOnlyList<Revision>>(async connection =>
        symbol is { } one
            ? await connection.QueryAsync($"{SelectRevisions} WHERE symbol = $1 AND date BETWEEN $2 AND $3 ORDER BY id DESC LIMIT $4", [one.Text, from, to, (long)limit], Revision, ct)
            : await connection.QueryAsync($"{SelectRevisions} WHERE date BETWEEN $1 AND $2 ORDER BY id DESC LIMIT $3", [from, to, (long)limit], Revision, ct), ct);

    /// <summary>Whatever the engine needs before rows of a stored session can be replaced one by one.</summary>
    protected abstract Task BeforeHealAsync(DbConnection connection, Dataset dataset, DateOnly date, CancellationToken ct);

    /// <param name="bars">By symbol.</param>
    protected abstract Task AppendBarsAsync(DbConnection connection, IReadOnlyList<DailyBar> bars, string source, CancellationToken ct);

    /// <param name="days">By symbol.</param>
    /// <exception cref="ArgumentException">A slot is outside the grid, or they do not ascend.</exception>
    protected abstract Task AppendSlotsAsync(DbConnection connection, IReadOnlyList<SlotDay> days, string source, CancellationToken ct);

    private static async Task RemoveAsync(DbConnection connection, Dataset dataset, DateOnly date, IEnumerable<Symbol> symbols, CancellationToken ct)
    {
        var texts = Texts(symbols);
        await connection.ExecuteAsync($"DELETE FROM {Table(dataset)} WHERE date = $1 AND symbol IN (SELECT unnest($2::VARCHAR[]))", [date, texts], ct);
        await connection.ExecuteAsync("DELETE FROM coverage WHERE dataset = $1 AND date = $2 AND symbol IN (SELECT unnest($3::VARCHAR[]))", [Word(dataset), date, texts], ct);
    }

    private Task CoverAsync(DbConnection connection, Dataset dataset, DateOnly date, IEnumerable<(Symbol Symbol, long Rows)> symbols, string source, DateTimeOffset asOf, bool final, CancellationToken ct) =>
        AppendAsync(connection, "coverage", symbols.OrderBy(s => s.Symbol).Select(s => new object?[] { Word(dataset), date, s.Symbol.Text, s.Rows, source, asOf, final }), ct);

    private async Task EnterAsync(DbConnection connection, IReadOnlyList<Revision> ledger, CancellationToken ct)
    {
        var next = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM data_revision", [], ct);
        await AppendAsync(connection, "data_revision", ledger.Select((r, i) => new object?[]
        {
            next + i, Word(r.Dataset), r.Date, r.Symbol.Text, r.Slot, r.Field, Word(r.Kind), r.Old, r.New, r.OldSource, r.NewSource, r.NoticedAt, r.RunId,
        }), ct);
    }

    private static Revision Revision(DbDataReader row) => new(
        Enum.Parse<Dataset>(row.GetString(1), ignoreCase: true), row.GetFieldValue<DateOnly>(2), new Symbol(row.GetString(3)), row.ValueOrNull<int>(4), row.GetString(5),
        Enum.Parse<RevisionKind>(row.GetString(6), ignoreCase: true), row.ValueOrNull<double>(7), row.ValueOrNull<double>(8), row.GetString(9), row.GetString(10),
        row.GetFieldValue<DateTimeOffset>(11), row.GetInt64(12), row.GetInt64(0));
}
