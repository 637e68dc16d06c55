namespace Market;

/// <summary>One symbol's bar of one minute, unadjusted; a minute without an eligible trade does not exist.</summary>
/// <param name="Start">The minute's start, UTC.</param>
public readonly record struct MinuteBar(
    Symbol Symbol, DateTimeOffset Start, double Open, double High, double Low, double Close, double Volume, long? Trades);
