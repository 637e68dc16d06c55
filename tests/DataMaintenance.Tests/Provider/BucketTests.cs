using DataMaintenance.Provider;
using Market;
using Simulator;
using Simulator.Faults;
using Simulator.Rest;

namespace DataMaintenance.Tests.Provider;

/// <summary>Flat files over S3, against the simulated bucket.</summary>
public sealed class BucketTests
{
    [Fact]
    public async Task A_minute_file_gives_the_slots_that_asking_for_each_symbol_gives()
    {
        await using var world = await BucketWorld.StartAsync();
        var file = await world.ReadAsync(BucketWorld.Thursday);
        var symbols = file.Replies.Select(reply => reply.Symbol.Text).ToArray();
        var (asked, failures) = await world.Source.AllSlotsAsync(symbols, SlotGrid.Extended, BucketWorld.Thursday);
        Assert.Empty(failures);
        Assert.True(symbols.Length > 40, $"{symbols.Length} symbols");
        foreach (var reply in asked)
        {
            var same = file.Replies.Single(other => other.Symbol == reply.Symbol);
            Assert.Equal(reply.Days[0].Slots.Select(slot => slot.Number), same.Days[0].Slots.Select(slot => slot.Number));
            // Five minutes summed here, or by the provider: equal far below a millionth of a share.
            foreach (var (mine, theirs) in same.Days[0].Slots.Zip(reply.Days[0].Slots))
                Assert.True(Math.Abs(mine.Volume - theirs.Volume) < 1e-7 * theirs.Volume && Math.Abs(mine.Accumulated - theirs.Accumulated) < 1e-7 * theirs.Accumulated, $"{reply.Symbol} slot {mine.Number}");
        }
        Assert.Equal(("massive:file", BucketWorld.Thursday), (file.Source, file.File.Date));
    }

    [Fact]
    public async Task A_day_file_gives_the_bars_of_grouped_daily_without_vwap()
    {
        await using var world = await BucketWorld.StartAsync();
        var file = await world.Source.ReadDailyAsync(await world.FileAsync(BucketWorld.Thursday, FileSet.Days), TestContext.Current.CancellationToken);
        var grouped = await world.Source.DailyAsync(BucketWorld.Thursday, TestContext.Current.CancellationToken);
        Assert.Equal(grouped.Bars.Select(bar => bar with { Vwap = null }), file.Bars);
    }

    [Fact]
    public async Task What_is_not_published_yet_and_what_the_plan_refuses_are_told_apart()
    {
        await using var world = await BucketWorld.StartAsync(new SimulatorOptions { Symbols = 20, Plan = Plan.Starter });
        var (tomorrow, tooOld, saturday) = (await world.FindAsync(BucketWorld.Friday), await world.FindAsync(new DateOnly(2021, 11, 18)), await world.FindAsync(BucketWorld.Friday.AddDays(1)));
        Assert.Equal((FileState.NotYet, FileState.NotEntitled, FileState.NotYet), (tomorrow.State, tooOld.State, saturday.State));
        Assert.Contains("404", tomorrow.Said, StringComparison.Ordinal);
        Assert.Contains("403 AccessDenied", tooOld.Said, StringComparison.Ordinal);
        Assert.Contains("2021-11-18", tooOld.Said, StringComparison.Ordinal);
        Assert.Equal(FileState.Out, (await world.FindAsync(BucketWorld.Friday, FileSet.Days)).State);
    }

    [Fact]
    public async Task A_file_is_out_from_eleven_on_the_day_after()
    {
        await using var world = await BucketWorld.StartAsync();
        world.Host.Clock.Set(TradingCalendar.At(BucketWorld.Friday.AddDays(1), new TimeOnly(10, 59)));
        Assert.Equal(FileState.NotYet, (await world.FindAsync(BucketWorld.Friday)).State);
        world.Host.Clock.Set(TradingCalendar.At(BucketWorld.Friday.AddDays(1), new TimeOnly(11, 0)));
        Assert.Equal(FileState.Out, (await world.FindAsync(BucketWorld.Friday)).State);
        await world.FaultAsync("""{"kind":"late","route":"file"}""");
        Assert.Equal(FileState.NotYet, (await world.FindAsync(BucketWorld.Friday)).State);
    }

