using System.Data.Common;
using StackExchange.Redis;

namespace CrashHarness;

/// <summary>Whether the judge would notice: what crashes must not do is done by hand to an undisturbed night, and each of it must be told.</summary>
public static class Sabotage
{
    private const string Session = Lane.Session;

    private static readonly (string What, string Sql)[] OfStore =
    [
        ("a lost day of bars", $"DELETE FROM market_data_daily_raw WHERE date = '{Session}'"),
        ("a lost symbol of slots", $"DELETE FROM volume_slots_raw WHERE date = '{Session}' AND symbol = (SELECT max(symbol) FROM volume_slots_raw WHERE date = '{Session}')"),
        ("a doubled day of bars", "INSERT INTO market_data_daily_raw SELECT * FROM market_data_daily_raw WHERE date = (SELECT min(date) FROM market_data_daily_raw)"),
        ("a doubled symbol of slots", $"INSERT INTO volume_slots_raw SELECT * FROM volume_slots_raw WHERE date = '{Session}' AND symbol = (SELECT min(symbol) FROM volume_slots_raw WHERE date = '{Session}')"),
        ("one share more in one slot", $"UPDATE volume_slots_raw SET volume = volume + 1 WHERE date = '{Session}' AND slot_number = 66 AND symbol = (SELECT min(symbol) FROM volume_slots_raw WHERE date = '{Session}' AND slot_number = 66)"),
        ("a lost reply of coverage", $"DELETE FROM coverage WHERE dataset = 'slots' AND date = '{Session}' AND symbol = (SELECT max(symbol) FROM coverage WHERE dataset = 'slots' AND date = '{Session}')"),
        ("a lost split", "DELETE FROM splits WHERE symbol = (SELECT min(symbol) FROM splits)"),
        ("a symbol set inactive", "UPDATE ticker_universe SET is_active = NOT is_active WHERE symbol = (SELECT min(symbol) FROM ticker_universe)"),
        ("a lost sector", "UPDATE ticker_metadata SET sector = 'x' WHERE symbol = (SELECT min(symbol) FROM ticker_metadata)"),
        ("a table left behind", "CREATE TABLE left_behind (x INTEGER)"),
        ("a journal that says failed of a task that was done", "UPDATE maintenance_task_run SET state = 'failed' WHERE task = 'load_ohlc' AND run_id = (SELECT max(run_id) FROM maintenance_run)"),
        ("a journal without a task", "DELETE FROM maintenance_task_run WHERE task = 'calculate_rvol' AND run_id = (SELECT max(run_id) FROM maintenance_run)"),
        ("a run without its success", "UPDATE maintenance_run SET success = false WHERE run_id = (SELECT max(run_id) FROM maintenance_run)"),
        ("a run without its end", "UPDATE maintenance_run SET ended_at = NULL WHERE run_id = (SELECT max(run_id) FROM maintenance_run)"),
    ];

    private static readonly (string What, Func<IDatabase, Task> Do)[] OfRedis =
    [
        ("a lost key of a symbol", async db => await db.KeyDeleteAsync("atr:data:AAPL")),
        ("an old value of a symbol", async db => await db.HashSetAsync("atr:data:AAPL", "atr", "1")),
        ("a lost mark of a done session", async db => await db.KeyDeleteAsync($"maintenance:executed:{Session}")),
        ("a state that says less than the journal", async db => await db.StringSetAsync($"maintenance:status:{Session}", "{}")),
    ];

    /// <returns>What went unnoticed.</returns>
    public static async Task<List<string>> RunAsync(CampaignOptions options, Action<string> say, CancellationToken ct)
    {
        await Published.BuildAsync();
        await using var lane = await Lane.StartAsync(options with { Scenarios = [Scenario.Night] }, ct);
        var site = await lane.PrepareAsync(Scenario.Night, embeddedRedis: false);
        using var attempt = Attempt.Start(lane, site, Scenario.Night);
        if (await attempt.EndAsync(TimeSpan.FromMinutes(10), ct) is { } failure) throw new InvalidOperationException($"undisturbed, a night fails: {failure}");
        var unnoticed = new List<string>();
        foreach (var failures in await Trial.JudgeAsync(lane, site, Scenario.Night, [attempt], exports: true, ct)) unnoticed.Add($"nothing was done, yet: {failures}");
        foreach (var (what, sql) in OfStore)
        {
            var copy = await lane.CopyAsync(site);
            Told(what, await DoAsync(lane, copy, sql, ct) ?? await Trial.JudgeAsync(lane, copy, Scenario.Night, [attempt], exports: false, ct));
            await lane.RemoveAsync(copy);
        }

        await using var redis = await lane.Redis.ConnectAsync();
        foreach (var (what, act) in OfRedis)
        {
            await act(redis.GetDatabase());
            Told(what, await Trial.JudgeAsync(lane, site, Scenario.Night, [attempt], exports: false, ct));
            // A command puts back what it finds missing, which is left to the next one to look at.
            await lane.CommandAsync(site, "run", "--date", Session, "--force");
        }

        return unnoticed;

        void Told(string what, List<string> failures)
        {
            say($"{options.Store}: {what}: {(failures.Count > 0 ? $"noticed: {failures[0]}" : "NOT NOTICED")}");
            if (failures.Count == 0) unnoticed.Add(what);
        }
    }

    /// <returns>The refusal, where the store itself refuses it.</returns>
    private static async Task<List<string>?> DoAsync(Lane lane, Site site, string sql, CancellationToken ct)
    {
        try
        {
            await Evidence.RowsAsync(lane, site, sql, ct);
            return null;
        }
        catch (DbException e)
        {
            return [$"refused by the store: {e.Message.ReplaceLineEndings(" ")}"];
        }
    }
}
