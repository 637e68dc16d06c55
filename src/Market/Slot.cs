namespace Market;

/// <summary>One five-minute slot of one symbol and session in which something traded; it exists only then.</summary>
/// <param name="Number">Position in the <see cref="SlotGrid"/>, from 0.</param>
/// <param name="Volume">Shares traded in the slot; may be fractional.</param>
/// <param name="Accumulated">Shares since the day's first slot, this one included.</param>
/// <param name="Trades">Number of trades; null where the source gives none.</param>
/// <param name="AveragePrice">Volume-weighted, USD; null where the source gives none.</param>
public readonly record struct Slot(short Number, double Volume, double Accumulated, int? Trades, double? AveragePrice);
