using DataMaintenance.Alerts;
using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Logs;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Reconciling;
using DataMaintenance.Provider;
using DataMaintenance.Schedule;
using DataMaintenance.Store;
using DataMaintenance.Telemetry;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Settings;

/// <summary>
/// Every room's options in force. A property is a section of the configuration, except that <see cref="Values"/> is three
/// (<c>Atr</c>, <c>Rvol</c>, <c>Slots</c>) and <see cref="SpecialDays"/> is <c>Calendar</c>. What is not given keeps the default of its options class.
/// </summary>
public sealed record ServiceSettings
{
    private IReadOnlyDictionary<string, string> origins = new Dictionary<string, string>();

    // One for everybody: two drill clocks made a moment apart would differ by that moment times their speed.
    private TimeProvider? clock;

    public ProviderOptions Provider { get; init; } = new();
    public StoreOptions Store { get; init; } = new();
    public RedisOptions Redis { get; init; } = new();
    public ValuesOptions Values { get; init; } = new();
    public ChecksOptions Checks { get; init; } = new();
    public TaskOptions Tasks { get; init; } = new();
    public ReconcileOptions Reconcile { get; init; } = new();
    public NotifyOptions Notify { get; init; } = new();
    public ClearCachesOptions ClearCaches { get; init; } = new();
    public PlansOptions Plans { get; init; } = new();
    public RecoveryOptions Recovery { get; init; } = new();
    public CalendarOptions SpecialDays { get; init; } = new();
    public ApiOptions Api { get; init; } = new();
    public AlertsOptions Alerts { get; init; } = new();
    public TelemetryOptions Telemetry { get; init; } = new();
    public LogsOptions Logs { get; init; } = new();
    public ClockOptions Clock { get; init; } = new();

    /// <summary>Reads every source, lowest first: defaults, appsettings.json, <c>--config</c>, environment, <paramref name="overrides"/>.</summary>
    /// <param name="overrides">Settings by name (<c>Provider:Kind</c>) that a command line fixes.</param>
    /// <exception cref="SettingsException">Something makes no sense; it lists every mistake.</exception>
    public static ServiceSettings Load(string? configFile, IReadOnlyDictionary<string, string?>? overrides = null) =>
        LoadFrom(SettingsSources.OfThisProcess(configFile, overrides));

    /// <exception cref="SettingsException">Something makes no sense; it lists every mistake.</exception>
    public static ServiceSettings LoadFrom(SettingsSources sources)
    {
        var mistakes = new List<string>();
        var given = GivenSettings.Read(sources, mistakes);
        var settings = SettingsBinder.Bind(given, mistakes);
        if (mistakes.Count == 0) mistakes.AddRange(settings.Mistakes());
        if (mistakes.Count > 0) throw new SettingsException(mistakes);
        return settings with { origins = given.Origins };
    }

    /// <summary>What contradicts itself across settings; a value out of its own range never gets this far.</summary>
    public IEnumerable<string> Mistakes() =>
    [
        .. ProviderOptions.Mistakes(Provider), .. StoreOptions.Mistakes(Store), .. PostgresAddress.Mistakes(Store), .. RedisOptions.Mistakes(Redis), .. ValuesOptions.Mistakes(Values),
        .. TaskOptions.Mistakes(Tasks, Values), .. CalendarOptions.Mistakes(SpecialDays), .. ApiOptions.Mistakes(Api), .. StandardPlans.Mistakes(Plans), .. AlertsOptions.Mistakes(Alerts),
    ];

    /// <summary>Every setting in force, by section, with where it came from; secrets as <c>***</c>.</summary>
    public IReadOnlyList<SettingInForce> Describe() =>
        [.. SettingsSchema.Of(this).Select(s => new SettingInForce(s.Name, s.Show(), origins.GetValueOrDefault(s.Name, "default")))];

    /// <summary>The values that may appear in no log, error or response.</summary>
    public IReadOnlyList<string> Secrets() => [.. SettingsSchema.Of(this).SelectMany(s => s.SecretTexts()).Distinct(StringComparer.Ordinal)];

    /// <summary>The exchange's calendar with the configured special days.</summary>
    public TradingCalendar Calendar() => new(SpecialDays.Extra);

    /// <summary>The machine's clock, or the drill's.</summary>
    public TimeProvider TimeProvider() => clock ??= Clock.InForce ? new DrillClock(Clock, System.TimeProvider.System) : System.TimeProvider.System;

    /// <summary>Log files, and stdout for a service; with every secret of these settings blotted out.</summary>
    public ServiceLogs CreateLogs(bool toConsole) => ServiceLogs.Create(Logs, Secrets(), toConsole, Clock.InForce ? TimeProvider() : null);
}

/// <param name="Value">As it would be written in configuration; secrets as <c>***</c>.</param>
/// <param name="Origin"><c>default</c>, the file, or the environment variable.</param>
public sealed record SettingInForce(string Name, string Value, string Origin);

/// <summary>The configuration makes no sense. One line a mistake, all of them at once.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<string> Mistakes => mistakes;
}
