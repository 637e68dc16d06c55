namespace Market;

/// <summary>
/// <paramref name="From"/> old shares became <paramref name="To"/> new ones before the open of <paramref name="ExecutionDate"/>:
/// a bar of that day is already on the new basis. 4-for-1 is From 1, To 4; a reverse split has From above To. Factors may be fractional.
/// </summary>
public readonly record struct Split(Symbol Symbol, DateOnly ExecutionDate, double From, double To)
{
    /// <summary>What a price before <see cref="ExecutionDate"/> is multiplied by to be on the new basis.</summary>
    public double PriceFactor => From / To;
}
