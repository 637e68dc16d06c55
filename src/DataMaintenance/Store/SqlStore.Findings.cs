using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>data_findings</c>. What a person has accepted is not opened again while its value is the same.</summary>
internal abstract partial class SqlStore
{
    private const string SelectFindings = "SELECT id, dataset, date, symbol, rule, severity, value, expectation, state, found_at, closed_at, closed_by, why FROM data_findings";

    public Task SaveFindingsAsync(string rule, DateOnly date, IReadOnlyList<Finding> found, DateTimeOffset at, CancellationToken ct) =>
        SaveFindingsAsync(new Look(null, [rule], date, date, "the next look", at), found, ct);

    public Task<LookResult> SaveFindingsAsync(Look look, IReadOnlyList<Finding> found, CancellationToken ct) => WriteAsync(async connection =>
    {
        var standing = (await connection.QueryAsync(
                $"{SelectFindings} WHERE date BETWEEN $1 AND $2 AND state <> 'healed' AND rule IN (SELECT unnest($3::VARCHAR[])) AND ($4 = '' OR dataset = $4) ORDER BY id",
                [look.From, look.To, look.Rules.ToArray(), look.Dataset ?? ""], Finding, ct)).ToLookup(Key);
        var named = new Dictionary<(string, DateOnly, Symbol?, string), Finding>();
        foreach (var finding in found) named[Key(finding)] = finding;

        var healed = standing.SelectMany(s => s).Where(f => f.State == FindingState.Open && look.Covers(f) && (!named.TryGetValue(Key(f), out var again) || Accepted(again))).ToArray();
        if (healed.Length > 0)
            await connection.ExecuteAsync("UPDATE data_findings SET state = 'healed', closed_at = $1, closed_by = $2 WHERE id IN (SELECT unnest($3::BIGINT[]))",
                [look.At, look.By, healed.Select(f => f.Id).ToArray()], ct);

        foreach (var (key, finding) in named)
        {
            if (standing[key].LastOrDefault(f => f.State == FindingState.Open) is { } open && !Same(open, finding) && !Accepted(finding))
                await connection.ExecuteAsync("UPDATE data_findings SET severity = $1, value = $2, expectation = $3 WHERE id = $4", [Word(finding.Severity), finding.Value, finding.Expectation, open.Id], ct);
        }

        var next = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM data_findings", [], ct);
        Finding[] fresh = [.. named.Values.Where(f => !standing[Key(f)].Any(s => s.State == FindingState.Open) && !Accepted(f))
            .OrderBy(f => f.Date).ThenBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Symbol?.Text, StringComparer.Ordinal)
            .Select((f, i) => f with { Id = next + i, State = FindingState.Open, FoundAt = look.At, ClosedAt = null })];
        await AppendAsync(connection, "data_findings", fresh.Select(f => new object?[]
        {
            f.Id, f.Dataset, f.Date, f.Symbol?.Text, f.Rule, Word(f.Severity), f.Value, f.Expectation, Word(f.State), f.FoundAt, null, null, null,
        }), ct);
        return new LookResult(fresh, healed);

        bool Accepted(Finding finding) => standing[Key(finding)].Any(s => s.State == FindingState.Accepted && s.Value == finding.Value);
    }, ct);

    public Task<IReadOnlyList<Finding>> OpenFindingsAsync(string dataset, DateOnly from, DateOnly to, CancellationToken ct) => ReadAsync<IReadOnlyList<Finding>>(async connection =>
        await connection.QueryAsync($"{SelectFindings} WHERE dataset = $1 AND date BETWEEN $2 AND $3 AND state = 'open' ORDER BY date, id", [dataset, from, to], Finding, ct), ct);

    public Task<IReadOnlyList<Finding>> FindingsAsync(bool openOnly, int limit, CancellationToken ct) => ReadAsync<IReadOnlyList<Finding>>(async connection =>
        await connection.QueryAsync($"{SelectFindings} WHERE state = 'open' OR NOT $1 ORDER BY id DESC LIMIT $2", [openOnly, (long)limit], Finding, ct), ct);

    public Task<Finding?> FindFindingAsync(long id, CancellationToken ct) => ReadAsync(connection => FindFindingAsync(connection, id, ct), ct);

    public Task<Finding?> AcceptFindingAsync(long id, string by, string? why, DateTimeOffset at, CancellationToken ct) => WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("UPDATE data_findings SET state = 'accepted', closed_at = $1, closed_by = $2, why = $3 WHERE id = $4 AND state = 'open'", [at, by, why, id], ct);
        return await FindFindingAsync(connection, id, ct);
    }, ct);

    private static async Task<Finding?> FindFindingAsync(DbConnection connection, long id, CancellationToken ct) =>
        (await connection.QueryAsync($"{SelectFindings} WHERE id = $1", [id], Finding, ct)).SingleOrDefault();

    private static Finding Finding(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.TextOrNull(3) is { } symbol ? new Symbol(symbol) : null, row.GetString(4),
        Enum.Parse<Severity>(row.GetString(5), ignoreCase: true), row.GetString(6), row.GetString(7),
        Enum.Parse<FindingState>(row.GetString(8), ignoreCase: true), row.GetFieldValue<DateTimeOffset>(9), row.ValueOrNull<DateTimeOffset>(10))
    {
        ClosedBy = row.TextOrNull(11),
        Why = row.TextOrNull(12),
    };

    private static (string, DateOnly, Symbol?, string) Key(Finding f) => (f.Dataset, f.Date, f.Symbol, f.Rule);

    private static bool Same(Finding one, Finding other) => (one.Severity, one.Value, one.Expectation) == (other.Severity, other.Value, other.Expectation);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
