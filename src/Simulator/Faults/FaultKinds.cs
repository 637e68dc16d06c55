namespace Simulator.Faults;

/// <summary>Everything that can go wrong on request. A kind that is a number from 400 to 599 answers with that status.</summary>
public static class FaultKinds
{
    /// <summary>Waits <see cref="Fault.Latency"/> milliseconds before answering.</summary>
    public const string Latency = "latency";
    /// <summary>Sends the head and half the body, then nothing until the client gives up.</summary>
    public const string Stall = "stall";
    /// <summary>Resets the connection without an answer.</summary>
    public const string Reset = "reset";
    /// <summary>Ends the connection in the middle of the body.</summary>
    public const string Cut = "cut";
    /// <summary>200 with no body at all.</summary>
    public const string Empty = "empty";
    /// <summary>200 with JSON that ends in the middle, and a length that says it is all; a flat file that was cut in half before it was published.</summary>
    public const string Truncated = "truncated";
    /// <summary>200 with JSON of the wrong shape.</summary>
    public const string Absurd = "absurd";
    /// <summary>After <see cref="Fault.Count"/> calls in a window of <see cref="Fault.Window"/> seconds, 429 until it ends.</summary>
    public const string Throttle = "throttle";
    /// <summary>One symbol always fails with 500, whatever the route over it.</summary>
    public const string Poison = "poison";
    /// <summary>The newest session is not published until 11:00 New York on the day after; flat files come two days later.</summary>
    public const string Late = "late";
    /// <summary>Daily volume and trades are told too high until 10:00 New York on the day after.</summary>
    public const string Unsettled = "unsettled";
    /// <summary>Rows, or tickers in grouped, occur twice.</summary>
    public const string Duplicates = "duplicates";
    /// <summary>Rows in no order.</summary>
    public const string Unordered = "unordered";
    /// <summary>One row in eight is absent.</summary>
    public const string MissingRows = "missing-rows";
    /// <summary>The first half of the rows is absent.</summary>
    public const string HalfDay = "half-missing";
    /// <summary>No rows at all, with the envelope of an empty answer. With <see cref="Fault.Date"/>: that day's only.</summary>
    public const string MissingDay = "missing-day";
    /// <summary>No minute from 13:00 to 16:00 New York on half days.</summary>
    public const string NoAfterHours = "no-after-hours";
    /// <summary>Every volume is doubled.</summary>
    public const string DoubledVolume = "doubled-volume";
    /// <summary>Grouped rows with a binary ticker and a price of 1e11.</summary>
    public const string Corrupt = "corrupt";
    /// <summary>Every row carries the next day's stamp.</summary>
    public const string WrongDay = "wrong-day";
    /// <summary>next_url leads to the same page for ever.</summary>
    public const string Loop = "loop";
    /// <summary>next_url leads to a foreign host.</summary>
    public const string Foreign = "foreign";
    /// <summary>400 for valid dates: 'to' before 'from'.</summary>
    public const string ToBeforeFrom = "to-before-from";
    /// <summary>Splits of the last seven days are not listed yet.</summary>
    public const string LateSplits = "late-splits";
    /// <summary>One ticker in fifty is unknown to the reference list.</summary>
    public const string UnknownTickers = "unknown-tickers";
    /// <summary>Snapshots with zeros where nothing is set.</summary>
    public const string SnapshotZeros = "snapshot-zeros";

    /// <summary>Flat files hold too little volume in one row of four until 11:00 New York two days after, and are then replaced.</summary>
    public const string Reissued = "reissued";

    public static IReadOnlyList<string> All { get; } =
    [
        Latency, Stall, Reset, Cut, Empty, Truncated, Absurd, Throttle, Poison, Late, Unsettled, Duplicates, Unordered, MissingRows, HalfDay, MissingDay,
        NoAfterHours, DoubledVolume, Corrupt, WrongDay, Loop, Foreign, ToBeforeFrom, LateSplits, UnknownTickers, SnapshotZeros, Reissued,
    ];

    /// <summary>Kinds that are in the bytes of a flat file: while one is in force the file is another one, with an ETag of its own.</summary>
    internal static IReadOnlyList<string> InFiles { get; } =
        [MissingDay, HalfDay, MissingRows, NoAfterHours, Duplicates, Unordered, DoubledVolume, WrongDay, Truncated];

    /// <summary>The status a kind like <c>429</c> stands for; null for the others.</summary>
    internal static int? StatusOf(string kind) =>
        kind.Length == 3 && int.TryParse(kind, System.Globalization.CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599 ? status : null;
}
