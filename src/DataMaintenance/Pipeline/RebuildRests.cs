namespace DataMaintenance.Pipeline;

/// <summary>
/// When a part of Redis may be written again after it was lost: the first time at once, again soon after twice as long after as before. Each part by
/// itself, since one that is lost again and again says nothing of the others.
/// </summary>
internal sealed class RebuildRests
{
    /// <summary>A server that loses again and again what it is given is not filled more often than this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), Shortest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (DateTimeOffset Last, TimeSpan Length)> taken = new(StringComparer.Ordinal);

    /// <returns>Until when the part rests; null when it may be written now. A clock that was set back does not make it rest for as long.</returns>
    public DateTimeOffset? Until(string part, DateTimeOffset now) =>
        taken.TryGetValue(part, out var t) && now >= t.Last && now < t.Last + t.Length ? t.Last + t.Length : null;

    /// <summary>The part is written now.</summary>
    public void Take(string part, DateTimeOffset now)
    {
        var known = taken.TryGetValue(part, out var before);
        var again = known && now - before.Last < Longest;
        taken[part] = (now, !again ? TimeSpan.Zero : before.Length == TimeSpan.Zero ? Shortest : before.Length * 2 > Longest ? Longest : before.Length * 2);
    }
}
