using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Turns refused rows into findings, one scope a rule and session, so that those gone the next time are healed.</summary>
internal static class Findings
{
    public static async Task SaveAsync(
        IStore store, string dataset, DateOnly session, IReadOnlyList<(string Symbol, string Rule, string Value, string Expectation)> refused, DateTimeOffset at, CancellationToken ct)
    {
        var found = refused.Select(r => new Finding(0, dataset, session, Symbol.IsValid(r.Symbol) ? new Symbol(r.Symbol) : null,
            r.Rule, Severity.Error, r.Value, r.Expectation, FindingState.Open, at, null)).ToArray();
        var open = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).Where(f => f.Dataset == dataset && f.Date == session).Select(f => f.Rule);
        foreach (var rule in found.Select(f => f.Rule).Concat(open).Distinct().ToArray())
            await store.SaveFindingsAsync(rule, session, [.. found.Where(f => f.Rule == rule)], at, ct);
    }
}
