using System.Text;
using Simulator.Faults;

namespace Simulator.Rest;

/// <summary>Cursors: name=value pairs in unpadded base64url. <c>default</c> has none.</summary>
internal readonly struct Cursor
{
    private readonly Dictionary<string, string>? values;

    private Cursor(Dictionary<string, string> values) => this.values = values;

    internal bool IsEmpty => values is null;

    internal string? this[string name] => values?.GetValueOrDefault(name);

    internal static string Write(string pairs) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(pairs)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>An unreadable cursor reads as none.</summary>
    internal static Cursor Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return default;
        var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length)) return default;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(bytes, 0, length).Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) values[pair[..at]] = Uri.UnescapeDataString(pair[(at + 1)..]);
        }
        return new Cursor(values);
    }

    /// <summary>The next page's address after the faults that bend it: to the same page for ever, or to a foreign host.</summary>
    internal static string? Disturb(Call call, string? next)
    {
        if (call.Find(FaultKinds.Loop) is not null) return call.Root + call.Path + "?cursor=" + (call["cursor"] ?? Write("page=again"));
        if (call.Find(FaultKinds.Foreign) is not null) return "https://pages.example.net" + call.Path + "?cursor=" + Write("page=elsewhere");
        return next;
    }
}
