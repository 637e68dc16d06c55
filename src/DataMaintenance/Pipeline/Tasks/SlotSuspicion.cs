using System.Collections.Concurrent;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Which replies cannot be the whole truth, judged against the daily bar of the same symbol and session: nothing at all where
/// it has a bar, little where millions did, rows refused for being of another day. They are kept, but not as final,
/// so that they are asked for again; and they are named.
/// </summary>
internal sealed class SlotSuspicion
{
    /// <summary>Daily shares from which a single session without any slot fails the task.</summary>
    public const double LeastTraded = 10_000;

    private const int MostThin = 3;

    private static readonly HashSet<string> LostRows = new(["slot.wrong_day", "slot.weekend", "slot.misaligned"], StringComparer.Ordinal);

    private readonly Dictionary<(DateOnly, Symbol), double> volumes = [];
    private readonly Dictionary<DateOnly, SlotLook> looks = [];
    private readonly ConcurrentDictionary<(DateOnly Session, Symbol Symbol), string> found = new();
    private readonly ConcurrentDictionary<(DateOnly Session, Symbol Symbol), double> absent = new();
    private readonly bool judgeShare;

    private SlotSuspicion(bool judgeShare) => this.judgeShare = judgeShare;

    /// <summary>Symbols a whole-market file has no row of, with the shares of their daily bar.</summary>
    public IReadOnlyDictionary<(DateOnly Session, Symbol Symbol), double> Absent => absent;

    /// <summary>Symbols with a daily bar in the session that traded at all.</summary>
    public IReadOnlyList<Symbol> Traded(DateOnly session) => [.. volumes.Keys.Where(k => k.Item1 == session).Select(k => k.Item2)];

    /// <summary>What was suspected, with the reason.</summary>
    public IReadOnlyDictionary<(DateOnly Session, Symbol Symbol), string> Found => found;

    /// <summary>What is made of each session meanwhile.</summary>
    public IEnumerable<SlotLook> Looks => looks.Values;

    public static async Task<SlotSuspicion> OfAsync(IStore store, TradingCalendar calendar, IEnumerable<DateOnly> sessions, SlotGrid grid, CancellationToken ct)
    {
        // The regular grid leaves out the auctions and the hours around, so its share of the day says little.
        var suspicion = new SlotSuspicion(grid == SlotGrid.Extended);
        var exchanges = await SlotChecks.ExchangesAsync(store, ct);
        foreach (var session in sessions)
        {
            var daily = new Dictionary<Symbol, DailyBar>();
            await foreach (var bar in store.ReadDailyAsync(session, session, null, ct))
            {
                daily[bar.Symbol] = bar;
                if (bar.Volume > 0) suspicion.volumes[(session, bar.Symbol)] = bar.Volume;
            }

            suspicion.looks[session] = SlotChecks.Begin(session, grid, calendar, daily, exchanges);
        }

        return suspicion;
    }

    /// <summary>Whether any session of a reply is suspected, and so the whole reply; remembered with the reason.</summary>
    public bool Suspects(SlotReply reply)
    {
        var suspected = false;
        foreach (var (session, slots) in reply.Days)
        {
            if (looks.TryGetValue(session, out var look)) look.Add(reply.Symbol, slots);
            if (Reason(reply, session, slots) is not { } reason) continue;
            found[(session, reply.Symbol)] = reason;
            suspected = true;
        }

        return suspected;
    }

    /// <summary>Whether what was found of a session is more than a few thin symbols whose only trades made no five-minute bar.</summary>
    public bool IsGrave(DateOnly session) =>
        found.Count(f => f.Key.Session == session && volumes.GetValueOrDefault(f.Key) < LeastTraded) > Math.Max(MostThin, volumes.Keys.Count(k => k.Item1 == session) / 200)
        || found.Keys.Any(k => k.Session == session && volumes.GetValueOrDefault(k) >= LeastTraded)
        || found.Any(f => f.Key.Session == session && f.Value.StartsWith("slot.", StringComparison.Ordinal));

    private string? Reason(SlotReply reply, DateOnly session, ReadOnlySpan<Slot> slots)
    {
        if (reply.Rejected.FirstOrDefault(r => LostRows.Contains(r.Rule)) is { } lost) return $"{lost.Rule}: {lost.Value}";
        if (!volumes.TryGetValue((session, reply.Symbol), out var volume)) return null;
        if (slots.IsEmpty)
        {
            // A file that lacks a symbol will lack it again; a reply to a question about one symbol may be a fault.
            if (!IsFile(reply.Source)) return $"no slot, {volume:N0} shares traded";
            if (volume >= LeastTraded) absent[(session, reply.Symbol)] = volume;
            return null;
        }

        var share = slots[^1].Accumulated / volume;
        return judgeShare && volume >= SlotLook.LiquidShares && (share is < SlotLook.LeastShare or > SlotLook.MostShare) ? $"slots hold {share:0.00} of {volume:N0} shares" : null;
    }

    private static bool IsFile(string source) => source is "directory:minute" or "massive:file";
}
