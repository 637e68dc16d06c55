using System.Globalization;
using Market;

namespace Simulator.S3;

/// <summary>A file as it lies in the bucket now.</summary>
/// <param name="Path">Where its bytes are on this machine.</param>
/// <param name="ETag">MD5 of the bytes, 32 hex digits, quoted.</param>
internal sealed record StoredFile(string Key, string Path, long Length, string ETag, DateTimeOffset LastModified);

/// <summary>Which file of a set is meant: its key taken apart.</summary>
/// <param name="Set"><c>day_aggs_v1</c>, <c>minute_aggs_v1</c>, or a set that is not sold here.</param>
internal readonly record struct FileName(string Set, DateOnly Date)
{
    internal const string Days = "day_aggs_v1", Minutes = "minute_aggs_v1";
    private const string Ending = ".csv.gz";

    internal string Key => Files.FlatFileWriter.KeyOf(Set, Date);

    /// <summary>Null for keys of another form.</summary>
    internal static FileName? Parse(string key) =>
        key.Split('/') is ["us_stocks_sip", var set, _, _, var file] && file.EndsWith(Ending, StringComparison.Ordinal)
        && DateOnly.TryParseExact(file[..^Ending.Length], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && new FileName(set, date) is var name && name.Key == key
            ? name
            : null;

    /// <summary>When the provider puts it into the bucket: days in the evening, minutes at 11:00 New York on the day after.</summary>
    internal DateTimeOffset PublishedAt => Set == Days ? TradingCalendar.At(Date, Evening) : TradingCalendar.At(Date.AddDays(1), Morning);

    private static readonly TimeOnly Evening = new(22, 0), Morning = new(11, 0);
}
