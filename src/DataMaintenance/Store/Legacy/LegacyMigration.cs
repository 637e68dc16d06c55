using Market;

namespace DataMaintenance.Store;

/// <summary>
/// Brings the rows of the Python service into a store, day by day, each day in the store's own transactions: stopped anywhere, the same call goes on.
/// A day that came from the provider is not touched; one that was brought before is written only if it differs. What is brought is
/// provisional, so the provider is asked again for the sessions it is still asked about.
/// </summary>
/// <param name="store">Null to read and judge everything and write nothing.</param>
public sealed class LegacyMigration(LegacyDatabase theirs, IStore? store, SlotGrid grid, TradingCalendar calendar, TimeProvider clock, IProgress<string> progress)
{
    public const string Source = "legacy";

    private readonly LegacyLeftOut leftOut = new();

    public async Task<LegacyResult> RunAsync(CancellationToken ct)
    {
        var daily = await DatasetAsync(Dataset.Daily, DayOfBarsAsync, ct);
        var slots = await DatasetAsync(Dataset.Slots, DayOfSlotsAsync, ct);
        var (universe, metadata) = await TickersAsync(ct);
        return new(theirs.Tables, daily, slots, universe, metadata, leftOut.Entries, leftOut.Values);
    }

    private async Task<LegacyDays> DatasetAsync(Dataset dataset, Func<DateOnly, LegacyDays, Coverage?, CancellationToken, Task<LegacyDays>> take, CancellationToken ct)
    {
        var dates = await theirs.DatesAsync(dataset, ct);
        var total = new LegacyDays();
        if (dates.Count == 0) return total;
        var newest = calendar.NewestEnded(clock.GetUtcNow());
        var held = store is null ? [] : (await store.DayCoverageAsync(dataset, dates[0].Date, dates[^1].Date, ct)).ToDictionary(c => c.Date);
        foreach (var (date, rows) in dates)
        {
            if (NoSession(date, newest) is { } why)
            {
                leftOut.Add(dataset == Dataset.Daily ? "bars" : "slots", why, $"{date:yyyy-MM-dd}", rows);
            }
            else if (held.TryGetValue(date, out var known) && known.Source != Source)
            {
                total = total with { Held = total.Held + 1 };
            }
            else
            {
                var before = total;
                total = await take(date, before, held.GetValueOrDefault(date), ct);
                if (total.Rows > before.Rows) total = total with { Oldest = before.Oldest ?? date, Newest = date };
            }
        }

        return total;
    }

    private async Task<LegacyDays> DayOfBarsAsync(DateOnly date, LegacyDays total, Coverage? held, CancellationToken ct)
    {
        var bars = await theirs.BarsAsync(date, leftOut, ct);
        if (bars.Count == 0) return total with { Refused = total.Refused + 1 };
        if (held is not null && await SameAsync(date, bars, ct)) return total with { Unchanged = total.Unchanged + 1, Rows = total.Rows + bars.Count };
        if (store is not null)
        {
            await store.SaveDailyAsync(date, bars, Source, clock.GetUtcNow(), final: false, ct);
            Verify(date, bars.Count, (await store.CountAsync(Dataset.Daily, date, date, ct)).GetValueOrDefault(date));
        }

        progress.Report($"{date:yyyy-MM-dd} {bars.Count:N0} bars");
        return total with { Brought = total.Brought + 1, Rows = total.Rows + bars.Count };
    }

    private async Task<LegacyDays> DayOfSlotsAsync(DateOnly date, LegacyDays total, Coverage? held, CancellationToken ct)
    {
        var days = await theirs.SlotsAsync(date, grid, leftOut, ct);
        if (days.Count == 0) return total with { Refused = total.Refused + 1 };
        var rows = days.Sum(d => (long)d.Slots.Length);
        if (held is not null && await SameAsync(date, days, ct)) return total with { Unchanged = total.Unchanged + 1, Rows = total.Rows + rows };
        if (store is not null)
        {
            // What is staged is a call of ours that was cut off, or replies of the provider, which are worth more.
            var staged = await store.StagedAsync(date, ct);
            var now = clock.GetUtcNow();
            await store.StageSlotsAsync(staged.Count == 0 ? days : [.. days.Where(d => !staged.Contains(d.Symbol))], Source, now, final: false, ct);
            var published = await store.PublishSlotsAsync(date, Source, now, final: false, ct);
            if (staged.Count == 0 && held is null) Verify(date, rows, published);
        }

        progress.Report($"{date:yyyy-MM-dd} {rows:N0} slots");
        return total with { Brought = total.Brought + 1, Rows = total.Rows + rows };
    }

