using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>ticker_metadata</c>.</summary>
internal abstract partial class SqlStore
{
    private const string SelectMetadata = """
        SELECT symbol, name, exchange, type, sector, industry, sic_code, market_cap, float_shares, shares_outstanding, description, list_date,
            cik, composite_figi, homepage_url, total_employees, updated_at, last_attempt_at, last_error
        FROM ticker_metadata
        WHERE $1::VARCHAR[] IS NULL OR symbol IN (SELECT unnest($1::VARCHAR[]))
        ORDER BY symbol
        """;

    public Task<IReadOnlyList<TickerMetadata>> MetadataAsync(IReadOnlyCollection<Symbol>? symbols, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<TickerMetadata>>(async connection =>
            await connection.QueryAsync(SelectMetadata, [symbols is null ? null : Texts(symbols)], Metadata, ct), ct);

    public Task SaveMetadataAsync(IReadOnlyList<TickerMetadata> metadata, CancellationToken ct) => UpsertAsync("ticker_metadata", metadata, m => m.Symbol, m =>
    [
        m.Symbol.Text, m.Name, m.Exchange, m.Type, m.Sector, m.Industry, m.SicCode, m.MarketCap, m.FloatShares, m.SharesOutstanding, m.Description, m.ListDate,
        m.Cik, m.CompositeFigi, m.HomepageUrl, m.TotalEmployees, m.UpdatedAt, m.LastAttemptAt, m.LastError,
    ], ct);

    private static TickerMetadata Metadata(DbDataReader row) => new(new Symbol(row.GetString(0)))
    {
        Name = row.TextOrNull(1),
        Exchange = row.TextOrNull(2),
        Type = row.TextOrNull(3),
        Sector = row.TextOrNull(4),
        Industry = row.TextOrNull(5),
        SicCode = row.TextOrNull(6),
        MarketCap = row.ValueOrNull<double>(7),
        FloatShares = row.ValueOrNull<long>(8),
        SharesOutstanding = row.ValueOrNull<long>(9),
        Description = row.TextOrNull(10),
        ListDate = row.ValueOrNull<DateOnly>(11),
        Cik = row.TextOrNull(12),
        CompositeFigi = row.TextOrNull(13),
        HomepageUrl = row.TextOrNull(14),
        TotalEmployees = row.ValueOrNull<long>(15),
        UpdatedAt = row.ValueOrNull<DateTimeOffset>(16),
        LastAttemptAt = row.ValueOrNull<DateTimeOffset>(17),
        LastError = row.TextOrNull(18),
    };
}
