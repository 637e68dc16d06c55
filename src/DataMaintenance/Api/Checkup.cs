using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>What <c>doctor</c> says: each part looked at, in words.</summary>
public sealed class Checkup(Wiring wiring)
{
    /// <summary>What a person who asked for a look waits for Redis: by then it is known why it does not answer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<JsonObject> RunAsync(CancellationToken ct)
    {
        var checks = new CheckList(wiring.Settings);
        var asking = HealthApi.TryAsync(wiring.Store.PingAsync, ct);
        var redis = await HealthApi.TryAsync(wiring.Redis.AnswersAsync, ct, Patience);
        var store = await asking;
        checks.Add("store", store is null, store ?? wiring.Store.Description);
        checks.Add("redis", redis is null, redis ?? wiring.Redis.Description);
        if (redis is null) await checks.AddAsync("redis server", async () => ServerReport.Of(await wiring.Presence.ServerAsync(ct)) is var server ? (server.Ok, server.Text) : default);
        if (wiring.Settings.Store.Kind == StoreKind.Postgres && store is null) await checks.AddAsync("python service", async () => (true, await LegacyAsync(ct)));
        checks.AddDiskAndGrid();
        await checks.AddSourceAsync(wiring.Source, TradingCalendar.NewYorkDate(wiring.Clock.GetUtcNow()), ct);
        if (redis is not null || store is not null) checks.Add("redis families", false, $"not looked at, since {(redis is null ? "the store" : "Redis")} does not answer");
        else
        {
            var symbols = (await wiring.Store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol).ToArray();
            foreach (var family in Enum.GetValues<Family>()) await checks.AddAsync($"redis {family.Text()}", async () => (await WholeAsync(family, symbols, ct), await FamilyAsync(family, symbols, ct)));
        }

        return checks.ToJson();
    }

    private async Task<string> FamilyAsync(Family family, Symbol[] symbols, CancellationToken ct)
    {
        if (await wiring.Cache.DerivedAsync(family, ct) is not { } derived) return await wiring.Families.NewestUsableAsync(family, ct) is { } usable ? $"not published, though {usable:yyyy-MM-dd} is whole" : "not published yet: no session is whole";
        if (!await HeldAsync(family, derived, symbols, ct))
        {
            var there = await wiring.Presence.CountAsync(family, symbols, ct);
            return string.Create(CultureInfo.InvariantCulture, $"{there:N0} of {derived.Count:N0} keys of {derived.Session:yyyy-MM-dd} are there; a service that runs puts them back, and so does `data-maintenance run --tasks sync_redis`");
        }

        var stale = await CurrentAsync(family, ct) ? "" : await StaleAsync(family, ct);
        return string.Create(CultureInfo.InvariantCulture, $"{derived.Count:N0} keys of {derived.Session:yyyy-MM-dd}, published {derived.PublishedAt:u}{stale}");
    }

    private async Task<string> StaleAsync(Family family, CancellationToken ct) => await wiring.Families.StaleAsync(family, ct) switch
    {
        null => "; there is no whole session to compute it from",
        { Count: 0 } => "; the store's facts were written again since, and give the same values",
        var stale => $"; {stale.Count:N0} values are stale, their inputs having changed since: {Names.List(stale.All.Select(s => s.Text))}",
    };

    /// <summary>A record without its keys is no family; the watch of a service counts them one by one.</summary>
    private async Task<bool> HeldAsync(Family family, DerivedState derived, Symbol[] symbols, CancellationToken ct) =>
        !wiring.RedisWatch.Lacking.Contains(family) && (derived.Count == 0 || await wiring.Presence.CountAsync(family, symbols, ct) > 0);

    private async Task<bool> WholeAsync(Family family, Symbol[] symbols, CancellationToken ct) =>
        await CurrentAsync(family, ct) && (await wiring.Cache.DerivedAsync(family, ct) is not { } derived || await HeldAsync(family, derived, symbols, ct));

    /// <returns>Whether the record of the family is as it should be.</returns>
    private async Task<bool> CurrentAsync(Family family, CancellationToken ct)
    {
        var usable = await wiring.Families.NewestUsableAsync(family, ct);
        var derived = await wiring.Cache.DerivedAsync(family, ct);
        if (usable is null || derived is null) return usable is null && derived is null;
        return derived.Session == usable && derived.Fingerprint == await wiring.Values.FingerprintAsync(family, usable.Value, ct);
    }

    private async Task<string> LegacyAsync(CancellationToken ct) => await LegacyDatabase.LookAsync(wiring.Settings.Store, ct) is { Count: > 0 } theirs
        ? $"its tables are in this database: {string.Join("; ", theirs)}; `data-maintenance migrate --from-legacy --legacy-schema {theirs[0].Schema}` brings their rows into ours"
        : "none of its tables is in this database";
}
