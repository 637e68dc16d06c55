using DataMaintenance.Provider;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>Sessions whose flat file is another one than what the store holds was read from.</summary>
public sealed class Reissues(IMarketSource source, IStore store)
{
    /// <summary>
    /// The files that are out now and were not read as they are: published again since, or the session came by REST. Empty for a
    /// source without files. What cannot be found out is left to the next look.
    /// </summary>
    /// <param name="sessions">Oldest first.</param>
    public async Task<IReadOnlyList<PublishedFile>> OfAsync(FileSet set, IReadOnlyList<DateOnly> sessions, CancellationToken ct)
    {
        if (sessions.Count == 0) return [];
        var known = (await store.SourceFilesAsync(set == FileSet.Days ? Dataset.Daily : Dataset.Slots, sessions[0], sessions[^1], ct)).ToDictionary(f => f.Date, f => f.ETag);
        var found = new List<PublishedFile>();
        foreach (var session in sessions)
        {
            var file = (await source.FindFileAsync(set, session, int.MaxValue, ct)).File;
            if (file is not null && known.GetValueOrDefault(session) != file.ETag) found.Add(file);
        }

        return found;
    }
}
