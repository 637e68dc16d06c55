using System.Buffers;

namespace DataMaintenance.Logs;

/// <summary>The last line of defence: known secrets, as they are, as a URL spells them and as quoted text does, never leave in a text.</summary>
internal sealed class Redaction
{
    private const int ShortestSecret = 4;

    private readonly string[] secrets;
    private readonly SearchValues<string> search;

    /// <param name="known">Secrets; shorter than four characters they are left, since they would blot out ordinary text.</param>
    public Redaction(IEnumerable<string> known)
    {
        secrets = [.. known.Where(s => s.Length >= ShortestSecret).SelectMany(Spellings).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
        search = SearchValues.Create(secrets, StringComparison.Ordinal);
    }

    private static string[] Spellings(string secret)
    {
        var quoted = secret.Replace("\"", "\\\"", StringComparison.Ordinal);
        return [secret, Uri.EscapeDataString(secret), quoted, secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)];
    }

    public string Clean(string text)
    {
        if (secrets.Length == 0 || text.AsSpan().IndexOfAny(search) < 0) return text;
        foreach (var secret in secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
