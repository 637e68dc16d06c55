using Market;

namespace Simulator.World;

/// <summary>Splits by chance: about one security in a hundred a year, so a dozen a month at full size.</summary>
internal static class SplitTable
{
    private const double PerYear = .018;
    private static readonly (double From, double To)[] Forward = [(1, 2), (1, 3), (1, 4), (1, 10), (2, 3), (1, 5), (1, 1.05), (1, 20)];
    private static readonly (double From, double To)[] Reverse = [(10, 1), (20, 1), (5, 1), (8, 1), (4, 1), (25, 1), (1.5, 1), (15, 1)];

    /// <summary>The splits of one security under its present ticker, by date.</summary>
    /// <param name="sessionFrom">The first session on or after a date.</param>
    internal static IEnumerable<Split> Of(Security security, int firstYear, int lastYear, Func<DateOnly, DateOnly> sessionFrom)
    {
        if (security.Type is not ("CS" or "ADRC" or "ETF") || security.BasePrice > 100_000) yield break;
        for (var year = firstYear; year <= lastYear; year++)
        {
            var random = new RandomStream(Hash.Of(security.Key, 0x73706C6974, (ulong)year));
            if (random.Unit() >= PerYear) continue;
            var date = sessionFrom(new DateOnly(year, 1, 3).AddDays(random.Below(350)));
            if (date <= security.Listed || !security.IsListedOn(date)) continue;
            var ratios = security.BasePrice > 25 ? Forward : Reverse;
            var (from, to) = ratios[random.Below(ratios.Length)];
            yield return new Split(new Symbol(security.Ticker), date, from, to);
        }
    }
}
