using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Api;

/// <summary><c>/api/expected/{date}</c>: who should be in a session against who is, by name.</summary>
internal static class ExpectedApi
{
    public static void MapExpected(this WebApplication app, Wiring wiring) =>
        app.MapGet("/api/expected/{date}", async (string date, CancellationToken ct) => await ExpectedAnswer.OfAsync(wiring.Store, wiring.Calendar, RunsApi.Date("date", date)!.Value, ct))
            .Tells<ExpectedAnswer>("Read side", "Who should be in a session by the ten before it, who is missing, who is new, and which symbols are known to be silent", 400);
}

/// <param name="Learned">False while fewer than five sessions before it are held: nobody is expected then.</param>
/// <param name="Expected">Symbols that traded in each of the five sessions before and are not known to be delisted.</param>
/// <param name="Liquid">Of those, with 10,000 shares a day and more in the median.</param>
/// <param name="Present">Symbols with a daily bar.</param>
/// <param name="Missing">Expected, without a daily bar.</param>
/// <param name="New">With a bar, and none in the ten sessions before: newly listed, renamed, or back after a silence.</param>
/// <param name="Unknown">Those of the new that are not in the universe either.</param>
/// <param name="WithoutSlots">With 10,000 shares and more in the daily bar, and no slot.</param>
public sealed record ExpectedAnswer(
    DateOnly Date, bool Learned, int Expected, int Liquid, int Present, IReadOnlyList<MissingAnswer> Missing, IReadOnlyList<string> New, IReadOnlyList<string> Unknown, IReadOnlyList<SilentAnswer> WithoutSlots)
{
    /// <exception cref="BadRequestException">The date is no session.</exception>
    public static async Task<ExpectedAnswer> OfAsync(IStore store, TradingCalendar calendar, DateOnly session, CancellationToken ct)
    {
        if (calendar.ClosedReason(session) is { } closed) throw new BadRequestException($"date: {session:yyyy-MM-dd} is no session ({closed})");
        var (history, today) = (new BarHistory(DailyChecks.Depth), new Dictionary<Symbol, DailyBar>());
        await foreach (var bar in store.ReadDailyAsync(calendar.LastSessions(DailyChecks.Depth + 1, session)[0], session, null, ct))
        {
            if (bar.Date == session) today[bar.Symbol] = bar;
            else history.Add(bar);
        }

        var universe = (await store.UniverseAsync(ct)).ToDictionary(e => e.Symbol);
        var set = ExpectedSet.Of(session, history, universe, today.Keys.ToHashSet());
        var learned = history.Sessions.Count >= ExpectedSet.Regular;
        var findings = (await store.FindingsAsync(openOnly: false, int.MaxValue, ct)).Where(f => f.Date == session && f.Rule == Rules.Missing.Name).ToLookup(f => f.Symbol);
        var (bars, slots) = (await store.SymbolCoverageAsync(Dataset.Daily, session, ct), await store.SymbolCoverageAsync(Dataset.Slots, session, ct));
        return new(session, learned, set.Expected.Count, set.Expected.Count(e => e.IsLiquid), today.Count,
            [.. set.Missing.Select(m => MissingAnswer.Of(m, bars.GetValueOrDefault(m.Symbol), findings[m.Symbol].Select(f => FindingsApi.Word(f.State)).FirstOrDefault()))],
            learned ? [.. today.Keys.Where(s => history.Of(s) is null).Order().Select(s => s.Text)] : [],
            [.. set.Unknown.Select(s => s.Text)],
            [.. today.Values.Where(b => b.Volume >= ExpectedSet.LiquidShares && slots.GetValueOrDefault(b.Symbol) is null or { Rows: 0 }).Select(b => SilentAnswer.Of(b.Symbol, b.Volume, slots.GetValueOrDefault(b.Symbol)))]);
    }
}

/// <param name="Shares">A day, in the median.</param>
/// <param name="Finding">open, healed or accepted; null without a finding: thin symbols skip days.</param>
/// <param name="Source">Who said that it has no bar; null when nobody did.</param>
/// <param name="AsOf">When it was said.</param>
public sealed record MissingAnswer(string Symbol, bool Liquid, double Shares, DateOnly LastSeen, string? Finding, string? Source, DateTimeOffset? AsOf)
{
    internal static MissingAnswer Of(ExpectedSymbol symbol, Coverage? coverage, string? finding) =>
        new(symbol.Symbol.Text, symbol.IsLiquid, symbol.Shares, symbol.LastSeen, finding, coverage?.Source, coverage?.AsOf);
}

/// <param name="Source">Who said that there is none; null when nobody was asked.</param>
/// <param name="AsOf">When it was said.</param>
public sealed record SilentAnswer(string Symbol, double Shares, string? Source, DateTimeOffset? AsOf)
{
    internal static SilentAnswer Of(Symbol symbol, double shares, Coverage? coverage) => new(symbol.Text, shares, coverage?.Source, coverage?.AsOf);
}
