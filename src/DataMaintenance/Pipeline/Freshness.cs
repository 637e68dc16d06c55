using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Which sessions of a dataset are due: never loaded, damaged, or fetched before the day was over.</summary>
public sealed class Freshness(IStore store, TradingCalendar calendar, ChecksOptions checks)
{
    /// <summary>Whether what is fetched at an instant can be the last word on a session: post-market and the delay are over.</summary>
    public bool IsFinal(DateOnly session, DateTimeOffset asOf, TimeSpan delay) => asOf >= FinalAt(session, delay);

    /// <summary>The instant from which on a session's figures count as final.</summary>
    public DateTimeOffset FinalAt(DateOnly session, TimeSpan delay) => calendar.Hours(session).PostMarketEnd + delay;

    /// <summary>The sessions that need work, with the reason in words; oldest first.</summary>
    /// <param name="counted">Rows in the table by session, where they were counted already.</param>
    public async Task<IReadOnlyList<Due>> DueAsync(Dataset dataset, IReadOnlyList<DateOnly> sessions, DateTimeOffset now, TimeSpan delay, bool force, CancellationToken ct, IReadOnlyDictionary<DateOnly, long>? counted = null)
    {
        if (sessions.Count == 0) return [];
        var coverage = (await store.DayCoverageAsync(dataset, sessions[0], sessions[^1], ct)).ToDictionary(c => c.Date);
        var rows = counted ?? await store.CountAsync(dataset, sessions[0], sessions[^1], ct);
        var due = new List<Due>();
        foreach (var session in sessions)
        {
            var known = coverage.GetValueOrDefault(session);
            var held = rows.GetValueOrDefault(session);
            if (known is null) due.Add(new(session, DueReason.Missing, held == 0 ? "never loaded" : $"{held:N0} rows without coverage"));
            else if (force) due.Add(new(session, DueReason.Forced, "forced"));
            else if (held != known.Rows) due.Add(new(session, DueReason.Short, $"the store holds {held:N0} of {known.Rows:N0} rows"));
            else if (!known.Final && IsFinal(session, now, delay)) due.Add(new(session, DueReason.Provisional, $"fetched {known.AsOf:u}, before its figures were final, or incomplete then"));
            else if (!known.Final && now > known.AsOf) due.Add(new(session, DueReason.Provisional, $"provisional as of {known.AsOf:u}"));
            else if (held < Least(dataset, session)) due.Add(new(session, DueReason.Torso, $"{held:N0} rows, at least {Least(dataset, session):N0} expected"));
        }

        return due;
    }

    private double Least(Dataset dataset, DateOnly session) =>
        (dataset == Dataset.Daily ? checks.MinDailySymbols : checks.MinSlotRows) * (calendar.IsHalfDay(session) ? Bounds.HalfDayShare : 1);
}

/// <summary>Torso: complete by its own account, and far below what any session has: what it was told by then was not the day.</summary>
public enum DueReason { Missing, Short, Provisional, Forced, Torso }

/// <param name="Why">For people.</param>
public sealed record Due(DateOnly Session, DueReason Reason, string Why);
