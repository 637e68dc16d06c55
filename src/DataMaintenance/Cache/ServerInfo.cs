using System.Globalization;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>What a server says of itself in reply to INFO; what it does not say is empty.</summary>
public sealed class ServerInfo
{
    private readonly Dictionary<string, string> said = new(StringComparer.Ordinal);

    private ServerInfo(string text)
    {
        foreach (var line in text.Split('\n'))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) said.TryAdd(line[..colon], line[(colon + 1)..].TrimEnd('\r'));
    }

    /// <summary>A name that no other start of any server has; empty where the server gives none.</summary>
    public string RunId => Said("run_id");

    public string Version => Said("valkey_version") is { Length: > 0 } valkey ? $"Valkey {valkey}" : Said("garnet_version") is { Length: > 0 } garnet ? $"Garnet {garnet}" : $"Redis {Said("redis_version")}";

    public string Role => Said("role");
    public string UsedMemory => Said("used_memory_human");
    public string EvictionPolicy => Said("maxmemory_policy");

    /// <summary>The memory limit, for people; null when there is none.</summary>
    public string? Limit => Number("maxmemory") > 0 ? $"maxmemory {Said("maxmemory_human")}" : null;

    /// <summary>Whether its last snapshot to disk failed.</summary>
    public bool SnapshotFailed => Said("rdb_last_bgsave_status") == "err";

    public bool AppendsToFile => Number("aof_enabled") > 0;

    public static ServerInfo Parse(string text) => new(text);

    internal static async Task<ServerInfo> ReadAsync(IDatabase db) => new((await db.ExecuteAsync("INFO")).ToString());

    private string Said(string name) => said.GetValueOrDefault(name, "");

    private long? Number(string name) => long.TryParse(Said(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
