namespace Market;

/// <summary>
/// One symbol's bar of one session. Open, high, low and close are USD per share of the regular session; volume is shares of
/// the whole day, pre- and post-market included, and may be fractional. Unadjusted unless the member that returns it says otherwise.
/// </summary>
/// <param name="Date">The session, a New York date.</param>
/// <param name="Vwap">Volume-weighted average price in USD; null where the source gives none.</param>
/// <param name="Trades">Number of trades; null where the source gives none.</param>
public readonly record struct DailyBar(
    Symbol Symbol, DateOnly Date, double Open, double High, double Low, double Close, double Volume, double? Vwap, long? Trades)
{
    public HighLowClose HighLowClose => new(High, Low, Close);
}
