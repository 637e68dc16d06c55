using System.Globalization;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>What speaks for a ticker having passed to another security, and the day from which it was that one's; see docs/decisions/0005.</summary>
/// <param name="Identity">The present bearer against the former.</param>
/// <param name="Delisted">When the former bearer is known to have left; its last day or the day after.</param>
/// <param name="Listed">The present bearer's own listing; of a renamed company that is older than the ticker.</param>
internal sealed record Handover(Symbol Symbol, TickerIdentity Identity, Bearer? Former, Bearer? Present, DateOnly? Delisted, DateOnly? Listed)
{
    /// <summary>Sessions without a bar that count as a break where the identifiers alone do not decide. A halt lasts as long, so a break alone decides nothing.</summary>
    public const int Break = 5;

    /// <summary>The first date of the present bearer; null when the evidence does not do, or nothing older is held that could be joined to it.</summary>
    /// <param name="bars">Dates of the bars held, ascending, up to the session.</param>
    public DateOnly? FirstDate(IReadOnlyList<DateOnly> bars, DateOnly session, TradingCalendar calendar)
    {
        if (bars.Count == 0) return null;
        var opening = calendar.NextSession(session);
        // One gap after each bar; the last reaches to the session about to open.
        var gaps = bars.Select((date, i) => (After: date, Next: i + 1 < bars.Count ? bars[i + 1] : opening)).Select(g => (g.After, g.Next, Sessions: Silent(g.After, g.Next, calendar))).ToArray();
        var first = Identity switch
        {
            TickerIdentity.Another => AtListing(0) ?? AfterDelisting() ?? AfterGap(1) ?? opening,
            TickerIdentity.Unsure => AtListing(Break) ?? AfterGap(Break),
            TickerIdentity.Same when Former is null => AtListing(Break),
            _ => null,
        };
        return first > bars[0] ? first : null;

        DateOnly? AtListing(int least) =>
            Listed is { } listed && listed > bars[0] && listed <= opening && gaps.Last(g => g.After < listed) is var gap && gap.Sessions >= least ? gap.Next : null;

        DateOnly? AfterDelisting() => Delisted is { } left && left >= bars[0] ? gaps.First(g => g.Next > left).Next : null;

        DateOnly? AfterGap(int least) => gaps.Where(g => g.Sessions >= least).OrderByDescending(g => g.Sessions).ThenByDescending(g => g.Next).Select(g => (DateOnly?)g.Next).FirstOrDefault();
    }

    /// <summary>For people.</summary>
    public string Evidence(DateOnly first, IReadOnlyList<DateOnly> bars, TradingCalendar calendar)
    {
        var last = bars.Last(b => b < first);
        return string.Join("; ", new[]
        {
            Former is null ? null : $"the former bearer has {Former}, the present one {Present}",
            Delisted is { } left ? Invariant($"the former one was delisted on {left:yyyy-MM-dd}") : null,
            Listed is { } listed ? Invariant($"the present one is listed since {listed:yyyy-MM-dd}") : null,
            Invariant($"{Silent(last, first, calendar)} sessions without a bar after {last:yyyy-MM-dd}"),
        }.OfType<string>());
    }

    private static int Silent(DateOnly after, DateOnly next, TradingCalendar calendar) => calendar.Sessions(after.AddDays(1), next.AddDays(-1)).Count;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
