using System.Net;
using System.Text;
using System.Text.Json;

namespace DataMaintenance.Provider.Massive;

/// <summary>What a reply other than 200 means; 403 has three meanings, which only its text tells apart.</summary>
internal static class Refusal
{
    public static ProviderException From(HttpStatusCode status, ReadOnlySpan<byte> body, string endpoint, TimeSpan? retryAfter)
    {
        var said = Text(body);
        return new ProviderException(FaultOf(status, said), endpoint, $"HTTP {(int)status}: {(said.Length > 0 ? said : "no text")}")
        {
            RetryAfter = retryAfter,
        };
    }

    /// <summary>A refusal that came as 200, by its <c>status</c>.</summary>
    public static ProviderFault FaultOfStatus(string status, string said) => status switch
    {
        "NOT_AUTHORIZED" => Forbidden(said),
        "NOT_FOUND" or "NotFound" => ProviderFault.NotFound,
        _ => ProviderFault.Nonsense,
    };

    /// <summary>A 404 that is about the address, not about what was asked: the server has no such endpoint.</summary>
    public static bool IsUnknownPath(ProviderException refused) =>
        refused.Fault == ProviderFault.NotFound && refused.Reason.Contains("page not found", StringComparison.OrdinalIgnoreCase);

    private static ProviderFault FaultOf(HttpStatusCode status, string said) => (int)status switch
    {
        400 => ProviderFault.BadRequest,
        401 => ProviderFault.Unauthorized,
        403 => Forbidden(said),
        404 => ProviderFault.NotFound,
        429 => ProviderFault.Throttled,
        408 or 499 or >= 500 => ProviderFault.Unavailable,
        _ => ProviderFault.Nonsense,
    };

    private static ProviderFault Forbidden(string said)
    {
        if (said.Contains("before end of day", StringComparison.OrdinalIgnoreCase)) return ProviderFault.NotYet;
        return said.Contains("timeframe", StringComparison.OrdinalIgnoreCase) ? ProviderFault.TooOld : ProviderFault.NotEntitled;
    }

    /// <summary>The provider's own words: <c>error</c>, else <c>message</c>, else the beginning of a body that is no such document.</summary>
    private static string Text(ReadOnlySpan<byte> body)
    {
        const int longest = 300;
        try
        {
            var json = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref json);
            foreach (var name in (ReadOnlySpan<string>)["error", "message"])
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                    return Rejections.Printable(text.GetString()!, longest);
            }
        }
        catch (JsonException)
        {
            // Proxies and unknown paths answer in plain text; that text is the reason then.
        }
        return Rejections.Printable(Encoding.Latin1.GetString(body[..Math.Min(body.Length, longest + 1)]).Trim(), longest);
    }
}
