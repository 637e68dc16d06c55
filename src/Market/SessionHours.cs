namespace Market;

/// <summary>The parts of a trading day. PreMarket 04:00–open, Open to the close, PostMarket to 20:00 (17:00 on half days), New York time.</summary>
public enum MarketPhase { Closed, PreMarket, Open, PostMarket }

/// <summary>The hours of one session, as instants (UTC). Each phase includes its start and excludes its end.</summary>
public readonly record struct SessionHours(
    DateOnly Date, DateTimeOffset PreMarket, DateTimeOffset Open, DateTimeOffset Close, DateTimeOffset PostMarketEnd, bool EarlyClose)
{
    /// <summary>The phase of this session at the instant; Closed before pre-market and after post-market.</summary>
    public MarketPhase PhaseAt(DateTimeOffset instant) =>
        instant < PreMarket ? MarketPhase.Closed
        : instant < Open ? MarketPhase.PreMarket
        : instant < Close ? MarketPhase.Open
        : instant < PostMarketEnd ? MarketPhase.PostMarket
        : MarketPhase.Closed;
}
