using DataMaintenance.Store;

namespace DataMaintenance.Values;

/// <summary>Counts rows session by session as they stream by, in date order, against the day rows of coverage.</summary>
internal sealed class RowCount(Dataset dataset, IReadOnlyList<Coverage> days)
{
    private int next;
    private DateOnly session;
    private long rows;

    /// <exception cref="InputsShortException">The session just left, or one passed over, had other rows.</exception>
    public void Add(DateOnly date, long count)
    {
        if (date != session)
        {
            Leave();
            // Coverage of sessions before this one that had no row at all: right only if it counted none.
            while (next < days.Count && days[next].Date < date) Expect(days[next++], 0);
            (session, rows) = (date, 0);
        }

        rows += count;
    }

    public void End()
    {
        Leave();
        while (next < days.Count) Expect(days[next++], 0);
    }

    /// <summary>The same for counts taken in one go.</summary>
    public void Check(IReadOnlyDictionary<DateOnly, long> counts)
    {
        foreach (var (date, count) in counts.OrderBy(c => c.Key)) Add(date, count);
        End();
    }

    private void Leave()
    {
        if (rows == 0) return;
        if (next == days.Count || days[next].Date != session) throw new InputsShortException(dataset, session, 0, rows);
        Expect(days[next++], rows);
        rows = 0;
    }

    private void Expect(Coverage day, long found)
    {
        if (day.Rows != found) throw new InputsShortException(dataset, day.Date, day.Rows, found);
    }
}
