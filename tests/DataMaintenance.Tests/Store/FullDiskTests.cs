using CrashHarness;
using DataMaintenance.Logs;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using Market;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.Store;

/// <summary>Disks that are full, and have room again. A small one of a test's own takes root.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private static readonly DateOnly Monday = new(2025, 12, 1);
    private static readonly DateTimeOffset Night = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly Disk disk;
    private int staged;

    public FullDiskTests() => disk = new(folder.File("disk"), megabytes: 512);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await disk.MountAsync();
        Assert.SkipUnless(disk.CanFill, "a disk of its own cannot be mounted here: that takes root");
    }

    public async ValueTask DisposeAsync()
    {
        await disk.UnmountAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_write_that_finds_no_room_names_the_disk_and_leaves_everything_as_it_was_and_the_next_one_that_finds_some_succeeds()
    {
        await using var store = await OpenAsync();
        await StageAsync(store, 10);
        disk.Fill(leaving: 0);
        var full = await Assert.ThrowsAsync<StoreFullException>(() => StageAsync(store, 400));
        Assert.StartsWith($"the disk of {disk.Folder} is full; nothing of this write is there", full.Message, StringComparison.Ordinal);
        Assert.Equal(10, (await store.StagedAsync(Monday, Ct)).Count);
        disk.Free();
        await StageAsync(store, 400);
        Assert.Equal(410, (await store.StagedAsync(Monday, Ct)).Count);
    }

    [Fact]
    public async Task After_a_checkpoint_that_found_no_room_the_file_is_opened_again_and_nothing_committed_is_missing()
    {
        await using (var store = await OpenAsync())
        {
            var log = new FileInfo(Path.Combine(disk.Folder, "market.duckdb.wal"));
            for (log.Refresh(); !log.Exists || log.Length < 115_000_000; log.Refresh()) await StageAsync(store, 400);
            disk.Fill(leaving: 20_000_000);
            var full = await Assert.ThrowsAsync<StoreFullException>(async () =>
            {
                while (true) await StageAsync(store, 400);
            });
            Assert.Contains("checkpoint", full.InnerException!.Message, StringComparison.Ordinal);
            Assert.Equal(staged, (await store.StagedAsync(Monday, Ct)).Count);
            disk.Free();
            await StageAsync(store, 400);
            Assert.Equal(staged, (await store.StagedAsync(Monday, Ct)).Count);
            await store.PublishSlotsAsync(Monday, "test", Night, true, Ct);
        }

        await using var again = await OpenAsync();
        Assert.Equal(staged, await again.ReadSlotsAsync(Monday, null, Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task A_store_on_a_full_disk_says_so_as_it_is_opened()
    {
        await using (await OpenAsync())
        {
        }

        disk.Fill(leaving: 0);
        var full = await Assert.ThrowsAsync<StoreFullException>(OpenAsync);
        Assert.Contains($"the disk of {disk.Folder} is full", full.Message, StringComparison.Ordinal);
        disk.Free();
        await using var store = await OpenAsync();
        await store.PingAsync(Ct);
    }

    [Fact]
    public void Logs_on_a_full_disk_stop_nobody_and_hold_whole_lines_only()
    {
        using (var logs = ServiceLogs.Create(new() { Directory = disk.Folder }, [], toConsole: false))
        {
            var log = logs.Factory.CreateLogger("test");
            log.LogInformation("before");
            disk.Fill(leaving: 10_000);
            for (var i = 0; i < 200; i++) log.LogError("line {Number} {Filler}", i, new string('x', 1_000));
            disk.Free();
            log.LogInformation("after");
        }

        var lines = File.ReadAllLines(Path.Combine(disk.Folder, "maintenance.log"));
        Assert.All(lines, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        Assert.InRange(lines.Length, 3, 150);
        Assert.Contains("\"after\"", lines[^1], StringComparison.Ordinal);
    }

    private Task<IStore> OpenAsync() => StoreSetup.OpenAsync(new StoreOptions { Path = disk.Folder, MemoryMegabytes = 256, Threads = 2 }, TimeProvider.System, "test", Ct);

    /// <summary>Commits a reply of every slot for so many more symbols; counted in <see cref="staged"/> once it is there.</summary>
    private async Task StageAsync(IStore store, int symbols)
    {
        var random = new Random(staged);
        await store.StageSlotsAsync([.. Enumerable.Range(staged, symbols).Select(i => new SlotDay(new Symbol($"S{i:000000}"), Monday, Slots(random)))], "test", Night, true, Ct);
        staged += symbols;
    }

    private static Slot[] Slots(Random random) => [.. Enumerable.Range(0, 192).Select(n => new Slot((short)n, random.NextDouble(), random.NextDouble(), 1, random.NextDouble()))];
}
