using System.Text.Json;
using DataMaintenance.Store;
using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Tests.Store;

/// <summary>What concerns the file itself: who owns it, what it may hold, what a crash and many replaced days leave of it.</summary>
public sealed class DuckDbFileTests : StorePromises
{
    private readonly DuckDbTestStore file;

    public DuckDbFileTests() : this(new DuckDbTestStore())
    {
    }

    private DuckDbFileTests(DuckDbTestStore file) : base(file) => this.file = file;

    private static Task<IStore> OpenAsync(string folder, SlotGrid? grid = null) =>
        StoreSetup.OpenAsync(new StoreOptions { Path = folder, Grid = grid }, TimeProvider.System, "other", Ct);

    [Fact]
    public async Task A_second_owner_is_refused_and_told_who_owns_the_file_and_where_it_answers()
    {
        var silent = await Assert.ThrowsAsync<StoreOwnedException>(() => OpenAsync(file.Folder));
        Assert.Equal((Environment.ProcessId, null), (silent.Pid, silent.Url));
        await Store.AnnounceAsync(new Uri("http://127.0.0.1:8008"), Ct);
        var refused = await Assert.ThrowsAsync<StoreOwnedException>(() => OpenAsync(file.Folder));
        Assert.Equal(new Uri("http://127.0.0.1:8008"), refused.Url);
        Assert.Contains($"in use by process {Environment.ProcessId}, which answers at http://127.0.0.1:8008", refused.Message, StringComparison.Ordinal);
        await Store.PingAsync(Ct);
    }

    [Fact]
    public async Task The_owners_paper_goes_with_the_owner_and_one_left_by_a_dead_owner_means_nothing()
    {
        var paper = Path.Combine(file.Folder, "owner.json");
        Assert.Equal(Environment.ProcessId, JsonDocument.Parse(await File.ReadAllTextAsync(paper, Ct)).RootElement.GetProperty("pid").GetInt32());
        await file.CloseAsync();
        Assert.False(File.Exists(paper));
        await File.WriteAllTextAsync(paper, """{"pid":1,"url":"http://127.0.0.1:9","started_at":"2025-01-01T00:00:00Z"}""", Ct);
        await file.OpenAsync();
        await Store.PingAsync(Ct);
    }

