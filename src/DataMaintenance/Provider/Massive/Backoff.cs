namespace DataMaintenance.Provider.Massive;

/// <summary>How long to wait before the next attempt.</summary>
internal sealed class Backoff(ProviderOptions options, TimeProvider clock)
{
    /// <summary>Fixed, so that a run can be repeated; lanes still spread, because they take turns at it.</summary>
    private const int Seed = 20_100_104;

    private readonly Lock gate = new();
    private readonly Random random = new(Seed);

    /// <summary>
    /// <see cref="ProviderOptions.RetryDelay"/> doubled per attempt, times 0.5 to 1.5; a longer Retry-After wins. A second 429 without
    /// one, in words about calls per minute, waits for the rest of the minute (the first may be a passing one, and a minute is long).
    /// Never above <see cref="ProviderOptions.MaxRetryDelay"/>.
    /// </summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public TimeSpan After(int attempt, ProviderException refused)
    {
        var usual = options.RetryDelay * Math.Pow(2, attempt - 1) * (0.5 + Jitter());
        var asked = refused.RetryAfter ?? (attempt > 1 && SpeaksOfMinutes(refused) ? RestOfMinute() : TimeSpan.Zero);
        var longer = asked > usual ? asked : usual;
        return longer < options.MaxRetryDelay ? longer : options.MaxRetryDelay;
    }

    private static bool SpeaksOfMinutes(ProviderException refused) =>
        refused.Fault == ProviderFault.Throttled && refused.Message.Contains("per minute", StringComparison.OrdinalIgnoreCase);

    private TimeSpan RestOfMinute() => TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (clock.GetUtcNow().Ticks % TimeSpan.TicksPerMinute));

    private double Jitter()
    {
        lock (gate) return random.NextDouble();
    }
}
