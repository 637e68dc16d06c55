using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>Facts and derived values of a range of sessions as CSV, from the store alone.</summary>
public sealed class Exports(IStore store, TradingCalendar calendar, ValuesOptions options, TimeProvider clock)
{
    /// <summary>Columns and, for Parquet, their types, by kind.</summary>
    private static readonly Dictionary<string, (string Column, string Type)[]> Columns = new(StringComparer.Ordinal)
    {
        ["daily"] = [("date", "DATE"), ("symbol", "VARCHAR"), ("open", "DOUBLE"), ("high", "DOUBLE"), ("low", "DOUBLE"), ("close", "DOUBLE"), ("volume", "DOUBLE"), ("vwap", "DOUBLE"), ("trades_count", "BIGINT")],
        ["slots"] = [("date", "DATE"), ("symbol", "VARCHAR"), ("slot_number", "SMALLINT"), ("slot_time", "TIME"), ("volume", "DOUBLE"), ("volume_accumulated", "DOUBLE"), ("trades_count", "INTEGER"), ("avg_price", "DOUBLE")],
        ["atr"] = [("date", "DATE"), ("symbol", "VARCHAR"), ("atr", "DOUBLE"), ("atr_percent", "DOUBLE")],
        ["rvol"] = [("date", "DATE"), ("symbol", "VARCHAR"), ("slot_number", "SMALLINT"), ("avg_volume", "DOUBLE")],
        ["avg-volume"] = [("date", "DATE"), ("symbol", "VARCHAR"), ("avg_volume_5d", "DOUBLE"), ("avg_volume_10d", "DOUBLE"), ("avg_volume_30d", "DOUBLE")],
        ["metadata"] =
        [
            ("symbol", "VARCHAR"), ("name", "VARCHAR"), ("exchange", "VARCHAR"), ("type", "VARCHAR"), ("sector", "VARCHAR"), ("industry", "VARCHAR"), ("sic_code", "VARCHAR"), ("market_cap", "DOUBLE"),
            ("float_shares", "BIGINT"), ("shares_outstanding", "BIGINT"), ("list_date", "DATE"), ("cik", "VARCHAR"), ("composite_figi", "VARCHAR"), ("homepage_url", "VARCHAR"), ("total_employees", "BIGINT"), ("description", "VARCHAR"),
        ],
    };

    public static IReadOnlyList<string> Kinds { get; } = [.. Columns.Keys];

    public static IReadOnlyList<(string Column, string Type)> Types(string kind) => Columns[kind];

    /// <summary>By date, then symbol (ordinal), then slot.</summary>
    /// <returns>Rows written, the header not counted.</returns>
    public async Task<long> WriteCsvAsync(ExportRequest request, Stream to, CancellationToken ct)
    {
        var csv = new CsvLines(to);
        foreach (var (column, _) in Columns[request.Kind]) csv.Text(column);
        await csv.EndAsync(ct);
        var adjustTo = request.AsOf ?? calendar.AboutToOpen(clock.GetUtcNow());
        await (request.Kind switch
        {
            "daily" => DailyAsync(request, adjustTo, csv, ct),
            "slots" => SlotsAsync(request, adjustTo, csv, ct),
            "metadata" => MetadataAsync(request, csv, ct),
            _ => DerivedAsync(request, adjustTo, csv, ct),
        });
        await csv.FlushAsync(ct);
        return csv.Lines - 1;
    }

    private async Task DailyAsync(ExportRequest request, DateOnly adjustTo, CsvLines csv, CancellationToken ct)
    {
        var adjustments = await AdjustmentsAsync(request, adjustTo, ct);
        await foreach (var raw in store.ReadDailyAsync(request.From ?? DateOnly.MinValue, request.To ?? DateOnly.MaxValue, request.Symbols, ct))
        {
            var bar = adjustments.TryGetValue(raw.Symbol, out var adjustment) ? adjustment.Apply(raw) : raw;
            csv.Date(bar.Date).Text(bar.Symbol.Text).Number(bar.Open).Number(bar.High).Number(bar.Low).Number(bar.Close).Number(bar.Volume).Number(bar.Vwap).Number(bar.Trades);
            await csv.EndAsync(ct);
        }
    }

