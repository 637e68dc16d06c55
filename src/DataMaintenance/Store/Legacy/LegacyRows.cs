using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>A row of their <c>volume_slots</c>, which has the day's running sum but not the slot's own volume.</summary>
internal readonly record struct LegacySlot(int Number, TimeOnly Time, double? Accumulated, int? Trades, double? AveragePrice);

/// <summary>
/// Their rows as ours. Prices have four decimals there and volumes are whole; a price of 0.0000 is one below 0.00005, and says nothing.
/// What cannot be true is left out and named.
/// </summary>
internal static class LegacyRows
{
    /// <summary>Kept with metadata until the provider was asked here.</summary>
    public const string NotAskedYet = "brought from the Python service; not asked for here yet";

    public static DailyBar? Bar(DateOnly date, DbDataReader row, LegacyLeftOut leftOut)
    {
        if (Symbol(row.GetString(0), "bars", leftOut) is not { } symbol) return null;
        var odd = new LegacyValues($"{symbol} {date:yyyy-MM-dd}", leftOut);
        var (high, low) = (row.GetDouble(2), row.GetDouble(3));
        var bar = new DailyBar(
            symbol, date, row.GetDouble(1), high, low, row.GetDouble(4), row.GetDouble(5),
            odd.Vwap(row.ValueOrNull<double>(6), low, high), odd.Count("market_data_daily.trades_count", row.ValueOrNull<long>(7)));
        if (BarChecks.Of(bar).FirstOrDefault(b => b.Severity == Severity.Error) is not { } breach) return bar;
        leftOut.Add("bars", $"{breach.Rule}, expected {Expectation(breach)}", $"{symbol} {date:yyyy-MM-dd} ({breach.Value})");
        return null;
    }

    /// <param name="rows">Of one symbol and date, by slot number.</param>
    /// <returns>Null when they make no day on the grid.</returns>
    public static SlotDay? Day(string name, DateOnly date, List<LegacySlot> rows, SlotGrid grid, LegacyLeftOut leftOut)
    {
        if (Symbol(name, "slots", leftOut, rows.Count) is not { } symbol) return null;
        var odd = new LegacyValues($"{symbol} {date:yyyy-MM-dd}", leftOut);
        var slots = new List<Slot>(rows.Count);
        var sum = 0.0;
        foreach (var row in rows)
        {
            if (row.Number < 0 || row.Number >= grid.Count || row.Time != grid.TimeOf(row.Number)) return Refuse(Grid(row, grid), $"slot {row.Number} at {row.Time:HH:mm}");
            if (row.Accumulated is not { } accumulated || !double.IsFinite(accumulated)) return Refuse("no volume_accumulated", $"slot {row.Number}");
            if (accumulated < sum) return Refuse("volume_accumulated falls within the day", FormattableString.Invariant($"{accumulated} after {sum} at slot {row.Number}"));
            // A slot exists only where something traded.
            if (accumulated > sum) slots.Add(new((short)row.Number, accumulated - sum, accumulated, (int?)odd.Count("volume_slots.trades_count", row.Trades), odd.Positive("volume_slots.avg_price", row.AveragePrice)));
            sum = accumulated;
        }

        var day = slots.ToArray();
        return BarChecks.Of(day, grid) is [var breach, ..] ? Refuse($"{breach.Rule}, expected {breach.Expectation}", breach.Value) : new(symbol, date, day);

        SlotDay? Refuse(string why, string example)
        {
            leftOut.Add("slots", why, $"{name} {date:yyyy-MM-dd} ({example})", rows.Count);
            return null;
        }
    }

    public static (UniverseEntry Entry, TickerMetadata Metadata)? Ticker(DbDataReader row, DateOnly session, LegacyLeftOut leftOut)
    {
        if (Symbol(row.GetString(0), "tickers", leftOut) is not { } symbol) return null;
        var odd = new LegacyValues(symbol.Text, leftOut);
        var type = row.TextOrNull(3) is { Length: > 0 } given ? given : row.ValueOrNull<bool>(16) == true ? "ETF" : null;
        // Midnight UTC of the day stands for the day.
        var delisted = odd.Instant("delisted_utc", row.ValueOrNull<DateTimeOffset>(19)) is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : (DateOnly?)null;
        var created = Day(odd.Instant("created_at", row.ValueOrNull<DateTimeOffset>(17))) ?? session;
        var seen = Day(odd.Instant("last_seen", row.ValueOrNull<DateTimeOffset>(18))) ?? created;
        var entry = new UniverseEntry(symbol, odd.Active(row.ValueOrNull<bool>(15)) && delisted is null, type, row.TextOrNull(2), created < seen ? created : seen, seen, delisted);
        return (entry, new(symbol)
        {
            Name = row.TextOrNull(1),
            Exchange = row.TextOrNull(2),
            Type = type,
            Sector = row.TextOrNull(4),
            Industry = row.TextOrNull(5),
            MarketCap = odd.Positive("tickers_unified.market_cap", row.ValueOrNull<double>(6)),
            FloatShares = (long?)odd.Positive("tickers_unified.float_shares", row.ValueOrNull<long>(7)),
            SharesOutstanding = (long?)odd.Positive("tickers_unified.shares_outstanding", row.ValueOrNull<long>(8)),
            Description = row.TextOrNull(9),
            ListDate = odd.Day("list_date", row.ValueOrNull<DateOnly>(10), session),
            Cik = row.TextOrNull(11),
            CompositeFigi = row.TextOrNull(12),
            HomepageUrl = row.TextOrNull(13),
            TotalEmployees = odd.Count("tickers_unified.total_employees", row.ValueOrNull<long>(14)),
            // Their updated_at moves with every update of any column, so it does not say when the details came.
            LastAttemptAt = odd.Instant("updated_at", row.ValueOrNull<DateTimeOffset>(20)) ?? DateTimeOffset.UnixEpoch,
            LastError = NotAskedYet,
        });
    }

    private static DateOnly? Day(DateTimeOffset? at) => at is { } instant ? TradingCalendar.NewYorkDate(instant) : null;

    private static string Grid(LegacySlot row, SlotGrid grid)
    {
        var other = grid == SlotGrid.Extended ? SlotGrid.Regular : SlotGrid.Extended;
        return row.Number >= 0 && row.Number < other.Count && row.Time == other.TimeOf(row.Number)
            ? $"slots are numbered from {other.Start:HH:mm}, here from {grid.Start:HH:mm}; Slots:Session={other.Name} takes them"
            : $"slot_time is not the New York time of slot_number, which counts five-minute slots from {grid.Start:HH:mm}";
    }

    private static string Expectation(Breach breach) => breach.Rule is "bar.open_outside_range" or "bar.close_outside_range" ? "low to high" : breach.Rule == "bar.high_below_low" ? "high at least low" : breach.Expectation;

    private static Symbol? Symbol(string text, string what, LegacyLeftOut leftOut, int rows = 1)
    {
        if (Market.Symbol.IsValid(text)) return new(text);
        leftOut.Add(what, "no symbol", $"'{text}'", rows);
        return null;
    }
}
