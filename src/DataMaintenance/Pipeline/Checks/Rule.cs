using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>What an open finding of a rule holds back in Redis: the symbol's values of these families stay as they were before.</summary>
public enum Blocks
{
    Nothing,
    /// <summary>ATR and average volumes.</summary>
    Daily,
    /// <summary>RVOL baselines.</summary>
    Slots,
}

/// <summary>One thing that is checked on every load; <c>docs/truth.md</c> has them as a table.</summary>
/// <param name="Name">As findings name it: area and rule.</param>
/// <param name="Looks">What it looks at.</param>
/// <param name="Why">Why it is so, and where its bounds are from.</param>
/// <param name="OfDay">Whether it concerns the whole session; what it blocks is then not computed from that session while it is the newest.</param>
public sealed record Rule(string Name, Severity Severity, string Looks, string Why, Blocks Blocks = Blocks.Nothing, bool OfDay = false)
{
    public Breach Breach(string value, string expectation) => new(Name, Severity, value, expectation);
}
