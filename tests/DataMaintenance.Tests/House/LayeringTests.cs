using System.Text.RegularExpressions;

namespace DataMaintenance.Tests.House;

/// <summary>A room sees only what it may: the table here is the one in ARCHITECTURE.md.</summary>
public sealed partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> MaySee = new()
    {
        ["Provider"] = [],
        ["Store"] = [],
        ["Logs"] = [],
        ["Values"] = ["Store"],
        ["Cache"] = ["Values", "Store"],
        ["Pipeline"] = ["Provider", "Store", "Values", "Cache"],
        ["Schedule"] = ["Provider", "Cache", "Pipeline", "Store"],
        ["Alerts"] = ["Pipeline", "Schedule", "Store"],
        ["Telemetry"] = ["Provider", "Store", "Values", "Cache", "Pipeline", "Alerts"],
    };

    /// <summary>Those that ask and show, and those that put together, see everything.</summary>
    private static readonly string[] SeeEverything = ["Api", "Dashboard", "Serving", "Cli", "Settings", ""];

    [Fact]
    public void A_room_sees_only_the_rooms_it_may()
    {
        var strays = from file in Repository.Sources("src/DataMaintenance")
                     let room = Room(Repository.Relative(file))
                     where !SeeEverything.Contains(room)
                     from seen in Mentions(File.ReadAllText(file))
                     where seen != room && (!MaySee.TryGetValue(room, out var allowed) || !allowed.Contains(seen))
                     select $"{Repository.Relative(file)}: {room} must not see {seen}";
        Assert.Equal([], strays);
    }

    [Fact]
    public void The_market_sees_nothing_and_the_simulator_only_the_market()
    {
        var strays = from project in new[] { "Market", "Simulator" }
                     from file in Repository.Sources($"src/{project}")
                     from seen in Namespaces().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Distinct()
                     where seen is "DataMaintenance" || (project == "Market" && seen is not ("Market" or "System"))
                     select $"{Repository.Relative(file)}: {project} must not see {seen}";
        Assert.Equal([], strays);
    }

    [Fact]
    public void Every_room_has_its_line_in_the_table()
    {
        var rooms = Repository.Sources("src/DataMaintenance").Select(f => Room(Repository.Relative(f))).Distinct();
        Assert.Equal([], rooms.Where(r => !MaySee.ContainsKey(r) && !SeeEverything.Contains(r)));
    }

    [Fact]
    public void A_stray_is_noticed_however_it_is_written()
    {
        Assert.Equal(["Cache", "Provider", "Simulator", "Store"],
            Mentions("using DataMaintenance.Cache;\nusing static DataMaintenance.Store.X;\nusing Y = DataMaintenance.Provider.Z;\nusing Simulator;\n").Order());
        Assert.Equal(["Cache"], Mentions("var x = DataMaintenance.Cache.RedisKind.Server;"));
    }

    /// <summary>The folder below src/DataMaintenance; empty for the files that put everything together.</summary>
    private static string Room(string relative)
    {
        var parts = relative.Split(Path.DirectorySeparatorChar);
        return parts.Length > 3 ? parts[2] : "";
    }

    private static IEnumerable<string> Mentions(string source) =>
        Rooms().Matches(source).Select(m => m.Groups[1].Success ? m.Groups[1].Value : "Simulator").Where(r => r == "Simulator" || MaySee.ContainsKey(r) || SeeEverything.Contains(r)).Distinct();

    [GeneratedRegex(@"\bDataMaintenance\.([A-Z]\w*)|^using (?:static )?Simulator\b", RegexOptions.Multiline)]
    private static partial Regex Rooms();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();
}
