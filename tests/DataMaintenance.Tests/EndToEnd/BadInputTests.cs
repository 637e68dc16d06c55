namespace DataMaintenance.Tests.EndToEnd;

/// <summary>Wrong input to the executable: one clear line each, the right exit code, nothing lost.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData("2025-13-45", "expected a date")]
    [InlineData("2025-11-30", "weekend")]
    [InlineData("2025-12-25", "Christmas")]
    [InlineData("2099-01-05", "future")]
    public async Task A_date_that_is_no_processed_session_is_refused_in_one_line(string date, string why)
    {
        var outcome = await RunAsync("run", "--date", date);
        Assert.Equal(2, outcome.Exit);
        Assert.Contains(why, outcome.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(outcome.Errors.Trim().Split('\n').Length, 1, 2);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_task_is_answered_with_the_list_of_those_there_are()
    {
        var outcome = await RunAsync("run", "--tasks", "load_olhc");
        Assert.Equal(2, outcome.Exit);
        Assert.Contains("load_ohlc", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Checks__LearnedRatio", "7", "Checks:LearnedRatio")]
    [InlineData("Rvol__Sessions", "many", "Rvol:Sessions")]
    [InlineData("Checks__MinDailySymbol", "1", "MinDailySymbol")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_with_its_name(string name, string value, string said)
    {
        var outcome = await RunAsync(new Dictionary<string, string> { [name] = value }, "status");
        Assert.Equal(2, outcome.Exit);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_flag_is_wrong_use() => Assert.Equal(2, (await RunAsync("run", "--dat", "2025-12-01")).Exit);

    [Theory]
    [InlineData("Host=127.0.0.1;Port=99999;Username=x;Password=hush", "expected 1 to 65535, got '99999'")]
    [InlineData("Host=127.0.0.1;Port=abc;Password=hush", "Store:ConnectionString cannot be read")]
    [InlineData("SSL Mode=foo;Password=hush", "Store:ConnectionString cannot be read")]
    [InlineData("Timeout=-5;Password=hush", "Store:ConnectionString cannot be read")]
    public async Task A_connection_string_that_makes_no_sense_is_a_mistake_of_settings_and_is_not_repeated(string text, string said)
    {
        var outcome = await RunAsync(new Dictionary<string, string> { ["Store__Kind"] = "Postgres", ["Store__ConnectionString"] = text }, "doctor");
        Assert.True(outcome.Exit == 2, outcome.ToString());
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", outcome.Errors + outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--date", "2025-12-01")]
    [InlineData("doctor")]
    public async Task A_dead_redis_is_an_unreachable_system(params string[] command)
    {
        var outcome = await RunAsync(new Dictionary<string, string> { ["Redis__Kind"] = "Server", ["Redis__ConnectionString"] = "127.0.0.1:1,connectTimeout=500" }, command);
        Assert.True(outcome.Exit == 3, outcome.ToString());
        Assert.Contains("127.0.0.1:1", outcome.Errors + outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_database_does_not_answer_the_doctor_says_so_and_looks_at_everything_else()
    {
        var outcome = await RunAsync(new Dictionary<string, string> { ["Store__Kind"] = "Postgres", ["Store__ConnectionString"] = "Host=127.0.0.1;Port=1;Username=x;Password=hush;Timeout=2" }, "doctor");
        Assert.True(outcome.Exit == 3, outcome.ToString());
        Assert.Contains("PROBLEM store", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL at 127.0.0.1", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("ok      slots grid", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("flat files of days", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", outcome.Errors + outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_makes_no_store_where_there_is_none()
    {
        using var folder = new TemporaryFolder();
        var outcome = await Executable.RunAsync(new Dictionary<string, string> { ["Store__Path"] = folder.File("store"), ["Logs__Directory"] = folder.File("logs"), ["Provider__Kind"] = "Directory", ["Provider__Path"] = folder.Path }, "doctor");
        Assert.Contains($"ok      store                        none yet at {folder.File("store")}", outcome.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("store")));
    }

    private static Task<Executable.Outcome> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private static async Task<Executable.Outcome> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("us_stocks_sip"));
        settings["Store__Path"] = folder.File("store");
        settings["Logs__Directory"] = folder.File("logs");
        settings.TryAdd("Provider__Kind", "Directory");
        settings.TryAdd("Provider__Path", folder.Path);
        return await Executable.RunAsync(settings, arguments);
    }
}
