using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Schedule;

/// <summary>Section <c>Plans</c>: when the service works by itself.</summary>
public sealed record PlansOptions
{
    /// <summary>PreMarket runs <c>nightly</c> at 03:00 New York; MarketClose runs <c>after_close</c> at 17:00 and <c>cache_clear</c> at 03:00. Both run <c>reconcile</c> at 11:30 and <c>cleanup</c> on Sundays at 03:00.</summary>
    public MaintenanceSchedule Schedule { get; init; } = MaintenanceSchedule.PreMarket;
    /// <summary>More plans by name. One named like a plan of the schedule changes that plan: what is not given stays as it is.</summary>
    public IReadOnlyDictionary<string, PlanOptions> Custom { get; init; } = new Dictionary<string, PlanOptions>();
}

public enum MaintenanceSchedule { PreMarket, MarketClose }

/// <summary>One plan by configuration. What is not given is that of the plan of the same name, else the default named here.</summary>
public sealed record PlanOptions
{
    /// <summary>False takes a plan of the schedule out of it.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>The New York time it is due.</summary>
    public TimeOnly? At { get; init; }
    /// <summary>Instead of a time, a distance from a market event: <c>close + 1h</c>, <c>open - 30m</c>; the events are pre_market, open, close and post_market_end of the day's session.</summary>
    public string? Relative { get; init; }
    /// <summary>The days it is due: Trading, Daily, or days of the week. Default Trading.</summary>
    public IReadOnlyList<PlanDay> Days { get; init; } = [];
    /// <summary>The tasks, by name.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];
    /// <summary>The session it processes: Newest that has closed by then, the one Previous to the day, or the Same day's. Default Newest.</summary>
    public ProcessedSession? Session { get; init; }
    /// <summary>How many sessions it processes, the newest of them as Session says. Default 1.</summary>
    [Range(1, 60)]
    public int? Sessions { get; init; }
    /// <summary>How long after its hour a missed run is started and failed tasks are tried again. Default 30m.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan? Window { get; init; }
    /// <summary>The New York time by which it has to be done: the first such time of a trading day after its hour. Default 04:00 for <c>nightly</c> and <c>after_close</c>, none for others.</summary>
    public TimeOnly? ReadyBy { get; init; }
}

/// <summary>Trading: days with a session. Daily: every day.</summary>
public enum PlanDay { Trading, Daily, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }

/// <summary>Which session a run is for, told by the New York day of its hour.</summary>
public enum ProcessedSession { Newest, Previous, Same }