    private async Task SlotsAsync(ExportRequest request, DateOnly adjustTo, CsvLines csv, CancellationToken ct)
    {
        var adjustments = await AdjustmentsAsync(request, adjustTo, ct);
        foreach (var session in await SessionsAsync(Dataset.Slots, request.From ?? DateOnly.MinValue, request.To ?? DateOnly.MaxValue, ct))
        {
            await foreach (var day in store.ReadSlotsAsync(session, request.Symbols, ct))
            {
                var adjustment = adjustments.GetValueOrDefault(day.Symbol);
                foreach (var raw in day.Slots)
                {
                    var slot = adjustment?.Apply(raw, session) ?? raw;
                    csv.Date(session).Text(day.Symbol.Text).Number(slot.Number).Time(options.Grid.TimeOf(slot.Number)).Number(slot.Volume).Number(slot.Accumulated).Number(slot.Trades).Number(slot.AveragePrice);
                    await csv.EndAsync(ct);
                }
            }
        }
    }

    private async Task DerivedAsync(ExportRequest request, DateOnly adjustTo, CsvLines csv, CancellationToken ct)
    {
        var (family, dataset) = request.Kind switch
        {
            "atr" => (Family.Atr, Dataset.Daily),
            "rvol" => (Family.Rvol, Dataset.Slots),
            _ => (Family.AverageVolume, Dataset.Daily),
        };
        var values = new DerivedValues(store, calendar, options);
        var sessions = await SessionsAsync(dataset, request.From ?? DateOnly.MinValue, request.To ?? DateOnly.MaxValue, ct);
        if (request.From is null && sessions.Count > 0) sessions = [sessions[^1]];
        foreach (var session in sessions)
        {
            foreach (var value in (await values.ComputeAsync(family, session, request.Symbols, ct, adjustTo)).Items) await WriteAsync(session, value, csv, ct);
        }
    }

    private static async Task WriteAsync(DateOnly session, IDerivedValue value, CsvLines csv, CancellationToken ct)
    {
        switch (value)
        {
            case AtrValue atr:
                csv.Date(session).Text(atr.Symbol.Text).Number(atr.Atr).Number(atr.AtrPercent);
                await csv.EndAsync(ct);
                break;
            case AverageVolumeValue average:
                csv.Date(session).Text(average.Symbol.Text).Number(average.Days5).Number(average.Days10).Number(average.Days30);
                await csv.EndAsync(ct);
                break;
            case RvolValue rvol:
                for (var slot = 0; slot < rvol.AverageVolume.Length; slot++)
                {
                    csv.Date(session).Text(rvol.Symbol.Text).Number(slot).Number(rvol.AverageVolume[slot]);
                    await csv.EndAsync(ct);
                }

                break;
        }
    }

    private async Task MetadataAsync(ExportRequest request, CsvLines csv, CancellationToken ct)
    {
        foreach (var m in await store.MetadataAsync(request.Symbols, ct))
        {
            csv.Text(m.Symbol.Text).Text(m.Name).Text(m.Exchange).Text(m.Type).Text(m.Sector).Text(m.Industry).Text(m.SicCode).Number(m.MarketCap).Number(m.FloatShares).Number(m.SharesOutstanding);
            if (m.ListDate is { } listed) csv.Date(listed);
            else csv.Text(null);
            csv.Text(m.Cik).Text(m.CompositeFigi).Text(m.HomepageUrl).Number(m.TotalEmployees).Text(m.Description);
            await csv.EndAsync(ct);
        }
    }

    private async Task<IReadOnlyList<DateOnly>> SessionsAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct) =>
        [.. (await store.DayCoverageAsync(dataset, from, to, ct)).Select(c => c.Date)];

    private async Task<IReadOnlyDictionary<Symbol, Adjustment>> AdjustmentsAsync(ExportRequest request, DateOnly adjustTo, CancellationToken ct) =>
        request.Raw ? new Dictionary<Symbol, Adjustment>() : Adjustment.BySymbol(
            (await store.SplitsAsync(ct)).Where(s => s.InForce).Select(s => s.Split), adjustTo, (await store.BoundariesAsync(ct)).Select(b => b.Boundary));
}
