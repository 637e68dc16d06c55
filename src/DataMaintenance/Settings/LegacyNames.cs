using System.Data.Common;

namespace DataMaintenance.Settings;

/// <summary>
/// Variables that deployments of the older service have. A setting given as <c>Section__Name</c> wins over them; naming a server
/// by them selects it, unless <c>Kind</c> is given anywhere. An empty variable counts as absent.
/// </summary>
internal static class LegacyNames
{
    private static readonly string[] TimescaleNames = ["TIMESCALE_HOST", "TIMESCALE_PORT", "TIMESCALE_DB", "TIMESCALE_USER", "TIMESCALE_PASSWORD"];
    private static readonly string[] ConnectionKeys = ["Database", "Username", "Password"];

    /// <param name="Implied">What follows from the presence of a name; anything given wins over it.</param>
    /// <param name="Given">What the names say.</param>
    public readonly record struct Layers(SettingsLayer Implied, SettingsLayer Given);

    /// <param name="named">Settings the environment names outright.</param>
    public static Layers Read(IReadOnlyDictionary<string, string> environment, IReadOnlySet<string> named, List<string> mistakes)
    {
        var layers = new Layers(new("environment"), new("environment"));
        string? Text(string name) => environment.TryGetValue(name, out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        foreach (var name in new[] { "POLYGON_API_KEY", "MASSIVE_API_KEY" })
            if (Text(name) is { } key && !named.Contains("Provider:ApiKey") && !named.Contains("Provider:ApiKeyFile")) layers.Given.Set("Provider:ApiKey", key, $"environment ({name})");
        if (Text("TIMEZONE") is { } zone && zone != "America/New_York")
            mistakes.Add($"TIMEZONE: expected America/New_York, the zone of the exchange, got '{zone}'");
        if (Text("MAINTENANCE_SCHEDULE") is { } schedule)
        {
            if (schedule is "PRE_MARKET" or "MARKET_CLOSE") layers.Given.Set("Plans:Schedule", schedule == "PRE_MARKET" ? "PreMarket" : "MarketClose", "environment (MAINTENANCE_SCHEDULE)");
            else mistakes.Add($"MAINTENANCE_SCHEDULE: expected PRE_MARKET or MARKET_CLOSE, got '{schedule}'");
        }

        if (!Names(named, "Redis:ConnectionString")) Redis(Text, layers, named, mistakes);
        if (!Names(named, "Store:ConnectionString")) Timescale(Text, layers, mistakes);
        return layers;
    }

    private static void Redis(Func<string, string?> text, Layers layers, IReadOnlySet<string> named, List<string> mistakes)
    {
        var (host, port, password) = (text("REDIS_HOST"), text("REDIS_PORT"), text("REDIS_PASSWORD"));
        if ((host ?? port ?? password) is null) return;
        var from = Origin(("REDIS_HOST", host), ("REDIS_PORT", port), ("REDIS_PASSWORD", password));
        layers.Implied.Set("Redis:Kind", "Server", from);
        layers.Given.Set("Redis:ConnectionString", $"{host ?? "localhost"}:{Port("REDIS_PORT", port, 6379, mistakes)}", from);
        if (password is not null && !Names(named, "Redis:Password")) layers.Given.Set("Redis:Password", password, "environment (REDIS_PASSWORD)");
    }

    private static void Timescale(Func<string, string?> text, Layers layers, List<string> mistakes)
    {
        var given = TimescaleNames.Select(n => (Name: n, Text: text(n))).ToArray();
        if (given.All(g => g.Text is null)) return;
        var connection = new DbConnectionStringBuilder
        {
            ["Host"] = given[0].Text ?? "localhost",
            ["Port"] = Port("TIMESCALE_PORT", given[1].Text, 5432, mistakes),
        };
        foreach (var (key, (_, value)) in ConnectionKeys.Zip(given.Skip(2)))
            if (value is not null) connection[key] = value;
        layers.Implied.Set("Store:Kind", "Postgres", Origin(given));
        layers.Given.Set("Store:ConnectionString", connection.ConnectionString, Origin(given));
    }

    private static bool Names(IReadOnlySet<string> named, string setting) => named.Contains(setting) || named.Contains(setting + "File");

    private static string Origin(params (string Name, string? Text)[] given) => $"environment ({string.Join(", ", given.Where(g => g.Text is not null).Select(g => g.Name))})";

    private static int Port(string name, string? text, int otherwise, List<string> mistakes)
    {
        if (text is null) return otherwise;
        if (ushort.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) && port > 0) return port;
        mistakes.Add($"{name}: expected a port from 1 to 65535, got '{text}'");
        return otherwise;
    }
}
