using System.Globalization;
using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>What the plan grants of the flat files: each set by its newest file, and how far back minutes go.</summary>
internal static class FileProbe
{
    /// <summary>First year of the provider's files.</summary>
    private const int FirstYear = 2003;
    private const int NewestLooked = 4;

    public static async Task<IReadOnlyList<Entitlement>> RunAsync(BucketFiles? files, DateOnly today, CancellationToken ct)
    {
        if (files is null) return [new("flat files", Granted: true, "not in use: no keys are configured (Provider:FlatFiles:AccessKey and SecretKey); everything comes by REST")];
        var minutes = await NewestAsync(files, FileSet.Minutes, "flat files of minutes", today, ct);
        return [await NewestAsync(files, FileSet.Days, "flat files of days", today, ct), minutes, .. minutes.Granted ? [await DepthAsync(files, today, ct)] : Array.Empty<Entitlement>()];
    }

    private static async Task<Entitlement> NewestAsync(BucketFiles files, FileSet set, string what, DateOnly today, CancellationToken ct)
    {
        var found = new FileFound(FileState.NotYet, null, "");
        foreach (var session in TradingCalendar.Nyse.LastSessions(NewestLooked, TradingCalendar.Nyse.PreviousSession(today)).Reverse())
        {
            found = await files.FindAsync(set, session, int.MaxValue, ct);
            if (found.State != FileState.NotYet) break;
        }
        return found.File is { } file
            ? new(what, Granted: true, string.Create(CultureInfo.InvariantCulture, $"newest of {file.Date:yyyy-MM-dd}, {file.Bytes / 1e6:0.0} MB, published {file.LastModified:u}"))
            : new(what, Granted: false, $"{found.State}: {found.Said}");
    }

    /// <summary>The oldest year whose minutes may be read; asked by halving, each year by a session of its January.</summary>
    private static async Task<Entitlement> DepthAsync(BucketFiles files, DateOnly today, CancellationToken ct)
    {
        var (refused, readable) = (FirstYear, today.Year);
        var said = "";
        while (readable - refused > 1)
        {
            var year = (readable + refused) / 2;
            var found = await files.FindAsync(FileSet.Minutes, TradingCalendar.Nyse.PreviousSession(new DateOnly(year, 1, 31)), int.MaxValue, ct);
            if (found.State == FileState.Failed) return new("flat files history", Granted: false, found.Said);
            if (found.State == FileState.Out) readable = year;
            else (refused, said) = (year, found.State == FileState.NotEntitled ? "before it the plan refuses (403)" : "before it there is none (404)");
        }
        return new("flat files history", Granted: true, string.Create(CultureInfo.InvariantCulture, $"minutes from {readable} on{(said.Length > 0 ? "; " + said : "")}"));
    }
}
