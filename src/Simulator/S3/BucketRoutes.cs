using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Simulator.Rest;

namespace Simulator.S3;

/// <summary>HEAD and GET of an object, whole or a range of it, and ListObjectsV2; path style.</summary>
internal sealed class BucketRoutes(BucketView view, FileShelf shelf, FilesOptions options)
{
    private const string Root = "/" + FilesOptions.Bucket;

    /// <returns>The route's short name and, of an object, its date; null for requests that are not about the bucket.</returns>
    internal static (string Route, string[] Parts)? Match(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path is Root or Root + "/") return ("files", []);
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal)) return null;
        string[] parts = FileName.Parse(path[(Root.Length + 1)..]) is { } name ? [name.Date.ToString("O", CultureInfo.InvariantCulture)] : [];
        return (request.Method == "HEAD" ? "file-head" : "file", parts);
    }

    internal static Reply Struck(int status, string requestId) => status switch
    {
        403 => BucketXml.Error(403, "AccessDenied", "Access Denied.", requestId),
        404 => BucketXml.Error(404, "NoSuchKey", "The specified key does not exist.", requestId),
        429 or 503 => BucketXml.Error(503, "SlowDown", "Please reduce your request rate.", requestId),
        _ => BucketXml.Error(status, "InternalError", "We encountered an internal error. Please try again.", requestId),
    };

    internal async Task<Reply> AnswerAsync(HttpRequest request, Call call, CancellationToken ct)
    {
        if (request.Method is not ("GET" or "HEAD")) return BucketXml.Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", call.RequestId);
        var reply = Signature.Refuse(request, options) is var (code, message)
            ? BucketXml.Error(403, code, message, call.RequestId)
            : call.Route == "files" ? await ListAsync(call) : await ObjectAsync(request, call, ct);
        if (request.Method != "HEAD" || reply.LengthOnly is not null) return reply;
        // A refused HEAD says nothing but its status.
        reply.Dispose();
        return new Reply(reply.Status, new JsonBuffer(1), reply.ContentType);
    }

    private async Task<Reply> ObjectAsync(HttpRequest request, Call call, CancellationToken ct)
    {
        if (FileName.Parse(call.Path[(Root.Length + 1)..]) is not { } name) return Struck(404, call.RequestId);
        if (view.IsRefused(name, call.Now)) return Struck(403, call.RequestId);
        if (view.Find(name, call.Now) is not { } day) return Struck(404, call.RequestId);
        var file = await shelf.GetAsync(name, day, view.Content(name, call.Now), call.Now.Instant);
        if (request.Headers.IfMatch is [{ } wanted] && wanted.Trim('"') != file.ETag.Trim('"'))
            return BucketXml.Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.", call.RequestId);
        List<(string, string)> headers =
        [
            ("ETag", file.ETag), ("Last-Modified", file.LastModified.ToString("R", CultureInfo.InvariantCulture)), ("Accept-Ranges", "bytes"), ("x-amz-request-id", call.RequestId),
        ];
        if (request.Method == "HEAD") return new Reply(200, new JsonBuffer(1), "application/gzip") { Headers = headers, LengthOnly = file.Length };
        if (!TryRange(request, file.Length, out var from, out var to))
            return BucketXml.Error(416, "InvalidRange", "The requested range is not satisfiable.", call.RequestId);
        var partial = request.Headers.Range.Count > 0;
        if (partial) headers.Add(("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{file.Length}")));
        return new Reply(partial ? 206 : 200, await ReadAsync(file, from, (int)(to - from + 1), ct), "application/gzip") { Headers = headers, BytesPerSecond = options.BytesPerSecond };
    }

    private static async Task<JsonBuffer> ReadAsync(StoredFile file, long from, int count, CancellationToken ct)
    {
        var body = new JsonBuffer(Math.Max(count, 1));
        await using var stored = File.OpenRead(file.Path);
        stored.Seek(from, SeekOrigin.Begin);
        await stored.ReadExactlyAsync(body.GetMemory(count)[..count], ct);
        body.Advance(count);
        return body;
    }

    // One range, its end included; the whole without one.
    private static bool TryRange(HttpRequest request, long length, out long from, out long to)
    {
        (from, to) = (0, length - 1);
        if (request.Headers.Range.Count == 0) return true;
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) || range.Ranges.Count != 1) return false;
        var one = range.Ranges.First();
        from = one.From ?? Math.Max(0, length - one.To!.Value);
        to = one.From is null ? length - 1 : Math.Min(one.To ?? (length - 1), length - 1);
        return from <= to;
    }

    private async Task<Reply> ListAsync(Call call)
    {
        var prefix = call["prefix"] ?? "";
        var delimiter = call["delimiter"];
        var most = int.TryParse(call["max-keys"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, BucketXml.MostKeys) : BucketXml.MostKeys;
        var (files, folders, last) = (new List<StoredFile>(), new List<string>(), call["continuation-token"] ?? call["start-after"] ?? "");
        var more = false;
        foreach (var name in view.Keys(prefix, last, call.Now))
        {
            var end = string.IsNullOrEmpty(delimiter) ? -1 : name.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            var folder = end < 0 ? null : name.Key[..(end + delimiter!.Length)];
            if (folder is not null && folders.Contains(folder)) continue;
            if (more = files.Count + folders.Count == most) break;
            if (folder is not null) folders.Add(folder);
            else files.Add(await shelf.GetAsync(name, view.Find(name, call.Now)!, view.Content(name, call.Now), call.Now.Instant));
            // A token goes on behind everything of a folder; no key holds a character as high.
            last = folder is null ? name.Key : folder + '~';
        }
        return BucketXml.Listing(prefix, delimiter, most, files, folders, more ? last : null);
    }
}
