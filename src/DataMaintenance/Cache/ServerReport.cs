namespace DataMaintenance.Cache;

/// <summary>What there is to know of the Redis server, and whether anything about it endangers what is published.</summary>
/// <param name="Text">One line.</param>
public sealed record ServerReport(bool Ok, string Text)
{
    public static ServerReport Of(ServerInfo server)
    {
        var facts = new List<string> { server.Version };
        if (server.UsedMemory.Length > 0) facts.Add($"{server.UsedMemory} in use{(server.Limit is { } limit ? $" of {limit}" : ", no limit")}");
        if (server.EvictionPolicy.Length > 0) facts.Add($"policy {server.EvictionPolicy}");
        facts.Add(server.AppendsToFile ? "appends to a file" : "keeps no append-only file, so what a crash takes is published again from the store");
        var dangers = Dangers(server).ToArray();
        return new(dangers.Length == 0, string.Join("; ", facts.Concat(dangers)));
    }

    private static IEnumerable<string> Dangers(ServerInfo server)
    {
        if (server.Role is "slave" or "replica") yield return "IT IS A READ-ONLY REPLICA: point Redis:ConnectionString at its primary";
        if (server.SnapshotFailed) yield return "ITS LAST SNAPSHOT TO DISK FAILED: it may refuse writes; see to its disk";
        if (server.Limit is not null && server.EvictionPolicy is not ("" or "noeviction"))
            yield return $"IT MAY EVICT OUR KEYS when it reaches its limit (maxmemory-policy {server.EvictionPolicy}): set noeviction, or give it enough memory; what is evicted is noticed and published again";
    }
}
