using System.Text.Json.Serialization;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>Why one symbol's values are what they are: every input with its source, every intermediate number. From the store alone, so the same anywhere.</summary>
/// <param name="Date">The session the values are as of.</param>
/// <param name="AdjustedTo">Splits executed on or before this day adjust.</param>
/// <param name="Metadata">As published; null when nothing is known.</param>
/// <param name="Splits">The symbol's splits that adjust.</param>
/// <param name="Boundary">Where the ticker passed from another security to this one; null when that is not known to have happened.</param>
/// <param name="Inputs">What each value was computed from, and whether the published one was computed from the same.</param>
public sealed record ExplainAnswer(
    string Symbol, DateOnly Date, DateOnly AdjustedTo, MetadataShape? Metadata, IReadOnlyList<SplitAnswer> Splits, AtrAnswer Atr, AverageVolumeAnswer AvgVolume, RvolAnswer Rvol,
    BoundaryAnswer? Boundary, IReadOnlyList<InputsAnswer> Inputs)
{
    /// <summary>What the provider told otherwise later of the bars and slots here, newest first.</summary>
    public IReadOnlyList<RevisionAnswer> Revisions { get; init; } = [];

    public static ExplainAnswer Of(Explanation e, ValuesOptions options) => new(
        e.Symbol.Text, e.AsOf, e.AdjustTo, e.Metadata is null ? null : MetadataShape.Of(e.Metadata), [.. e.Splits.Select(SplitAnswer.Of)],
        AtrAnswer.Of(e, options),
        new(e.AverageVolume?.Days5, e.AverageVolume?.Days10, e.AverageVolume?.Days30, e.Bars.Count, e.Fingerprints[Family.AverageVolume]),
        RvolAnswer.Of(e, options),
        e.Boundary is { } b ? new(b.Boundary.FirstDate, b.Evidence, b.FoundAt) : null,
        [.. e.Inputs.Select(InputsAnswer.Of)]);
}

/// <param name="FirstDate">What is older was traded by a former bearer of the ticker, and is no input.</param>
/// <param name="Evidence">Why it is believed, in words.</param>
public sealed record BoundaryAnswer(DateOnly FirstDate, string Evidence, DateTimeOffset FoundAt);

/// <param name="Family">atr, avg_volume or rvol.</param>
/// <param name="Fingerprint">Of this symbol's inputs; null without a value.</param>
/// <param name="PublishedFingerprint">Of the inputs of the value published last; null when none was.</param>
/// <param name="Stale">Whether the published value came from other inputs; null when the published one is of another session.</param>
/// <param name="Formula">Version of the formula.</param>
/// <param name="Sessions">Whose rows went in, oldest first.</param>
/// <param name="Splits">That adjust any of them.</param>
public sealed record InputsAnswer(
    string Family, string? Fingerprint, string? PublishedFingerprint, bool? Stale, int Formula, string Options, IReadOnlyList<DateOnly> Sessions, IReadOnlyList<SplitAnswer> Splits)
{
    public static InputsAnswer Of(ValueInputs i) => new(
        i.Family.Text(), Text(i.Print), Text(i.Published), i.Stale, i.Formula, i.Options, i.Sessions, [.. i.Splits.Select(SplitAnswer.Of)]);

    private static string? Text(ulong? print) => print is { } known ? Print.Text(known) : null;
}

/// <param name="SplitFrom">Old shares.</param>
/// <param name="SplitTo">New shares they became.</param>
/// <param name="PriceFactor">What prices before it are multiplied by.</param>
public sealed record SplitAnswer(DateOnly ExecutionDate, double SplitFrom, double SplitTo, double PriceFactor)
{
    public static SplitAnswer Of(Split s) => new(s.ExecutionDate, s.From, s.To, s.PriceFactor);
}

