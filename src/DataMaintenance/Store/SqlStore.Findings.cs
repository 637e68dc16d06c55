using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>data_findings</c>. What a person has accepted is not recorded again.</summary>
internal abstract partial class SqlStore
{
    private const string SelectFindings = "SELECT id, dataset, date, symbol, rule, severity, value, expectation, state, found_at, closed_at FROM data_findings";

    public Task SaveFindingsAsync(string rule, DateOnly date, IReadOnlyList<Finding> found, DateTimeOffset at, CancellationToken ct) => WriteAsync(async connection =>
    {
        var standing = (await connection.QueryAsync($"{SelectFindings} WHERE rule = $1 AND date = $2 AND state <> 'healed' ORDER BY id", [rule, date], Finding, ct))
            .ToDictionary(f => (f.Dataset, f.Symbol));
        var named = new Dictionary<(string, Symbol?), Finding>();
        foreach (var finding in found) named[(finding.Dataset, finding.Symbol)] = finding;

        var healed = standing.Values.Where(f => f.State == FindingState.Open && !named.ContainsKey((f.Dataset, f.Symbol))).Select(f => f.Id).ToArray();
        if (healed.Length > 0)
            await connection.ExecuteAsync("UPDATE data_findings SET state = 'healed', closed_at = $1 WHERE id IN (SELECT unnest($2::BIGINT[]))", [at, healed], ct);

        var next = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM data_findings", [], ct);
        var fresh = named.Where(f => !standing.ContainsKey(f.Key)).OrderBy(f => f.Value.Symbol?.Text, StringComparer.Ordinal).Select((f, i) => new object?[]
        {
            next + i, f.Value.Dataset, date, f.Value.Symbol?.Text, rule, Word(f.Value.Severity), f.Value.Value, f.Value.Expectation, Word(FindingState.Open), at, null,
        });
        await AppendAsync(connection, "data_findings", fresh, ct);
    }, ct);

    public Task<IReadOnlyList<Finding>> FindingsAsync(bool openOnly, int limit, CancellationToken ct) => ReadAsync<IReadOnlyList<Finding>>(async connection =>
        await connection.QueryAsync($"{SelectFindings} WHERE state = 'open' OR NOT $1 ORDER BY id DESC LIMIT $2", [openOnly, (long)limit], Finding, ct), ct);

    public Task<Finding?> FindFindingAsync(long id, CancellationToken ct) => ReadAsync(connection => FindFindingAsync(connection, id, ct), ct);

    public Task<Finding?> AcceptFindingAsync(long id, DateTimeOffset at, CancellationToken ct) => WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("UPDATE data_findings SET state = 'accepted', closed_at = $1 WHERE id = $2 AND state = 'open'", [at, id], ct);
        return await FindFindingAsync(connection, id, ct);
    }, ct);

    private static async Task<Finding?> FindFindingAsync(DbConnection connection, long id, CancellationToken ct) =>
        (await connection.QueryAsync($"{SelectFindings} WHERE id = $1", [id], Finding, ct)).SingleOrDefault();

    private static Finding Finding(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.TextOrNull(3) is { } symbol ? new Symbol(symbol) : null, row.GetString(4),
        Enum.Parse<Severity>(row.GetString(5), ignoreCase: true), row.GetString(6), row.GetString(7),
        Enum.Parse<FindingState>(row.GetString(8), ignoreCase: true), row.GetFieldValue<DateTimeOffset>(9), row.ValueOrNull<DateTimeOffset>(10));

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
