using DataMaintenance.Cache;
using DataMaintenance.Provider;
using DataMaintenance.Settings;
using Market;

namespace DataMaintenance.Tests.House;

public sealed class SettingsTests : IDisposable
{
    private readonly Given given = new();

    public void Dispose() => given.Dispose();

    [Fact]
    public void Nothing_given_is_the_defaults()
    {
        var settings = given.Load();
        Assert.Equal(new ProviderOptions(), settings.Provider);
        Assert.Equal(new RedisOptions(), settings.Redis);
        Assert.All(settings.Describe(), s => Assert.Equal("default", s.Origin));
    }

    [Fact]
    public void A_later_source_wins_setting_by_setting()
    {
        given.File("appsettings.json", """{ "Checks": { "MinDailySymbols": 1, "MinSlotRows": 2, "MinAtrSymbols": 3, "SampleSize": 4 } }""")
            .File("mine.json", """{ "Checks": { "MinSlotRows": 20, "MinAtrSymbols": 30, "SampleSize": 40 } }""").Config("mine.json")
            .Variable("Checks__MinAtrSymbols", "300").Variable("checks__samplesize", "400");
        var settings = given.Load(("Checks:SampleSize", "4000"));
        Assert.Equal((1, 20, 300, 4000), (settings.Checks.MinDailySymbols, settings.Checks.MinSlotRows, settings.Checks.MinAtrSymbols, settings.Checks.SampleSize));
        Assert.Equal(["appsettings.json", "--config", "environment (Checks__MinAtrSymbols)", "the command"],
            settings.Describe().Where(s => s.Name is "Checks:MinDailySymbols" or "Checks:MinSlotRows" or "Checks:MinAtrSymbols" or "Checks:SampleSize").Select(s => s.Origin));
    }

    [Fact]
    public void Every_mistake_is_told_at_once_a_line_each()
    {
        given.Variable("Checks__MinDailySymbols", "abc").Variable("Checks__LearnedRatio", "1.5").Variable("Checks__MinSlotRow", "1").Variable("Provider__AttemptTimeout", "30")
            .Variable("Provider__Kind", "Masive").Variable("Redis__LegacyKeys", "yes").Variable("Notify__ClearCacheUrls", "http://a:1,ftp://b");
        Assert.Equal(
        [
            "Checks:MinSlotRow: there is no such setting (environment (Checks__MinSlotRow)); did you mean Checks:MinSlotRows?",
            "Provider:Kind: expected one of Massive, Directory, Simulator, got 'Masive' (environment (Provider__Kind))",
            "Provider:AttemptTimeout: expected a duration like 30s, 5m, 2h or 00:00:30 from 1ms to 1h, got '30' (environment (Provider__AttemptTimeout))",
            "Redis:LegacyKeys: expected true or false, got 'yes' (environment (Redis__LegacyKeys))",
            "Checks:MinDailySymbols: expected a whole number of at least 0, got 'abc' (environment (Checks__MinDailySymbols))",
            "Checks:LearnedRatio: expected a number from 0 to 1, got '1.5' (environment (Checks__LearnedRatio))",
            "Notify:ClearCacheUrls: expected a URL that begins with http:// or https://, got 'ftp://b' (environment (Notify__ClearCacheUrls))",
        ], given.Mistakes());
    }

    [Fact]
    public void A_section_misspelt_in_the_environment_is_a_mistake_but_variables_of_others_are_not()
    {
        given.Variable("Check__MinDailySymbols", "1").Variable("ASPNETCORE__Urls", "x").Variable("_", "/bin/sh").Variable("__x", "y").Variable("Checker__Other", "1");
        Assert.Equal(["Check__MinDailySymbols: there is no such section; did you mean Checks__MinDailySymbols?"], given.Mistakes());
    }

    [Fact]
    public void An_unknown_section_of_a_file_is_a_mistake_but_those_of_the_framework_are_not()
    {
        given.File("appsettings.json", """{ "Logging": { "LogLevel": { "Default": "Debug" } }, "AllowedHosts": "*", "Provder": { "ApiKey": "k" } }""");
        Assert.Equal(["Provder:ApiKey: there is no such setting (appsettings.json); did you mean Provider:ApiKey?"], given.Mistakes());
    }

    [Fact]
    public void Broken_JSON_is_told_with_file_and_line()
    {
        given.File("mine.json", "{\n  \"Checks\": {\n    \"MinSlotRows\": 5,,\n  }\n}").Config("mine.json");
        var mistake = Assert.Single(given.Mistakes());
        Assert.Contains("mine.json: broken JSON in line 3", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_file_that_is_not_there_is_a_mistake() =>
        Assert.Equal(["--config: there is no file 'none.json'"], given.Config("none.json").Mistakes());

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("250ms", 250)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("00:00:30", 30_000)]
    public void A_duration_has_a_unit_or_colons(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), given.Variable("Provider__AttemptTimeout", text).Load().Provider.AttemptTimeout);

