using System.Diagnostics;
using Npgsql;

namespace CrashHarness;

public enum StoreKind { Embedded, Postgres }

/// <summary>What is disturbed: a first load into an empty store, a night on a loaded one by command, or by a service on its own.</summary>
public enum Scenario { FirstLoad, Night, Serving }

/// <summary>Where one trial works: a store of its own, logs of its own.</summary>
/// <param name="Store">Folder of an embedded store, on the disk that may fill up.</param>
/// <param name="Database">Of a PostgreSQL store.</param>
public sealed record Site(string Folder, string Store, string Database, bool EmbeddedRedis);

/// <summary>A provider, a Redis and perhaps a PostgreSQL, for one trial after the other; and what an undisturbed run of each scenario ends in.</summary>
public sealed class Lane : IAsyncDisposable
{
    public const string Session = "2025-12-01";
    private const string SessionBefore = "2025-11-28";
    private const string Loaded = "loaded";

    private readonly Dictionary<Scenario, Expectation> expected = [];
    private int sites;

    private Lane(StoreKind store, int symbols, string folder)
    {
        (Store, Symbols, Folder) = (store, symbols, folder);
        Provider = new(symbols, Drill());
        Disk = new(Path.Combine(folder, "disk"), store == StoreKind.Postgres ? 1_024 : 256);
        Postgres = store == StoreKind.Postgres ? new(Path.Combine(Disk.Folder, "postgres")) : null;
    }

    public StoreKind Store { get; }
    public int Symbols { get; }
    public string Folder { get; }
    public Redis Redis { get; } = new();
    public Provider Provider { get; }
    public Postgres? Postgres { get; }

    /// <summary>Holds the store and nothing else.</summary>
    public Disk Disk { get; }

    /// <summary>Whether nothing is done but filling the disk.</summary>
    public bool OnlyDisk { get; init; }

    /// <summary>Starts the servers, has a service load the store that nights begin with, and runs every scenario undisturbed.</summary>
    public static async Task<Lane> StartAsync(CampaignOptions options, CancellationToken ct)
    {
        var lane = new Lane(options.Store, options.Symbols, Directory.CreateTempSubdirectory("crash-").FullName) { OnlyDisk = options.OnlyDisk };
        try
        {
            if (OperatingSystem.IsLinux()) File.SetUnixFileMode(lane.Folder, (UnixFileMode)0b111_101_101);
            await lane.Disk.MountAsync();
            if (lane.Postgres is not null) await lane.Postgres.CreateAsync();
            foreach (var server in lane.Servers) await server.StartAsync(ct);
            await lane.LoadAsync(ct);
            foreach (var scenario in options.Scenarios.Distinct()) lane.expected[scenario] = await lane.ExpectAsync(scenario, ct);
            return lane;
        }
        catch
        {
            await lane.DisposeAsync();
            throw;
        }
    }

    public IEnumerable<Server> Servers => Postgres is null ? [Redis, Provider] : [Postgres, Redis, Provider];

    public Expectation Expected(Scenario scenario) => expected[scenario];

    /// <summary>A store as the scenario begins with, and an empty Redis.</summary>
    public async Task<Site> PrepareAsync(Scenario scenario, bool embeddedRedis)
    {
        var site = NewSite($"site_{++sites}", embeddedRedis);
        await FlushAsync();
        if (Postgres is not null) await Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {site.Database}{(scenario == Scenario.FirstLoad ? "" : $" TEMPLATE {Loaded}")}");
        else if (scenario != Scenario.FirstLoad) Copy(Path.Combine(Disk.Folder, Loaded), site.Store);
        return site;
    }

    /// <summary>The same store once more.</summary>
    public async Task<Site> CopyAsync(Site site)
    {
        var copy = NewSite($"site_{++sites}", site.EmbeddedRedis);
        if (Postgres is not null) await Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {copy.Database} TEMPLATE {site.Database}");
        else Copy(site.Store, copy.Store);
        return copy;
    }

    public async Task RemoveAsync(Site site)
    {
        if (Postgres is not null) await Postgres.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {site.Database} WITH (FORCE)");
        else Directory.Delete(site.Store, recursive: true);
        Directory.Delete(site.Folder, recursive: true);
    }

    /// <summary>Puts logs and output where they outlast the lane. The store stays until the lane ends.</summary>
    /// <returns>The folder.</returns>
    public async Task<string> KeepAsync(Site site, int seed, IReadOnlyList<Attempt> attempts, CancellationToken ct)
    {
        var kept = Directory.CreateTempSubdirectory($"crash-kept-{Store.ToString().ToLowerInvariant()}-{seed}-").FullName;
        var logs = Path.Combine(site.Folder, "logs");
        if (Directory.Exists(logs)) Copy(logs, kept);
        for (var i = 0; i < attempts.Count; i++) await File.WriteAllTextAsync(Path.Combine(kept, $"attempt-{i + 1}-of-{attempts[i].Process.Id}.txt"), attempts[i].Process.Said, ct);
        return kept;
    }

