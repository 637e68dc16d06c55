using DataMaintenance.Store;

namespace DataMaintenance.Api;

// The shapes of answers that are built as JSON trees, for the OpenAPI document; a test holds live answers against them.

/// <param name="Status">ok, or no_maintenance_run_yet.</param>
/// <param name="LastMaintenance">The newest session whose full run ended.</param>
/// <param name="Details">The state document, as in maintenance:status:{date}; null before the first run.</param>
public sealed record StatusShape(string Status, DateOnly? LastMaintenance, StateShape? Details);

/// <param name="Date">The session processed.</param>
/// <param name="CompletedAt">Absent while it goes on.</param>
/// <param name="DurationSeconds">Absent while it goes on.</param>
/// <param name="Tasks">State by task: pending, in_progress, completed, failed, skipped.</param>
/// <param name="Results">By task: its counts by name, and these.</param>
public sealed record StateShape(
    DateOnly Date, string Plan, string Trigger, long RunId, DateTimeOffset StartedAt, bool AllSuccess, IReadOnlyDictionary<string, string> Tasks, IReadOnlyDictionary<string, IReadOnlyDictionary<string, object>> Results,
    DateTimeOffset? CompletedAt = null, double? DurationSeconds = null);

/// <param name="Full">All tasks of the plan, not a selection.</param>
/// <param name="State">in_progress, completed, failed, cancelled, or cut_off when the process died.</param>
/// <param name="Failed">The tasks that failed.</param>
/// <param name="Completed">How many succeeded.</param>
/// <param name="Total">Of how many.</param>
public sealed record RunShape(
    long RunId, DateOnly Date, string Plan, string Trigger, bool Full, string State, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt, double? DurationSeconds, bool? Success, string Instance, long Epoch,
    int Completed, IReadOnlyList<string> Failed, int Total, string? Cancelled = null);

/// <param name="Full">All tasks of the plan, not a selection.</param>
/// <param name="State">in_progress, completed, failed, cancelled, or cut_off when the process died.</param>
/// <param name="Cancelled">By whom and why, when it was.</param>
public sealed record RunWithTasksShape(
    long RunId, DateOnly Date, string Plan, string Trigger, bool Full, string State, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt, double? DurationSeconds, bool? Success, string Instance, long Epoch,
    IReadOnlyList<TaskShape> Tasks, string? Cancelled = null);

/// <param name="State">pending, in_progress, completed, failed, skipped.</param>
/// <param name="Counts">What it counted afterwards in the store or in Redis.</param>
/// <param name="Checks">One line a check.</param>
public sealed record TaskShape(
    string Task, string State, int? Attempt = null, DateTimeOffset? StartedAt = null, double? Seconds = null, IReadOnlyDictionary<string, double>? Counts = null, IReadOnlyList<string>? Checks = null, string? Error = null);

/// <param name="Status">triggered.</param>
public sealed record StartedShape(string Status, string Message, DateOnly TargetDate, long RunId);

/// <param name="Calls">To the provider, at least.</param>
/// <param name="DetailsAtMost">Calls for details on top.</param>
/// <param name="FileBytes">Of flat files to be fetched, about.</param>
/// <param name="ExpectedSeconds">Null when there is nothing to go by.</param>
/// <param name="ExpectedBy">What the expectation rests on, for people.</param>
public sealed record DryRunShape(DateOnly Date, string Plan, IReadOnlyList<string> Tasks, IReadOnlyList<GapShape> Gaps, long Calls, int DetailsAtMost, long FileBytes, double? ExpectedSeconds, string ExpectedBy);

/// <param name="Dataset">daily or slots.</param>
/// <param name="Symbols">How many are to be asked, where it goes by symbol.</param>
/// <param name="Source">file or by symbol, where there is a choice.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="NoFile">Why there is no file of it.</param>
public sealed record GapShape(string Dataset, DateOnly Date, string Why, int? Symbols = null, string? Source = null, long? Bytes = null, string? NoFile = null);

/// <summary>The document under metadata:ticker:{symbol}; a field without a value is left out.</summary>
/// <param name="MarketCap">USD.</param>
public sealed record MetadataShape(
    string Symbol, string? Name = null, string? Exchange = null, string? Type = null, string? Sector = null, string? Industry = null, string? SicCode = null, double? MarketCap = null, long? FloatShares = null,
    long? SharesOutstanding = null, string? Description = null, DateOnly? ListDate = null, string? Cik = null, string? CompositeFigi = null, string? HomepageUrl = null, long? TotalEmployees = null, DateTimeOffset? UpdatedAt = null)
{
    public static MetadataShape Of(TickerMetadata m) => new(
        m.Symbol.Text, m.Name, m.Exchange, m.Type, m.Sector, m.Industry, m.SicCode, m.MarketCap, m.FloatShares, m.SharesOutstanding, m.Description, m.ListDate, m.Cik, m.CompositeFigi, m.HomepageUrl, m.TotalEmployees, m.UpdatedAt);
}

/// <param name="Metadata">By symbol.</param>
/// <param name="Missing">Symbols asked for of which nothing is known.</param>
public sealed record BulkShape(int Count, IReadOnlyDictionary<string, MetadataShape> Metadata, IReadOnlyList<string> Missing);