    [Fact]
    public async Task A_crash_loses_nothing_that_was_committed()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await StageAsync(Day("AAPL", Tuesday, Slot(3, 1, 1)));
        var crashed = Directory.CreateTempSubdirectory("store-crash-").FullName;
        try
        {
            // The files as they stand while the store is open are what a killed process leaves behind.
            foreach (var path in Directory.EnumerateFiles(file.Folder, "market.duckdb*").Append(Path.Combine(file.Folder, "owner.json"))) File.Copy(path, Path.Combine(crashed, Path.GetFileName(path)));
            await using var store = await OpenAsync(crashed);
            Assert.Equal([Bar("AAPL", Monday)], await store.ReadDailyAsync(Monday, Monday, null, Ct).ToListAsync(Ct));
            Assert.Equal([new Symbol("AAPL")], await store.StagedAsync(Tuesday, Ct));
            Assert.Equal(1, await store.PublishSlotsAsync(Tuesday, "test", Night, true, Ct));
        }
        finally
        {
            Directory.Delete(crashed, recursive: true);
        }
    }

    [Fact]
    public async Task The_file_does_not_grow_with_every_day_replaced()
    {
        var symbols = Enumerable.Range(0, 1_500).Select(i => $"S{i:0000}").ToArray();
        var random = new Random(1);
        async Task ReplaceAsync()
        {
            await StageAsync([.. symbols.Select(s => Day(s, Monday, [.. Enumerable.Range(0, 40).Select(n => Slot((short)n, random.NextDouble(), random.NextDouble()))]))]);
            await PublishAsync(Monday);
            await SaveAsync(Monday, [.. symbols.Select(s => Bar(s, Monday, random.NextDouble()))]);
        }

        for (var i = 0; i < 4; i++) await ReplaceAsync();
        await file.ReopenAsync();
        var settled = new FileInfo(file.File).Length;
        for (var i = 0; i < 12; i++) await ReplaceAsync();
        await file.ReopenAsync();
        Assert.InRange(new FileInfo(file.File).Length, 0, settled * 3);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_and_left_alone()
    {
        await file.CloseAsync();
        await File.WriteAllTextAsync(file.File, new string('x', 20_000), Ct);
        var refused = await Assert.ThrowsAsync<StoreException>(file.OpenAsync);
        Assert.StartsWith($"{file.File} cannot be opened as a DuckDB database: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 20_000), await File.ReadAllTextAsync(file.File, Ct));
        Assert.False(File.Exists(Path.Combine(file.Folder, "owner.json")));
    }

    [Fact]
    public async Task A_database_with_somebody_elses_tables_is_named_and_left_alone()
    {
        await file.CloseAsync();
        File.Delete(file.File);
        await file.ExecuteAsync("CREATE TABLE volume_slots (day DATE, ticker VARCHAR)");
        var refused = await Assert.ThrowsAsync<StoreException>(file.OpenAsync);
        Assert.Contains("already holds a table volume_slots that this service did not make (day, ticker)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["volume_slots"], await file.RowsAsync("SELECT table_name FROM information_schema.tables"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_or_with_a_changed_migration_is_refused()
    {
        await file.CloseAsync();
        await file.ExecuteAsync("INSERT INTO schema_migration VALUES (999, '0999_future', 'abcdefabcdefabcdef', TIMESTAMPTZ '2030-01-01 00:00:00+00')");
        var newer = await Assert.ThrowsAsync<StoreException>(file.OpenAsync);
        Assert.Contains("written by a newer version: it has migration 0999_future", newer.Message, StringComparison.Ordinal);
        await file.ExecuteAsync("DELETE FROM schema_migration WHERE version = 999; UPDATE schema_migration SET checksum = 'abcdefabcdefabcdef' WHERE version = 1");
        var changed = await Assert.ThrowsAsync<StoreException>(file.OpenAsync);
        Assert.Contains("migration 0001_tables was applied with checksum abcdefabcdef", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_table_is_named()
    {
        await file.CloseAsync();
        await file.ExecuteAsync("DROP TABLE coverage");
        Assert.Contains("has lost its table coverage", (await Assert.ThrowsAsync<StoreException>(file.OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_grid_empties_the_slots_and_their_coverage_and_no_grid_keeps_the_one_stored()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await StageAsync(Day("AAPL", Monday, Slot(66, 1, 1)), Day("AAPL", Tuesday, Slot(66, 1, 1)));
        await PublishAsync(Monday);
        await file.CloseAsync();
        await using (var same = await OpenAsync(file.Folder, SlotGrid.Extended)) Assert.Single(await same.CountAsync(Dataset.Slots, Monday, Monday, Ct));
        await using (var regular = await OpenAsync(file.Folder, SlotGrid.Regular))
        {
            Assert.Empty(await regular.CountAsync(Dataset.Slots, Monday, Tuesday, Ct));
            Assert.Empty(await regular.DayCoverageAsync(Dataset.Slots, Monday, Tuesday, Ct));
            Assert.Empty(await regular.StagedAsync(Tuesday, Ct));
            Assert.Single(await regular.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct));
            await regular.StageSlotsAsync([Day("AAPL", Monday, Slot(0, 1, 1))], "test", Night, true, Ct);
            await regular.PublishSlotsAsync(Monday, "test", Night, true, Ct);
        }

        await file.OpenAsync();
        Assert.Equal(["0|09:30"], await file.RowsAsync("SELECT slot_number, slot_time FROM volume_slots"));
    }

    [Fact]
    public async Task A_write_that_fails_midway_leaves_everything_as_it_was()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        await file.ExecuteAsync("ALTER TABLE coverage RENAME TO coverage_away");
        await Assert.ThrowsAsync<DuckDBException>(() => SaveAsync(Monday, Bar("MSFT", Monday)));
        await file.ExecuteAsync("ALTER TABLE coverage_away RENAME TO coverage");
        Assert.Equal([Bar("AAPL", Monday)], await BarsAsync(Monday));
        await SaveAsync(Monday, Bar("MSFT", Monday));
        Assert.Equal([Bar("MSFT", Monday)], await BarsAsync(Monday));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_named()
    {
        Assert.Contains("is a file", Assert.Single(StoreOptions.Mistakes(new StoreOptions { Path = file.File })), StringComparison.Ordinal);
        Assert.Contains("Store:ConnectionString", Assert.Single(StoreOptions.Mistakes(new StoreOptions { Kind = StoreKind.Postgres })), StringComparison.Ordinal);
        Assert.Empty(StoreOptions.Mistakes(new StoreOptions()));
    }
}
