using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Provider;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>What <c>doctor</c> says: each part looked at, in words.</summary>
public sealed class Checkup(Wiring wiring)
{
    public async Task<JsonObject> RunAsync(CancellationToken ct)
    {
        var checks = new JsonArray();
        var asking = HealthApi.TryAsync(wiring.Store.PingAsync, ct);
        var redis = await HealthApi.TryAsync(wiring.Redis.AnswersAsync, ct);
        var store = await asking;
        Add("store", store is null, store ?? wiring.Store.Description);
        Add("redis", redis is null, redis ?? wiring.Redis.Description);
        if (redis is null) await AddAsync("redis server", async () => ServerReport.Of(await wiring.Presence.ServerAsync(ct)).Text, async () => ServerReport.Of(await wiring.Presence.ServerAsync(ct)).Ok);
        if (wiring.Settings.Store.Kind == StoreKind.Postgres && store is null) await AddAsync("python service", () => LegacyAsync(ct));
        Add("disk", Disk(out var said), said);
        Add("slots grid", true, $"{wiring.Settings.Values.Grid.Name}: {wiring.Settings.Values.Grid.Count} slots from {wiring.Settings.Values.Grid.Start:HH:mm} New York, field 0 is {wiring.Settings.Values.Grid.Start:HH:mm}");
        await AddEntitlementsAsync();
        if (redis is not null || store is not null) Add("redis families", false, $"not looked at, since {(redis is null ? "the store" : "Redis")} does not answer");
        else await AddFamiliesAsync();
        var usual = new ServiceSettings().Describe().ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
        return new()
        {
            ["healthy"] = checks.All(c => c!["ok"]!.GetValue<bool>()),
            ["checks"] = checks,
            ["settings"] = new JsonObject(wiring.Settings.Describe().Where(s => s.Origin != "default" && s.Value != usual.GetValueOrDefault(s.Name)).Select(s => KeyValuePair.Create(s.Name, (JsonNode?)new JsonObject { ["value"] = s.Value, ["from"] = s.Origin }))),
        };

        void Add(string what, bool ok, string text) => checks.Add(new JsonObject { ["what"] = what, ["ok"] = ok, ["said"] = text.ReplaceLineEndings(" ") });

        async Task AddAsync(string what, Func<Task<string>> look, Func<Task<bool>>? ok = null)
        {
            try
            {
                Add(what, ok is null || await ok(), await look());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Add(what, false, e.Message);
            }
        }

        async Task AddFamiliesAsync()
        {
            var symbols = (await wiring.Store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol).ToArray();
            foreach (var family in Enum.GetValues<Family>()) await AddAsync($"redis {family.Text()}", () => FamilyAsync(family, symbols, ct), () => WholeAsync(family, symbols, ct));
        }

        async Task AddEntitlementsAsync()
        {
            try
            {
                foreach (var entitlement in await wiring.Source.ProbeAsync(ct)) Add($"{wiring.Source.Name} {entitlement.What}", entitlement.Granted, entitlement.Said);
            }
            catch (ProviderException e)
            {
                Add(wiring.Source.Name, false, e.Message);
            }
        }
    }

    private async Task<string> FamilyAsync(Family family, Symbol[] symbols, CancellationToken ct)
    {
        if (await wiring.Cache.DerivedAsync(family, ct) is not { } derived) return "not published";
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

    private bool Disk(out string said)
    {
        if (wiring.Settings.Store.Kind == StoreKind.Postgres)
        {
            said = "that of the database server, which cannot be seen from here; a year of slots takes about 15 GB there, a sixth of it compressed";
            return true;
        }

        var drive = new DriveInfo(Path.GetFullPath(wiring.Settings.Store.Path));
        said = string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / 1e9:0.0} GB free for the store; a year of slots takes about 3 GB");
        return drive.AvailableFreeSpace > LeastFreeBytes;
    }

    private const long LeastFreeBytes = 2_000_000_000;
}
