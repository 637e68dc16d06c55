namespace Simulator.Rest;

/// <summary>What a key has been sold.</summary>
public enum Plan
{
    /// <summary>Free: five calls a minute, end of day, two years, no snapshots.</summary>
    Basic,
    /// <summary>Fifteen minutes late, five years.</summary>
    Starter,
    /// <summary>Fifteen minutes late, ten years.</summary>
    Developer,
    /// <summary>Real time, all history.</summary>
    Advanced,
}

/// <summary>The limits behind the plans and the texts of their refusals.</summary>
internal static class Entitlement
{
    internal const string Endpoint = "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing";
    internal const string TimeFrame = "Your plan doesn't include this data timeframe. Please upgrade your plan at https://polygon.io/pricing";
    internal const string EndOfDay = "Attempted to request today's data before end of day. Please upgrade your plan at https://polygon.io/pricing";
    internal const string TooMany =
        "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue. https://polygon.io/pricing";

    internal const int BasicCallsPerMinute = 5;
    internal static readonly TimeSpan Delay = TimeSpan.FromMinutes(15);

    internal static bool IsDelayed(this Plan plan) => plan is Plan.Starter or Plan.Developer;

    /// <summary>The refusal of dates from <paramref name="first"/> to <paramref name="last"/>; null when the plan covers them.</summary>
    internal static string? Refuse(this Plan plan, DateOnly first, DateOnly last, DateOnly today)
    {
        var years = plan switch { Plan.Basic => 2, Plan.Starter => 5, Plan.Developer => 10, _ => 100 };
        if (first < today.AddYears(-years)) return TimeFrame;
        return plan == Plan.Basic && last >= today ? TimeFrame : null;
    }
}
