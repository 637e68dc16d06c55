using DataMaintenance.Api;
using DataMaintenance.Store;

namespace DataMaintenance.Dashboard;

/// <summary>A session's page: what is held of it, who should be in it, what was told otherwise later, and what ran for it.</summary>
/// <param name="Line">How its tasks stand.</param>
/// <param name="Daily">Null when it was never loaded; so too <paramref name="Slots"/>.</param>
/// <param name="Expected">Null before its bars are there.</param>
/// <param name="Revised">Figures of the session in the ledger.</param>
/// <param name="Runs">Newest first.</param>
public sealed record SessionDetails(
    DateOnly Date, SessionLine Line, CountPoint? Daily, CountPoint? Slots, ExpectedAnswer? Expected, RevisedFigures Revised, IReadOnlyList<Finding> Findings, IReadOnlyList<RunRecord> Runs)
{
    private const int Most = 5_000;

    internal static async Task<SessionDetails> ReadAsync(Wiring wiring, DateOnly date, CancellationToken ct)
    {
        var (store, trends) = (wiring.Store, new Trends(wiring));
        var lines = await SessionLines.ReadAsync(store, wiring.Calendar, date, 1, ct);
        var daily = await trends.CountAsync(Dataset.Daily, date, ct);
        return new(date, lines[0], daily, await trends.CountAsync(Dataset.Slots, date, ct), daily is null ? null : await ExpectedAnswer.OfAsync(store, wiring.Calendar, date, ct),
            await RevisedFigures.ReadAsync(store, date, date, null, ct), [.. (await store.FindingsAsync(openOnly: false, Most, ct)).Where(f => f.Date == date)], await store.RunsOfAsync(date, ct));
    }
}