    private async Task<(LegacySymbols Universe, LegacySymbols Metadata)> TickersAsync(CancellationToken ct)
    {
        var tickers = await theirs.TickersAsync(calendar.NewestEnded(clock.GetUtcNow()), leftOut, ct);
        var (known, described) = store is null ? ([], [])
            : ((await store.UniverseAsync(ct)).Select(e => e.Symbol).ToHashSet(), (await store.MetadataAsync(null, ct)).Select(m => m.Symbol).ToHashSet());
        UniverseEntry[] entries = [.. tickers.Select(t => t.Entry).Where(e => !known.Contains(e.Symbol))];
        TickerMetadata[] metadata = [.. tickers.Select(t => t.Metadata).Where(m => !described.Contains(m.Symbol))];
        if (store is not null && entries.Length > 0) await store.SaveUniverseAsync(entries, ct);
        if (store is not null && metadata.Length > 0) await store.SaveMetadataAsync(metadata, ct);
        if (entries.Length + metadata.Length > 0) progress.Report($"{entries.Length:N0} symbols of the universe, metadata of {metadata.Length:N0}");
        return (new(entries.Length, tickers.Count - entries.Length), new(metadata.Length, tickers.Count - metadata.Length));
    }

    private string? NoSession(DateOnly date, DateOnly newest) =>
        date < TradingCalendar.FirstDate || date > TradingCalendar.LastDate ? "outside the calendar"
        : !calendar.IsSession(date) ? "the exchange was closed"
        : date > newest ? "the session has not ended" : null;

    private async Task<bool> SameAsync(DateOnly date, IReadOnlyList<DailyBar> bars, CancellationToken ct)
    {
        var i = 0;
        await foreach (var held in store!.ReadDailyAsync(date, date, null, ct))
            if (i == bars.Count || bars[i++] is var bar && (bar.Vwap is null ? bar with { Vwap = held.Vwap } : bar) != held) return false;
        return i == bars.Count;
    }

    private async Task<bool> SameAsync(DateOnly date, IReadOnlyList<SlotDay> days, CancellationToken ct)
    {
        var i = 0;
        await foreach (var held in store!.ReadSlotsAsync(date, null, ct))
        {
            while (i < days.Count && days[i].Slots.Length == 0) i++;
            if (i == days.Count || days[i].Symbol != held.Symbol || !days[i].Slots.AsSpan().SequenceEqual(held.Slots)) return false;
            i++;
        }

        return days.Skip(i).All(d => d.Slots.Length == 0);
    }

    /// <exception cref="StoreException">The table does not hold what was written.</exception>
    private static void Verify(DateOnly date, long written, long counted)
    {
        if (written != counted) throw new StoreException($"{date:yyyy-MM-dd}: {written:N0} rows were written, {counted:N0} are in the table; run the same command again");
    }
}

/// <summary>Sessions of a dataset.</summary>
/// <param name="Oldest">Of those brought and unchanged, as is the newest; null when there are none.</param>
/// <param name="Brought">Written now (or, without a store, would be).</param>
/// <param name="Unchanged">Brought before, and the same.</param>
/// <param name="Held">In our store from the provider; not touched.</param>
/// <param name="Refused">Not one row of the day could be taken.</param>
/// <param name="Rows">Of those brought and unchanged.</param>
public sealed record LegacyDays(DateOnly? Oldest = null, DateOnly? Newest = null, int Brought = 0, int Unchanged = 0, int Held = 0, int Refused = 0, long Rows = 0);

/// <param name="Held">In our store already; not touched.</param>
public sealed record LegacySymbols(int Brought, int Held);

public sealed record LegacyResult(
    IReadOnlyList<LegacyTable> Tables, LegacyDays Daily, LegacyDays Slots, LegacySymbols Universe, LegacySymbols Metadata, IReadOnlyList<LegacyLeftOut.Entry> LeftOut,
    IReadOnlyList<LegacyLeftOut.Entry> Values)
{
    /// <summary>What of theirs has no place here, and why.</summary>
    public static IReadOnlyList<(string What, string Why)> NotTaken { get; } =
    [
        ("tickers_unified: avg_volume_30d, avg_volume_10d, avg_price_30d, beta, current_price", "computed from bars here, or of the moment"),
        ("tickers_unified: phone_number, address, logo_url, icon_url, share_class_figi, ticker_root, ticker_suffix, currency_name, locale, market, round_lot", "kept by no table here and published under no key"),
        ("tickers_unified: is_actively_trading, updated_at", "the provider's list decides who is active; updated_at moved with every update, so details are asked for again"),
    ];
}
