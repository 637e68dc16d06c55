using System.Text.Json;
using Simulator.Faults;

namespace Simulator.Rest;

/// <summary>The envelope of listings: results, status, request_id, count where the family has one, next_url while there is more.</summary>
internal static class ListingReply
{
    internal static Reply Of<T>(Call call, IReadOnlyCollection<T> page, string? next, bool counted, Action<Utf8JsonWriter, T> write) =>
        Reply.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            var (twice, row) = (call.Find(FaultKinds.Duplicates) is not null, 0);
            foreach (var item in page)
            {
                write(json, item);
                if (twice && row++ % 16 == 0) write(json, item);
            }
            json.WriteEndArray();
            json.WriteString("status", "OK");
            json.WriteString("request_id", call.RequestId);
            if (counted) json.WriteNumber("count", page.Count);
            if (Cursor.Disturb(call, next) is { } url) json.WriteString("next_url", url);
            json.WriteEndObject();
        }, capacity: 512 + (page.Count * 320));

    /// <summary>A page of rows already filtered and ordered, by offset.</summary>
    internal static Reply Page<T>(Call call, Listing listing, List<T> rows, Action<Utf8JsonWriter, T> write)
    {
        var page = rows.Skip(listing.Offset).Take(listing.Limit).ToList();
        var end = listing.Offset + page.Count;
        return Of(call, page, end < rows.Count ? listing.NextOffset(end) : null, counted: false, write);
    }
}
