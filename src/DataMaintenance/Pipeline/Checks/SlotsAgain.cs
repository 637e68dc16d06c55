using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Slots that were found odd beside daily bars which were replaced since, judged anew beside the new ones.</summary>
internal static class SlotsAgain
{
    /// <param name="sessions">Oldest first.</param>
    public static async Task LookAsync(IStore store, TradingCalendar calendar, IReadOnlyList<DateOnly> sessions, SlotGrid grid, string by, DateTimeOffset at, CancellationToken ct)
    {
        if (sessions.Count == 0) return;
        var open = (await store.OpenFindingsAsync(Rules.Slots, sessions[0], sessions[^1], ct)).ToLookup(f => f.Date);
        if (open.Count == 0) return;
        var bars = (await store.DayCoverageAsync(Dataset.Daily, sessions[0], sessions[^1], ct)).ToDictionary(c => c.Date, c => c.AsOf);
        var slots = (await store.DayCoverageAsync(Dataset.Slots, sessions[0], sessions[^1], ct)).ToDictionary(c => c.Date, c => c.AsOf);
        foreach (var session in sessions.Where(s => open.Contains(s) && bars.TryGetValue(s, out var newer) && slots.TryGetValue(s, out var older) && newer > older))
        {
            var symbols = open[session].All(f => f.Symbol is not null) ? open[session].Select(f => f.Symbol!.Value).ToHashSet() : null;
            await SlotChecks.AgainAsync(store, calendar, session, grid, by, at, ct, symbols);
        }
    }
}