/// <param name="Verified">Whether everything that can be compared agrees.</param>
/// <param name="Date">The session asked for; null for what Redis should hold now.</param>
/// <param name="Families">By family: universe, metadata, avg_volume, atr, rvol.</param>
/// <param name="Session">What is held of the session asked for; null without one.</param>
/// <param name="Cannot">What cannot be compared, and why.</param>
/// <param name="Note">What else to know, where there is something: that no service runs, so that what would be published was verified.</param>
public sealed record VerificationShape(
    bool Verified, DateOnly? Date, IReadOnlyDictionary<string, FamilyShape> Families, VerifiedSessionShape? Session, IReadOnlyList<string> Cannot, string? Note = null);

/// <param name="State">verified, not in Redis, or what is wrong.</param>
/// <param name="Keys">Values computed.</param>
/// <param name="HeldBack">Symbols whose older values stay while a finding on their inputs is open.</param>
/// <param name="Fingerprint">Of the inputs in the store.</param>
/// <param name="PublishedFingerprint">Of the inputs that the published values came from.</param>
/// <param name="Differing">Keys that differ, those missing and surplus ones among them; the first hundred are named.</param>
/// <param name="Missing">Keys that are absent.</param>
/// <param name="Surplus">Keys of symbols without a value; members that are not active, for the universe.</param>
/// <param name="Stale">Values whose own inputs have changed since they were published.</param>
/// <param name="Symbols">Whose keys differ, the first hundred.</param>
public sealed record FamilyShape(
    string State, DateOnly? Session, int Keys, IReadOnlyList<string> HeldBack, string? Fingerprint, string? PublishedFingerprint, int Differing, int Missing, int Surplus, int Stale, IReadOnlyList<string> Symbols, IReadOnlyList<DifferenceShape> Differences);

/// <param name="Expected">Null when there should be no key.</param>
/// <param name="Found">Null when the key is absent.</param>
public sealed record DifferenceShape(string Key, string Symbol, string? Expected, string? Found);

/// <param name="State">The state keys against the journal.</param>
public sealed record VerifiedSessionShape(bool Verified, SessionFactsShape Daily, SessionFactsShape Slots, SessionStateShape State);

/// <param name="State">verified, not comparable, or what is wrong.</param>
/// <param name="Rows">In the table.</param>
/// <param name="CoverageRows">That were written, as counted then; null when the session was never loaded.</param>
/// <param name="Symbols">Those whose rows are not what was written, the first hundred.</param>
public sealed record SessionFactsShape(string State, long Rows, long? CoverageRows, IReadOnlyList<string> Symbols);

/// <param name="State">verified, not comparable, or what is wrong.</param>
public sealed record SessionStateShape(string State);

/// <param name="Stale">Of all families.</param>
public sealed record StaleShape(int Stale, IReadOnlyDictionary<string, StaleFamilyShape> Families);

/// <param name="Changed">Published, and given by other inputs now.</param>
/// <param name="Added">Without a published value.</param>
/// <param name="Gone">Published, and without a value now.</param>
public sealed record StaleFamilyShape(DateOnly Session, int Stale, IReadOnlyList<string> Changed, IReadOnlyList<string> Added, IReadOnlyList<string> Gone);

/// <param name="Settings">Those that differ from their defaults; secrets as ***.</param>
public sealed record DoctorShape(bool Healthy, IReadOnlyList<CheckShape> Checks, IReadOnlyDictionary<string, SettingShape> Settings);

public sealed record CheckShape(string What, bool Ok, string Said);

public sealed record SettingShape(string Value, string From);

/// <param name="Status">healthy or unhealthy.</param>
/// <param name="Redis">connected, or why not.</param>
/// <param name="Timescaledb">The store, whatever it is: connected, or why not.</param>
/// <param name="Store">Which it is.</param>
/// <param name="RunInProgress">Its id.</param>
public sealed record HealthShape(
    string Status, string Service, string Version, DateTimeOffset Timestamp, string Redis, string Timescaledb, string Store, DateOnly? LastMaintenance, bool SchedulerRunning, string Schedule, long? RunInProgress,
    string Clock, string Role, LeaderShape? Leader, long Epoch, string Instance);

/// <summary>Who leads.</summary>
/// <param name="Url">Where it answers.</param>
public sealed record LeaderShape(string Holder, long Epoch, DateTimeOffset? Since, string? Url);

/// <param name="Clock">real, or the drill whose clock this is.</param>
/// <param name="Paused">The pause in force; null when there is none.</param>
public sealed record NextRunShape(
    string NowEt, DateTimeOffset NowUtc, string MarketSession, string MarketSessionNext, DateTimeOffset MarketSessionNextAt, string Clock, PausedShape? Paused, IReadOnlyList<NextPlanShape> Plans);

public sealed record PausedShape(DateTimeOffset Since, string By, string Why);

/// <param name="Rule">When it is due, in words.</param>
/// <param name="NextEt">With New York's offset.</param>
/// <param name="TradingDate">The session it will process.</param>
/// <param name="Sessions">How many sessions, that one the newest.</param>
/// <param name="WindowUntilUtc">Until then failed tasks are tried again.</param>
/// <param name="ReadyByUtc">When people need it; null when it has no deadline.</param>
public sealed record NextPlanShape(
    string Plan, string Rule, string NextEt, DateTimeOffset NextUtc, DateOnly TradingDate, int Sessions, long InSeconds, string In, DateTimeOffset WindowUntilUtc, DateTimeOffset? ReadyByUtc, IReadOnlyList<string> Tasks);

/// <param name="Status">alive.</param>
public sealed record LiveShape(string Status);

/// <param name="Level">Trace, Debug, Information, Warning, Error or Critical.</param>
public sealed record LevelShape(string Level);
