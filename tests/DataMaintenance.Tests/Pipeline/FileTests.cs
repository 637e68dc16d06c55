using DataMaintenance.Pipeline;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Simulator.S3;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Where slots come from: the minute file of every session whose file is out, symbol by symbol otherwise.</summary>
public sealed class FileTests
{
    private static readonly (string, string)[] WithBucket =
    [
        ("Provider:FlatFiles:AccessKey", new FilesOptions().AccessKey), ("Provider:FlatFiles:SecretKey", new FilesOptions().SecretKey), ("Provider:FlatFiles:LeastSymbols", "20"),
    ];

    private static readonly string[] Facts = [TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_night_reads_the_files_that_are_out_and_asks_for_the_newest_session_by_symbol()
    {
        await using var world = await World.StartAsync(150, WithBucket);
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        var sources = (await world.Wiring.Store.DayCoverageAsync(Dataset.Slots, World.Monday.AddDays(-20), World.Monday, Ct)).ToDictionary(c => c.Date, c => c.Source);
        Assert.Equal(10, sources.Count);
        Assert.Equal("massive:range", sources[World.Monday]);
        Assert.All(sources.Where(s => s.Key != World.Monday), s => Assert.Equal("massive:file", s.Value));
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Text.StartsWith("9 sessions from minute files", StringComparison.Ordinal));
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Text.StartsWith("no minute file of 2025-12-01", StringComparison.Ordinal) && c.Text.Contains("404", StringComparison.Ordinal));
        var again = await world.RunAsync(tasks: [TaskNames.LoadVolumeSlots]);
        Assert.Equal(TaskState.Skipped, again.Of(TaskNames.LoadVolumeSlots).State);
    }

    [Fact]
    public async Task Files_and_questions_fill_the_store_alike()
    {
        await using var files = await World.StartAsync(150, WithBucket);
        await using var asked = await World.StartAsync(150);
        await BackfillAsync(files);
        await BackfillAsync(asked);
        var (left, right) = (await SlotsAsync(files, World.Friday), await SlotsAsync(asked, World.Friday));
        Assert.NotEmpty(left);
        Assert.Equal(right, left);
    }

    [Fact]
    public async Task What_the_plan_refuses_comes_by_rest_and_the_sessions_are_named()
    {
        await using var world = await World.StartAsync(80, WithBucket);
        using var _ = await world.FaultAsync("""{"kind":"403","route":"file-head","date":"2025-11-26"}""");
        using var __ = await world.FaultAsync("""{"kind":"403","route":"file","date":"2025-11-26"}""");
        var run = await BackfillAsync(world);
        Assert.True(run.Success, run.Failures());
        Assert.Equal(["massive:range", "massive:file"], (await world.Wiring.Store.DayCoverageAsync(Dataset.Slots, World.Wednesday, World.Friday, Ct)).Select(c => c.Source));
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Result == CheckResult.Warning && c.Text.Contains("no minute file of 2025-11-26", StringComparison.Ordinal) && c.Text.Contains("403 AccessDenied", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("truncated", "nothing of it was taken")]
    [InlineData("wrong-day", "nothing of it was taken")]
    [InlineData("missing-day", "of the")]
    public async Task A_file_that_cannot_be_right_is_not_stored_and_the_session_is_asked_for(string kind, string said)
    {
        await using var world = await World.StartAsync(80, WithBucket);
        using var _ = await world.FaultAsync($$"""{"kind":"{{kind}}","route":"file","date":"2025-11-28"}""");
        var run = await BackfillAsync(world);
        Assert.True(run.Success, run.Failures());
        Assert.Equal(["massive:file", "massive:range"], (await world.Wiring.Store.DayCoverageAsync(Dataset.Slots, World.Wednesday, World.Friday, Ct)).Select(c => c.Source));
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Result == CheckResult.Warning && c.Text.Contains("2025-11-28", StringComparison.Ordinal) && c.Text.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Symbols_a_file_has_too_little_of_are_asked_for_by_themselves()
    {
        await using var world = await World.StartAsync(80, WithBucket);
        await using var calm = await World.StartAsync(80);
        using var _ = await world.FaultAsync("""{"kind":"half-missing","route":"file","date":"2025-11-26"}""");
        var run = await BackfillAsync(world);
        await BackfillAsync(calm);
        Assert.True(run.Success, run.Failures());
        var (healed, right) = (await SlotsAsync(world, World.Wednesday), await SlotsAsync(calm, World.Wednesday));
        Assert.Equal(right.Where(s => s.Symbol == "AAPL"), healed.Where(s => s.Symbol == "AAPL"));
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Result == CheckResult.Warning && c.Text.Contains("cannot be whole", StringComparison.Ordinal));
        Assert.Empty(await world.Wiring.Store.FindingsAsync(openOnly: true, 100, Ct));
    }

    [Fact]
    public async Task A_file_published_again_is_noticed_by_its_tag_until_it_was_read()
    {
        await using var world = await World.StartAsync(80, WithBucket);
        using var _ = await world.FaultAsync("""{"kind":"doubled-volume","route":"file","date":"2025-11-28"}""");
        await BackfillAsync(world);
        var (reissues, sessions) = (new Reissues(world.Wiring.Source, world.Wiring.Store), (IReadOnlyList<DateOnly>)[World.Wednesday, World.Friday]);
        Assert.Empty(await reissues.OfAsync(FileSet.Minutes, sessions, Ct));
        (await world.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), Ct)).Dispose();
        Assert.Equal([World.Friday], (await reissues.OfAsync(FileSet.Minutes, sessions, Ct)).Select(f => f.Date));
        await BackfillAsync(world, force: true);
        Assert.Empty(await reissues.OfAsync(FileSet.Minutes, sessions, Ct));
    }

    [Fact]
    public async Task A_dry_run_says_which_session_comes_from_where_and_how_many_bytes_that_is()
    {
        await using var world = await World.StartAsync(80, WithBucket);
        var request = RunRequest.Backfill([World.Wednesday, World.Friday, World.Monday], "test", Facts, false);
        var plan = await world.Wiring.DryRun.OfAsync(request, Ct);
        var slots = plan["gaps"]!.AsArray().Where(g => (string)g!["dataset"]! == "slots").Select(g => (Date: (string)g!["date"]!, Source: (string)g["source"]!)).ToArray();
        Assert.Equal([("2025-11-26", "file"), ("2025-11-28", "file"), ("2025-12-01", "by symbol")], slots);
        Assert.True((long)plan["file_bytes"]! > 100_000);
    }

    private static Task<RunResult> BackfillAsync(World world, bool force = false) =>
        world.Wiring.Runner.RunAsync(RunRequest.Backfill([World.Wednesday, World.Friday], "test", Facts, force), Silent.Observer, Ct);

    private static async Task<IReadOnlyList<(string Symbol, int Number, double Volume)>> SlotsAsync(World world, DateOnly date)
    {
        var rows = new List<(string, int, double)>();
        await foreach (var day in world.Wiring.Store.ReadSlotsAsync(date, null, Ct))
            foreach (var slot in day.Slots) rows.Add((day.Symbol.Text, slot.Number, Math.Round(slot.Volume, 6)));
        return rows;
    }
}