    [Fact]
    public void A_duration_out_of_bounds_is_a_mistake() =>
        Assert.Equal(["Provider:RetryDelay: expected a duration like 30s, 5m, 2h or 00:00:30 from 0s to 5m, got '6m' (environment (Provider__RetryDelay))"],
            given.Variable("Provider__RetryDelay", "6m").Mistakes());

    [Theory]
    [InlineData("0s")]
    [InlineData("-00:00:10")]
    public void A_watch_that_never_looks_is_a_mistake(string every) =>
        Assert.Equal([$"Redis:WatchEvery: expected a duration like 30s, 5m, 2h or 00:00:30 from 100ms to 1h, got '{every}' (environment (Redis__WatchEvery))"],
            given.Variable("Redis__WatchEvery", every).Mistakes());

    [Fact]
    public void A_list_of_a_later_source_replaces_the_list_whole()
    {
        given.File("appsettings.json", """{ "Notify": { "ClearCacheUrls": ["http://a", "http://b"], "CompletedUrls": ["http://c"] } }""")
            .Variable("Notify__ClearCacheUrls__0", "http://d").Variable("Notify__CompletedUrls", "");
        var notify = given.Load().Notify;
        Assert.Equal([new Uri("http://d")], notify.ClearCacheUrls);
        Assert.Empty(notify.CompletedUrls);
    }

    [Fact]
    public void Special_days_reach_the_calendar()
    {
        given.File("appsettings.json", """{ "Calendar": { "Extra": [ { "Date": "2031-03-04", "Reason": "Storm" }, { "Date": "2031-03-05", "Reason": "Storm", "EarlyClose": "13:00" } ] } }""");
        var calendar = given.Load().Calendar();
        Assert.Equal("Storm", calendar.ClosedReason(new DateOnly(2031, 3, 4)));
        Assert.True(calendar.IsHalfDay(new DateOnly(2031, 3, 5)));
    }

    [Fact]
    public void A_special_day_without_its_date_is_a_mistake() =>
        Assert.Equal(["Calendar:Extra:0:Date: is missing"], given.Variable("Calendar__Extra__0__Reason", "Storm").Mistakes());

    [Fact]
    public void Sections_of_derived_values_have_their_own_names()
    {
        given.Variable("Atr__Period", "20").Variable("Rvol__LookbackSessions", "60").Variable("Slots__Session", "regular");
        var settings = given.Load();
        Assert.Equal((20, 60, SlotGrid.Regular), (settings.Values.AtrPeriod, settings.Values.RvolLookbackSessions, settings.Values.Grid));
        Assert.Contains(settings.Describe(), s => s is { Name: "Slots:Session", Value: "Regular" });
    }

    [Fact]
    public void What_contradicts_across_settings_is_a_mistake()
    {
        given.Variable("Store__Kind", "Postgres").Variable("Rvol__Sessions", "20").Variable("Api__Urls", "http://0.0.0.0:80;nonsense").Variable("Redis__Keys__Atr", "atr:{date}");
        Assert.Equal(
        [
            "Store:ConnectionString: Store:Kind is Postgres, which needs one, such as Host=localhost;Database=market;Username=maintenance",
            "Redis:Keys:Atr: expected a key with {symbol}, got 'atr:{date}'",
            "Redis:Keys:Atr: expected a key without {date}, got 'atr:{date}'",
            "Rvol:LookbackSessions: expected at least Rvol:Sessions, which is 20, got '10'",
            "Api:Key: Api:Urls names 'http://0.0.0.0:80', which others can reach, and that needs a key",
            "Api:Urls: expected URLs such as http://127.0.0.1:8008, got 'nonsense'",
        ], given.Mistakes());
    }

    [Theory]
    [InlineData("  ")]
    [InlineData("secret ")]
    [InlineData("clé")]
    public void A_key_that_no_header_carries_is_a_mistake(string key) =>
        Assert.StartsWith("Api:Key: expected letters", Assert.Single(given.Variable("Api__Urls", "http://0.0.0.0:80").Variable("Api__Key", key).Mistakes()), StringComparison.Ordinal);

    [Fact]
    public void The_clock_of_a_drill_starts_where_it_is_told()
    {
        var clock = given.Variable("Clock__Start", "2025-12-02T08:00:00Z").Load().TimeProvider();
        Assert.InRange(clock.GetUtcNow(), new DateTimeOffset(2025, 12, 2, 8, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 12, 2, 8, 5, 0, TimeSpan.Zero));
        Assert.Same(TimeProvider.System, new ServiceSettings().TimeProvider());
    }
}
