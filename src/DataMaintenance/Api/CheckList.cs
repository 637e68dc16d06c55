using System.Text.Json.Nodes;
using DataMaintenance.Provider;
using DataMaintenance.Settings;

namespace DataMaintenance.Api;

/// <summary>The lines of a checkup as they are found.</summary>
internal sealed class CheckList(ServiceSettings settings)
{
    /// <summary>Below it a store of a year has no room to be written again.</summary>
    private const long LeastFreeBytes = 2_000_000_000;

    private readonly JsonArray checks = [];

    public void Add(string what, bool ok, string text) => checks.Add(new JsonObject { ["what"] = what, ["ok"] = ok, ["said"] = text.ReplaceLineEndings(" ") });

    /// <summary>Looks; a look that fails is a problem with the failure's text.</summary>
    public async Task AddAsync(string what, Func<Task<(bool Ok, string Said)>> look)
    {
        try
        {
            var (ok, said) = await look();
            Add(what, ok, said);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Add(what, false, e.Message);
        }
    }

    /// <summary>What the provider lets us read, one line each; where it does not answer at all, that once.</summary>
    public async Task AddSourceAsync(IMarketSource source, DateOnly today, CancellationToken ct)
    {
        try
        {
            var found = await source.ProbeAsync(today, ct);
            var refused = found.Where(e => !e.Granted).ToArray();
            var same = refused.Length > 1 && refused.All(e => e.Said == refused[0].Said) ? refused : [];
            if (same.Length > 0) Add(source.Name, false, $"{string.Join(", ", same.Select(e => e.What))}: {same[0].Said}");
            foreach (var entitlement in found.Except(same)) Add($"{source.Name} {entitlement.What}", entitlement.Granted, entitlement.Said);
        }
        catch (ProviderException e)
        {
            Add(source.Name, false, e.Message);
        }
    }

    /// <summary>Room for the store, and the grid of slots in force.</summary>
    public void AddDiskAndGrid()
    {
        if (settings.Store.Kind == Store.StoreKind.Postgres) Add("disk", true, "that of the database server, which cannot be seen from here; a year of slots takes about 15 GB there, a sixth of it compressed");
        else
        {
            // The folder of a store that is not made yet has no drive; the nearest one above it has.
            var folder = Path.GetFullPath(settings.Store.Path);
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above) folder = above;
            var free = new DriveInfo(folder).AvailableFreeSpace;
            Add("disk", free > LeastFreeBytes, FormattableString.Invariant($"{free / 1e9:0.0} GB free for the store; a year of slots takes about 3 GB"));
        }

        var grid = settings.Values.Grid;
        Add("slots grid", true, $"{grid.Name}: {grid.Count} slots from {grid.Start:HH:mm} New York, field 0 is {grid.Start:HH:mm}");
    }

    public JsonObject ToJson()
    {
        var usual = new ServiceSettings().Describe().ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
        return new()
        {
            ["healthy"] = checks.All(c => c!["ok"]!.GetValue<bool>()),
            ["checks"] = checks,
            ["settings"] = new JsonObject(settings.Describe().Where(s => s.Origin != "default" && s.Value != usual.GetValueOrDefault(s.Name)).Select(s => KeyValuePair.Create(s.Name, (JsonNode?)new JsonObject { ["value"] = s.Value, ["from"] = s.Origin }))),
        };
    }
}