    [Theory]
    [InlineData("simulated-access-key", "not-the-secret")]
    [InlineData("nobody", "simulated-secret-key")]
    public async Task Wrong_keys_are_said_to_be_wrong_keys_and_never_told(string access, string secret)
    {
        await using var world = await BucketWorld.StartAsync(change: files => files with { AccessKey = access, SecretKey = secret });
        var found = await world.FindAsync(BucketWorld.Thursday);
        Assert.Equal(FileState.Failed, found.State);
        Assert.Contains("Provider:FlatFiles:AccessKey", found.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, found.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resets_cuts_and_slowing_down_on_the_way_cost_attempts_and_no_row()
    {
        await using var calm = await BucketWorld.StartAsync();
        await using var world = await BucketWorld.StartAsync(faults:
        [
            new() { Kind = FaultKinds.Cut, Route = "file", Rate = 0.3 },
            new() { Kind = FaultKinds.Reset, Route = "file", Rate = 0.1 },
            new() { Kind = "503", Route = "file", Rate = 0.1 },
            new() { Kind = "503", Route = "file-head", Count = 1 },
        ]);
        var (expected, file) = (await calm.ReadAsync(BucketWorld.Thursday), await world.ReadAsync(BucketWorld.Thursday));
        Assert.Equal(expected.Replies.Select(reply => (reply.Symbol, reply.Days[0].Slots.Length)), file.Replies.Select(reply => (reply.Symbol, reply.Days[0].Slots.Length)));
        Assert.True(world.Source.Usage.Retries > 0, "nothing was tried again");
        Assert.True(world.Calls("file", "503") > 0 && world.Calls("file", "cut") > 0, string.Join(' ', world.Source.Usage.Calls));
    }

    [Fact]
    public async Task A_cut_range_goes_on_behind_the_bytes_it_has()
    {
        await using var world = await BucketWorld.StartAsync(change: files => files with { Attempts = 2, Concurrency = 1, RangeBytes = 4 * 1024 * 1024 },
            faults: [new() { Kind = FaultKinds.Cut, Route = "file", Count = 5 }]);
        // Each of the five is cut in half; with two attempts from the beginning it would be given up.
        Assert.NotEmpty((await world.ReadAsync(BucketWorld.Thursday)).Replies);
        Assert.Equal(5, world.Calls("file", "cut"));
    }

    [Fact]
    public async Task A_connection_that_stalls_is_given_up_and_replaced()
    {
        await using var world = await BucketWorld.StartAsync(change: files => files with { StallTimeout = TimeSpan.FromSeconds(1) }, faults: [new() { Kind = FaultKinds.Stall, Route = "file", Count = 1 }]);
        Assert.NotEmpty((await world.ReadAsync(BucketWorld.Thursday)).Replies);
        Assert.Equal(1, world.Calls("file", "timeout"));
    }

    [Fact]
    public async Task A_file_that_was_cut_before_it_was_published_gives_nothing()
    {
        await using var world = await BucketWorld.StartAsync(faults: [new() { Kind = FaultKinds.Truncated, Route = "file" }]);
        var error = await Assert.ThrowsAsync<ProviderException>(() => world.ReadAsync(BucketWorld.Thursday));
        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains("nothing of it was taken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_day_is_refused()
    {
        await using var world = await BucketWorld.StartAsync(faults: [new() { Kind = FaultKinds.WrongDay, Route = "file" }]);
        var error = await Assert.ThrowsAsync<ProviderException>(() => world.ReadAsync(BucketWorld.Thursday));
        Assert.Contains("2026-11-20, expected 2026-11-19", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_published_again_has_another_tag_and_is_never_mixed_with_the_old_one()
    {
        await using var world = await BucketWorld.StartAsync(faults: [new() { Kind = FaultKinds.Reissued, Route = "file" }]);
        var before = await world.FileAsync(BucketWorld.Thursday);
        var preliminary = await world.ReadAsync(before);
        world.Host.Clock.Set(TradingCalendar.At(BucketWorld.Thursday.AddDays(2), new TimeOnly(11, 0)));
        var after = await world.FileAsync(BucketWorld.Thursday);
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.True(after.LastModified > before.LastModified);
        // Found before it was replaced, read afterwards: what comes is the new file, whole.
        var late = await world.ReadAsync(before);
        Assert.Equal(after.ETag, late.File.ETag);
        Assert.True(Volume(late) > Volume(preliminary));
        Assert.Equal(Volume(await world.ReadAsync(after)), Volume(late));
    }

    [Fact]
    public async Task For_few_symbols_no_file_is_looked_for()
    {
        await using var world = await BucketWorld.StartAsync(change: files => files with { LeastSymbols = 500 });
        var found = await world.Source.FindFileAsync(FileSet.Minutes, BucketWorld.Thursday, 499, TestContext.Current.CancellationToken);
        Assert.Equal(FileState.NotWorthIt, found.State);
        Assert.Empty(world.Source.Usage.Calls);
    }

    [Fact]
    public async Task Many_files_at_once_share_the_memory_and_all_come()
    {
        await using var world = await BucketWorld.StartAsync(change: files => files with { Concurrency = 1 });
        var sessions = TradingCalendar.Nyse.LastSessions(6, BucketWorld.Thursday);
        var files = await Task.WhenAll(sessions.Select(world.ReadAsync));
        Assert.Equal(sessions, files.Select(file => file.File.Date));
        Assert.All(files, file => Assert.NotEmpty(file.Replies));
    }

    [Fact]
    public async Task The_doctor_hears_of_each_set_and_of_the_depth_of_history()
    {
        await using var world = await BucketWorld.StartAsync(new SimulatorOptions { Symbols = 5, Plan = Plan.Starter });
        var said = (await world.Source.ProbeAsync(new(2026, 11, 20), TestContext.Current.CancellationToken)).Where(entitlement => entitlement.What.StartsWith("flat files", StringComparison.Ordinal)).ToDictionary(entitlement => entitlement.What);
        Assert.True(said["flat files of days"].Granted && said["flat files of minutes"].Granted, said["flat files of minutes"].Said);
        Assert.Contains("before it the plan refuses (403)", said["flat files history"].Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_without_the_minutes_is_told_so()
    {
        await using var world = await BucketWorld.StartAsync(new SimulatorOptions { Symbols = 5, Files = new() { Sets = ["day_aggs_v1"] } });
        var said = (await world.Source.ProbeAsync(new(2026, 11, 20), TestContext.Current.CancellationToken)).Where(entitlement => entitlement.What.StartsWith("flat files", StringComparison.Ordinal)).ToDictionary(entitlement => entitlement.What);
        Assert.True(said["flat files of days"].Granted);
        Assert.False(said["flat files of minutes"].Granted);
        Assert.StartsWith("NotEntitled", said["flat files of minutes"].Said, StringComparison.Ordinal);
    }

    private static double Volume(SlotFile file) => file.Replies.Sum(reply => reply.Days[0].Slots.Sum(slot => slot.Volume));
}
