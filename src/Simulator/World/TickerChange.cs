namespace Simulator.World;

/// <summary>A ticker's bearer leaves it: delisted, or renamed; the ticker may then pass to another company.</summary>
/// <param name="Ticker">Listed on the day before <paramref name="Ends"/>.</param>
/// <param name="Ends">First day on which its bearer no longer trades under it.</param>
/// <param name="NextTicker">What the same security is called from that day on; null when it is delisted. It must be free by then.</param>
/// <param name="Reused">First day of another company under the ticker; null when nobody takes it.</param>
public sealed record TickerChange(string Ticker, DateOnly Ends, string? NextTicker = null, DateOnly? Reused = null);