/// <param name="Atr">USD per share; null with too few bars.</param>
/// <param name="AtrPercent">Of the last close.</param>
/// <param name="Period">True ranges averaged.</param>
/// <param name="Smoothing">mean or wilder.</param>
/// <param name="BarsNeeded">Bars below which there is no value.</param>
/// <param name="Fingerprint">Of the inputs of the whole family, as published.</param>
/// <param name="Bars">Oldest first; those further back than the ATR reaches are there for the average volumes.</param>
public sealed record AtrAnswer(double? Atr, double? AtrPercent, int Period, string Smoothing, int BarsNeeded, string Fingerprint, IReadOnlyList<ExplainedBarAnswer> Bars)
{
    public static AtrAnswer Of(Explanation e, ValuesOptions options) => new(
        e.Atr?.Atr, e.Atr?.AtrPercent, options.AtrPeriod, options.AtrSmoothing.ToString().ToLowerInvariant(), options.AtrPeriod + 1, e.Fingerprints[Family.Atr],
        [.. e.Bars.Select(b => ExplainedBarAnswer.Of(b, e.Atr is not null))]);
}

/// <summary>A bar on the split basis of the day adjusted to, and what it was before.</summary>
/// <param name="PriceFactor">What the prices as fetched were multiplied by; volumes were divided by it.</param>
/// <param name="RawClose">The close as fetched.</param>
/// <param name="RawVolume">The volume as fetched.</param>
/// <param name="TrueRange">USD per share; null for the oldest bar.</param>
/// <param name="InAtr">Whether the ATR is computed from it.</param>
/// <param name="Source">Who gave it; null when not known.</param>
/// <param name="AsOf">When it was fetched.</param>
/// <param name="Final">Whether it was fetched after its figures were final.</param>
public sealed record ExplainedBarAnswer(
    DateOnly Date, double Open, double High, double Low, double Close, double Volume, double PriceFactor, double RawClose, double RawVolume, double? TrueRange, bool InAtr,
    string? Source, DateTimeOffset? AsOf, bool? Final)
{
    public static ExplainedBarAnswer Of(ExplainedBar b, bool hasAtr) => new(
        b.Raw.Date, b.Adjusted.Open, b.Adjusted.High, b.Adjusted.Low, b.Adjusted.Close, b.Adjusted.Volume, b.PriceFactor, b.Raw.Close, b.Raw.Volume, b.TrueRange, b.InAtr && hasAtr,
        b.Coverage?.Source, b.Coverage?.AsOf, b.Coverage?.Final);
}

/// <summary>Mean volumes, shares, not rounded; null below that many bars.</summary>
public sealed record AverageVolumeAnswer(
    [property: JsonPropertyName("avg_volume_5d")] double? Days5, [property: JsonPropertyName("avg_volume_10d")] double? Days10, [property: JsonPropertyName("avg_volume_30d")] double? Days30,
    int Bars, string Fingerprint);

/// <param name="SessionsWanted">Traded sessions averaged, when there are as many.</param>
/// <param name="LookbackSessions">Sessions searched for them.</param>
/// <param name="Grid">Extended or Regular.</param>
/// <param name="FirstSlot">New York time at which slot 0 starts.</param>
/// <param name="Baseline">Mean cumulative volume at the end of each slot, shares, not rounded; null without a session.</param>
/// <param name="Sessions">Those averaged, oldest first.</param>
public sealed record RvolAnswer(
    int SessionsWanted, int LookbackSessions, string Grid, TimeOnly FirstSlot, string Fingerprint, IReadOnlyList<double>? Baseline, IReadOnlyList<ExplainedSessionAnswer> Sessions)
{
    public static RvolAnswer Of(Explanation e, ValuesOptions options) => new(
        options.RvolSessions, options.RvolLookbackSessions, options.Grid.Name, options.Grid.Start, e.Fingerprints[Family.Rvol], e.Rvol?.AverageVolume,
        [.. e.Sessions.Select(ExplainedSessionAnswer.Of)]);
}

/// <param name="VolumeFactor">What the session's volumes as fetched were multiplied by.</param>
/// <param name="Slots">How many had a trade.</param>
/// <param name="Volume">Of the whole session, adjusted, shares.</param>
/// <param name="Cumulative">Adjusted volume at the end of every slot, shares.</param>
public sealed record ExplainedSessionAnswer(
    DateOnly Date, double VolumeFactor, int Slots, double Volume, IReadOnlyList<double> Cumulative, string? Source, DateTimeOffset? AsOf, bool? Final)
{
    public static ExplainedSessionAnswer Of(ExplainedSession s) => new(
        s.Date, s.VolumeFactor, s.Slots.Count, s.Cumulative.Count > 0 ? s.Cumulative[^1] : 0, s.Cumulative, s.Coverage?.Source, s.Coverage?.AsOf, s.Coverage?.Final);
}
