using System.Text.Json;

namespace Simulator.Rest;

/// <summary>What goes back over the socket, before faults.</summary>
internal sealed class Reply(int status, JsonBuffer body, string contentType = "application/json") : IDisposable
{
    internal int Status { get; } = status;
    internal string ContentType { get; } = contentType;
    internal JsonBuffer Body { get; } = body;
    /// <summary>Seconds; null sends no header.</summary>
    internal int? RetryAfter { get; init; }
    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    /// <summary>Of a HEAD: the length told, without a body.</summary>
    internal long? LengthOnly { get; init; }
    /// <summary>0 = as fast as it goes.</summary>
    internal int BytesPerSecond { get; init; }

    internal static Reply Json(Action<Utf8JsonWriter> write, int status = 200, int capacity = 4_096)
    {
        var body = new JsonBuffer(capacity);
        using (var json = body.Json()) write(json);
        return new Reply(status, body);
    }

    internal static Reply Error(int status, string requestId, string error, int? retryAfter = null) =>
        Refusal(status, "ERROR", requestId, "error", error, retryAfter);

    internal static Reply NotAuthorized(string requestId, string message) => Refusal(403, "NOT_AUTHORIZED", requestId, "message", message, null);

    internal static Reply NotFound(string requestId, string message) => Refusal(404, "NOT_FOUND", requestId, "message", message, null);

    internal static Reply UnknownPath() => Text(404, "404 page not found\n"u8);

    internal static Reply Text(int status, ReadOnlySpan<byte> text)
    {
        var body = new JsonBuffer(Math.Max(text.Length, 1));
        body.Write(text);
        return new Reply(status, body, "text/plain; charset=utf-8");
    }

    public void Dispose() => Body.Dispose();

    private static Reply Refusal(int status, string word, string requestId, string field, string text, int? retryAfter)
    {
        var body = new JsonBuffer(512);
        using var json = body.Json();
        json.WriteStartObject();
        json.WriteString("status", word);
        json.WriteString("request_id", requestId);
        json.WriteString(field, text);
        json.WriteEndObject();
        json.Flush();
        return new Reply(status, body) { RetryAfter = retryAfter };
    }
}
