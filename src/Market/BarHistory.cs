using System.Runtime.InteropServices;

namespace Market;

/// <summary>
/// The newest few bars of every symbol, session after session: what a new session is held against. Bars are as traded, not adjusted.
/// Not thread-safe.
/// </summary>
/// <param name="depth">Bars kept of a symbol, and sessions remembered.</param>
public sealed class BarHistory(int depth)
{
    private readonly Dictionary<Symbol, Past> pasts = new(13_000);
    private readonly List<DateOnly> sessions = [];

    /// <summary>Sessions taken, oldest first, at most the newest <c>depth</c>.</summary>
    public IReadOnlyList<DateOnly> Sessions => sessions;

    /// <summary>Every symbol with a bar so far, in no order.</summary>
    public IEnumerable<KeyValuePair<Symbol, Past>> All => pasts;

    public Past? Of(Symbol symbol) => pasts.GetValueOrDefault(symbol);

    /// <summary>Takes a session's bars, which must be newer than what was taken before.</summary>
    public void Take(DateOnly session, IEnumerable<DailyBar> bars)
    {
        Begin(session);
        foreach (var bar in bars) Add(bar);
    }

    /// <summary>Takes one bar of the newest session, or of a newer one. Bars come session by session.</summary>
    public void Add(in DailyBar bar)
    {
        if (sessions.Count == 0 || bar.Date > sessions[^1]) Begin(bar.Date);
        ref var past = ref CollectionsMarshal.GetValueRefOrAddDefault(pasts, bar.Symbol, out _);
        (past ??= new Past(depth)).Add(bar);
    }

    /// <summary>Whether the symbol has a bar in each of the newest <paramref name="count"/> sessions.</summary>
    public bool InEachOf(Past past, int count) => sessions.Count >= count && past.Count >= count && past[count - 1].Date == sessions[^count];

    private void Begin(DateOnly session)
    {
        if (sessions.Count > 0 && session <= sessions[^1]) throw new ArgumentException($"The session {session:O} is not newer than {sessions[^1]:O}.", nameof(session));
        sessions.Add(session);
        if (sessions.Count > depth) sessions.RemoveAt(0);
    }

    /// <summary>One symbol's newest bars.</summary>
    public sealed class Past(int depth)
    {
        private readonly DailyBar[] ring = new DailyBar[depth];
        private int next;

        public int Count { get; private set; }

        /// <summary>0 is the newest.</summary>
        public ref readonly DailyBar this[int back] => ref ring[(next - 1 - back + (2 * ring.Length)) % ring.Length];

        /// <summary>Median over the bars kept, of what <paramref name="number"/> takes from each; 0 without a bar.</summary>
        public double Median(Func<DailyBar, double> number)
        {
            Span<double> values = stackalloc double[Count];
            for (var i = 0; i < Count; i++) values[i] = number(this[i]);
            values.Sort();
            return Count == 0 ? 0 : Count % 2 == 1 ? values[Count / 2] : (values[(Count / 2) - 1] + values[Count / 2]) / 2;
        }

        internal void Add(in DailyBar bar)
        {
            ring[next] = bar;
            next = (next + 1) % ring.Length;
            if (Count < ring.Length) Count++;
        }
    }
}