    public Dictionary<string, string> Settings(Site site, string session = Session)
    {
        var settings = new Dictionary<string, string>(Drill(session), StringComparer.Ordinal)
        {
            ["Provider__Kind"] = "Massive",
            ["Provider__BaseUrl"] = Provider.Url.ToString(),
            ["Provider__ApiKey"] = "any",
            ["Provider__CallsPerSecond"] = "0",
            ["Provider__DetailsPause"] = "00:00:00",
            ["Provider__RetryDelay"] = "00:00:00.2",
            ["Store__Path"] = site.Store,
            ["Store__MemoryMegabytes"] = "128",
            ["Logs__Directory"] = Path.Combine(site.Folder, "logs"),
            ["Api__Urls"] = "http://127.0.0.1:0",
            ["Tasks__MetadataPerRun"] = "1000",
            ["Checks__MinDailySymbols"] = $"{Symbols / 2}",
            ["Checks__MinSlotRows"] = $"{Symbols * 5}",
            ["Checks__MinAtrSymbols"] = $"{Symbols / 2}",
        };
        if (Postgres is not null)
        {
            settings["Store__Kind"] = "Postgres";
            settings["Store__ConnectionString"] = Postgres.ConnectionString(site.Database);
        }

        if (!site.EmbeddedRedis)
        {
            settings["Redis__Kind"] = "Server";
            settings["Redis__ConnectionString"] = Redis.Address;
        }

        return settings;
    }

    /// <summary>A command on the site's store, to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public async Task<string> CommandAsync(Site site, params string[] arguments)
    {
        using var running = Published.Start(Settings(site), arguments);
        if (!await running.EndedAsync(TimeSpan.FromMinutes(2))) throw new InvalidOperationException($"{string.Join(' ', arguments)} does not end: {running.Said}");
        return running.ExitCode == 0 ? running.Said : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {running.ExitCode}: {running.Said}");
    }

    /// <summary>Makes room again, and starts a PostgreSQL that ended for want of it, as its operator would.</summary>
    public async Task FreeDiskAsync(CancellationToken ct)
    {
        Disk.Free();
        if (Postgres is { IsUp: false }) await Postgres.StartAsync(ct);
    }

    /// <summary>Ends a dead leader's lease at once, so that a trial need not wait its 15 s.</summary>
    public Task EndLeaseAsync(Site site) => Postgres is null ? Task.CompletedTask
        : Postgres.ExecuteAsync(site.Database, "DO $$ BEGIN IF to_regclass('leadership') IS NOT NULL THEN UPDATE leadership SET expires_at = '-infinity'; END IF; END $$");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var server in Servers)
        {
            await server.KillAsync();
            server.Dispose();
        }

        await Disk.UnmountAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        var site = NewSite(Loaded, embeddedRedis: false);
        if (Postgres is not null) await Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {Loaded}");
        using var attempt = Attempt.Start(this, site, Scenario.Serving, SessionBefore);
        if (await attempt.EndAsync(TimeSpan.FromMinutes(10), ct) is { } failure) throw new InvalidOperationException($"the store that nights begin with cannot be loaded: {failure}");
    }

    private async Task<Expectation> ExpectAsync(Scenario scenario, CancellationToken ct)
    {
        var site = await PrepareAsync(scenario, embeddedRedis: false);
        var requests = await Provider.RequestsAsync(ct) ?? 0;
        var watch = Stopwatch.StartNew();
        using var attempt = Attempt.Start(this, site, scenario);
        if (await attempt.EndAsync(TimeSpan.FromMinutes(10), ct) is { } failure) throw new InvalidOperationException($"undisturbed, {scenario} on {Store} fails: {failure}");
        var took = watch.Elapsed;
        var expectation = new Expectation(await Evidence.OfAsync(this, site, exports: true, ct), took, attempt.Process.Said.Split('\n').Length, await Provider.RequestsAsync(ct) - requests ?? 0);
        await RemoveAsync(site);
        return expectation;
    }

    private Site NewSite(string name, bool embeddedRedis)
    {
        var site = new Site(Path.Combine(Folder, name), Path.Combine(Disk.Folder, name), name, embeddedRedis);
        Directory.CreateDirectory(site.Folder);
        return site;
    }

    private async Task FlushAsync()
    {
        await using var redis = await Redis.ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    /// <summary>The clock at which every process starts: 03:00 New York on the day after the session.</summary>
    private static Dictionary<string, string> Drill(string session = Session) => new() { ["Clock__Start"] = session == Session ? "2025-12-02T08:00:00Z" : "2025-12-01T08:00:00Z" };

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}

/// <param name="Took">From start to end, start of the process included.</param>
/// <param name="Lines">What it said.</param>
/// <param name="Requests">What it asked of the provider.</param>
public sealed record Expectation(Evidence Evidence, TimeSpan Took, int Lines, long Requests);
