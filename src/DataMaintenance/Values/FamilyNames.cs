namespace DataMaintenance.Values;

/// <summary>How families are spelled in Redis, in fingerprints and for people.</summary>
public static class FamilyNames
{
    /// <summary><c>universe</c>, <c>metadata</c>, <c>avg_volume</c>, <c>atr</c>, <c>rvol</c>.</summary>
    public static string Text(this Family family) => family switch
    {
        Family.Universe => "universe",
        Family.Metadata => "metadata",
        Family.AverageVolume => "avg_volume",
        Family.Atr => "atr",
        Family.Rvol => "rvol",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "not a family of derived values"),
    };
}
