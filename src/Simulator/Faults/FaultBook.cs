using System.Globalization;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.Faults;

/// <summary>
/// The faults in force, and which of them strike a request. The choice hashes seed, fault, path and how often that path was
/// asked before, so a run can be repeated whatever the order in which its requests arrive.
/// </summary>
internal sealed class FaultBook(ulong seed)
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private readonly Dictionary<string, int> asked = new(StringComparer.Ordinal);
    private volatile bool any;

    internal IReadOnlyList<Fault> InForce
    {
        get
        {
            lock (gate) return [.. entries.Select(entry => entry.Fault)];
        }
    }

    internal void Add(Fault fault)
    {
        lock (gate)
        {
            entries.Add(new Entry { Fault = fault, Left = fault.Kind == FaultKinds.Throttle ? null : fault.Count });
            any = true;
        }
    }

    internal void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            asked.Clear();
            any = false;
        }
    }

    internal Fault[] Draw(Call call, string target)
    {
        if (!any) return [];
        lock (gate)
        {
            var turn = asked[target] = asked.GetValueOrDefault(target) + 1;
            var key = Hash.Of(Hash.Of(seed, target), (ulong)turn);
            var drawn = new List<Fault>();
            foreach (var entry in entries)
            {
                if (!Concerns(entry.Fault, call) || entry.Left == 0) continue;
                if (Hash.Unit(Hash.Of(Hash.Of(key, entry.Fault.Kind), entry.Fault.Route ?? "")) >= entry.Fault.Rate) continue;
                if (entry.Fault.Kind == FaultKinds.Throttle && entry.Allows(call.Now.Milliseconds)) continue;
                entry.Left--;
                drawn.Add(entry.Fault);
            }
            return [.. drawn];
        }
    }

    private static bool Concerns(Fault fault, Call call) =>
        (fault.Route is null || fault.Route == call.Route)
        && (fault.Symbol is null || fault.Symbol == call.Ticker)
        && (fault.Date is not { } date || call.Route == "range" || Array.IndexOf(call.Parts, date.ToString("O", CultureInfo.InvariantCulture)) >= 0);

    private sealed class Entry
    {
        private long windowStart = long.MinValue;
        private int used;

        internal required Fault Fault { get; init; }
        internal int? Left { get; set; }

        internal bool Allows(long now)
        {
            if (windowStart == long.MinValue || now - windowStart >= (Fault.Window ?? 60) * 1_000L) (windowStart, used) = (now, 0);
            return ++used <= (Fault.Count ?? 5);
        }
    }
}
