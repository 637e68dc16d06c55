using DataMaintenance.Provider;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Whether two descriptions of a ticker are of one security.</summary>
internal enum TickerIdentity
{
    Same,
    /// <summary>One of two known identifiers is the same: a company that reorganised, or a new paper of the same company. Its series goes on.</summary>
    Reorganised,
    /// <summary>FIGI and CIK are both known, and both others.</summary>
    Another,
    /// <summary>One identifier is another, the other is not known on both sides: the bars must say.</summary>
    Unsure,
}

/// <param name="CompositeFigi">Null when not known, which is common.</param>
internal sealed record Bearer(string? CompositeFigi, string? Cik)
{
    public static Bearer Of(Ticker ticker) => new(ticker.CompositeFigi, ticker.Cik);
    public static Bearer Of(TickerMetadata known) => new(known.CompositeFigi, known.Cik);

    public TickerIdentity Compared(Bearer other) => (Differs(CompositeFigi, other.CompositeFigi), Differs(Cik, other.Cik)) switch
    {
        (true, true) => TickerIdentity.Another,
        (true, false) or (false, true) => TickerIdentity.Reorganised,
        (true, null) or (null, true) => TickerIdentity.Unsure,
        _ => TickerIdentity.Same,
    };

    public override string ToString() => $"FIGI {CompositeFigi ?? "unknown"}, CIK {Cik ?? "unknown"}";

    private static bool? Differs(string? one, string? other) => one is null || other is null ? null : one != other;
}
