namespace DataMaintenance.Alerts;

/// <summary>An outside system to be watched.</summary>
/// <param name="AskAsync">Null while it answers, or when nobody knows; else what is wrong.</param>
public sealed record Outside(string Name, Func<CancellationToken, Task<string?>> AskAsync);

/// <summary>Since when which outside system has not answered.</summary>
internal sealed class Outages(IReadOnlyList<Outside> systems)
{
    private readonly Dictionary<string, Outage> down = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Outage>> LookAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var system in systems)
        {
            if (await system.AskAsync(ct) is not { } reason) down.Remove(system.Name);
            else if (down.TryGetValue(system.Name, out var known)) down[system.Name] = known with { Reason = reason };
            else down[system.Name] = new(system.Name, now, reason);
        }

        return [.. down.Values.OrderBy(o => o.Since)];
    }
}
