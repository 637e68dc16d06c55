using System.Globalization;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Tests.Values;

/// <summary>
/// The facts of a small market in plain lists, changed by chance together with the store, and what each value's inputs are by definition:
/// for ATR 15 bars, for average volumes the bars of the longest mean there is, for RVOL the slots of five traded sessions of ten, and the splits after the oldest of them.
/// </summary>
internal sealed class FactsModel
{
    private static readonly DateTimeOffset Seen = new(2025, 2, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly IReadOnlyList<DateOnly> sessions = TradingCalendar.Nyse.LastSessions(50, new(2025, 1, 31));
    private readonly Dictionary<DateOnly, Dictionary<Symbol, DailyBar>> bars = [];
    private readonly Dictionary<DateOnly, Dictionary<Symbol, Slot[]>> slots = [];
    private readonly List<StoredSplit> splits = [];
    private readonly Symbol[] symbols = [.. Enumerable.Range(0, 14).Select(i => new Symbol($"S{i:00}"))];
    private int saves;

    public DateOnly AsOf => sessions[^1];

    public static async Task<FactsModel> FillAsync(ValuesWorld world, Random random)
    {
        var model = new FactsModel();
        foreach (var (session, at) in model.sessions.Select((s, i) => (s, i)))
        {
            // From one that trades daily to one that trades now and then, one that came lately and one that left.
            var traded = model.symbols.Where((_, i) => (i != 12 || at > 42) && (i != 13 || at < 15) && random.Next(14) >= i - 1).ToArray();
            model.bars[session] = traded.ToDictionary(s => s, s => ValuesWorld.Bar(s.Text, session, 11 + random.NextDouble(), 9 + random.NextDouble(), 10 + random.NextDouble(), random.Next(1, 9_999)));
            await model.SaveBarsAsync(world, session);
            if (at < model.sessions.Count - 14) continue;
            model.slots[session] = traded.ToDictionary(s => s, s => ValuesWorld.Day(s.Text, session, (random.Next(50), random.Next(1, 500)), (random.Next(50, 192), random.Next(1, 500))).Slots);
            await model.SaveSlotsAsync(world, session, traded);
        }

        return model;
    }

    /// <summary>One small change, in the model and in the store.</summary>
    /// <returns>What was done, for the message of a failed assertion.</returns>
    public async Task<string> ChangeAsync(ValuesWorld world, Random random)
    {
        // Mostly where values reach, sometimes where none does.
        var (symbol, session) = (symbols[random.Next(symbols.Length)], sessions[^(1 + random.Next(random.Next(5) == 0 ? sessions.Count : 16))]);
        switch (random.Next(10))
        {
            case 0:
                await SaveBarsAsync(world, session);
                return $"{session} of bars saved again as it was";
            case 1:
                var lateSession = slots.Keys.ElementAt(random.Next(slots.Count));
                await SaveSlotsAsync(world, lateSession, [.. slots[lateSession].Keys]);
                return $"{lateSession} of slots saved again as it was";
            case 2:
                if (!bars[session].Remove(symbol)) bars[session][symbol] = ValuesWorld.Bar(symbol.Text, session, 12, 8, 10);
                await SaveBarsAsync(world, session);
                return $"bar of {symbol} {session} came or went";
            case 3 or 4 when bars[session].TryGetValue(symbol, out var bar):
                var field = random.Next(6);
                bars[session][symbol] = field switch
                {
                    0 => bar with { High = bar.High + 1 },
                    1 => bar with { Low = bar.Low / 2 },
                    2 => bar with { Close = bar.Close + 0.25 },
                    3 => bar with { Volume = bar.Volume + 1 },
                    4 => bar with { Open = bar.Open + 0.5 },
                    _ => bar with { Vwap = (bar.Vwap ?? 10) + 1, Trades = (bar.Trades ?? 0) + 1 },
                };
                await SaveBarsAsync(world, session);
                return $"field {field} of the bar of {symbol} {session}";
            case 5 or 6:
                var late = slots.Keys.ElementAt(random.Next(slots.Count));
                slots[late][symbol] = slots[late].GetValueOrDefault(symbol) is { Length: > 0 } had && random.Next(4) > 0
                    ? random.Next(3) == 0 ? [.. had.Select(s => s with { Trades = (s.Trades ?? 0) + 1, AveragePrice = 10 })] : [had[0] with { Volume = had[0].Volume + 1 }, .. had[1..]]
                    : random.Next(2) == 0 ? [] : [new(7, 70, 70, null, null)];
                await SaveSlotsAsync(world, late, [symbol]);
                return $"slots of {symbol} {late}";
            case 7 when splits.Count > 0:
                var at = random.Next(splits.Count);
                splits[at] = random.Next(2) == 0 ? splits[at] with { Withdrawn = !splits[at].Withdrawn } : splits[at] with { Quarantined = !splits[at].Quarantined };
                await world.SplitsAsync([.. splits]);
                return $"listing of {splits[at].Split}";
            default:
                var split = new Split(symbol, session.AddDays(random.Next(-200, 5)), 1, random.Next(2, 9));
                if (splits.All(s => s.Split != split)) splits.Add(new(split, null, Seen, Seen, false, false));
                await world.SplitsAsync([.. splits]);
                return $"new {split}";
        }
    }

    /// <summary>By family and symbol, everything its value is computed from, as text; those without a value are absent.</summary>
    public Dictionary<Family, SortedDictionary<Symbol, string>> Inputs()
    {
        var inputs = new Dictionary<Family, SortedDictionary<Symbol, string>> { [Family.Atr] = [], [Family.AverageVolume] = [], [Family.Rvol] = [] };
        foreach (var symbol in symbols)
        {
            var own = sessions.Where(s => bars[s].ContainsKey(symbol)).Select(s => bars[s][symbol]).ToArray();
            var sells = sessions.TakeLast(10).Where(s => slots[s].GetValueOrDefault(symbol) is { Length: > 0 }).TakeLast(5).ToArray();
            if (sells.Length > 0)
                inputs[Family.Rvol][symbol] = Text(sells.SelectMany(s => slots[s][symbol].Select(slot => $"{s} {slot.Number} {slot.Volume:R}"))) + Adjusting(symbol, sells[0]);
            if (own.Length == 0 || own[^1].Date < sessions[^30]) continue;
            if (own.Length >= 15)
                inputs[Family.Atr][symbol] = Text(own[^15..].Select((b, i) => i == 0 ? $"{b.Date} {b.Close:R}" : $"{b.Date} {b.High:R} {b.Low:R} {b.Close:R}")) + Adjusting(symbol, own[^15].Date);
            var mean = new[] { 30, 10, 5, 0 }.First(m => own.Length >= m);
            if (mean > 0) inputs[Family.AverageVolume][symbol] = Text(own[^mean..].Select(b => $"{b.Date} {b.Volume:R}")) + Adjusting(symbol, own[^mean].Date);
        }

        return inputs;
    }

    private string Adjusting(Symbol symbol, DateOnly oldest) => " after " + Text(splits
        .Where(s => s.InForce && s.Split.Symbol == symbol && s.Split.ExecutionDate > oldest && s.Split.ExecutionDate <= TradingCalendar.Nyse.NextSession(AsOf))
        .Select(s => $"{s.Split.ExecutionDate} {s.Split.From:R} {s.Split.To:R}").Order(StringComparer.Ordinal));

    private static string Text(IEnumerable<FormattableString> lines) => Text(lines.Select(l => l.ToString(CultureInfo.InvariantCulture)));

    private static string Text(IEnumerable<string> lines) => string.Join("; ", lines);

    private Task SaveBarsAsync(ValuesWorld world, DateOnly session) =>
        world.Store.SaveDailyAsync(session, [.. bars[session].Values.OrderBy(b => b.Symbol)], "test", Seen.AddSeconds(++saves), true, ValuesWorld.Ct);

    private async Task SaveSlotsAsync(ValuesWorld world, DateOnly session, Symbol[] of)
    {
        var at = Seen.AddSeconds(++saves);
        await world.Store.StageSlotsAsync([.. of.Select(s => new SlotDay(s, session, Accumulated(slots[session][s])))], "test", at, true, ValuesWorld.Ct);
        await world.Store.PublishSlotsAsync(session, "test", at, true, ValuesWorld.Ct);
    }

    private static Slot[] Accumulated(Slot[] slots)
    {
        var sum = 0.0;
        return [.. slots.Select(s => s with { Accumulated = sum += s.Volume })];
    }
}
