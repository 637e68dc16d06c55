using System.Globalization;
using System.Text;

namespace DataMaintenance.Provider;

/// <summary>Collects refused rows of one reply. The first <see cref="PerRule"/> of a rule are kept one by one; the rest is told as a count.</summary>
internal sealed class Rejections(int perRule = Rejections.PerRule)
{
    public const int PerRule = 20;
    private const int LongestText = 60;

    private readonly List<RejectedRow> rows = [];
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Add(string symbol, string rule, string value, string expectation)
    {
        var count = counts[rule] = counts.GetValueOrDefault(rule) + 1;
        if (count <= perRule) rows.Add(new RejectedRow(symbol, rule, value, expectation));
    }

    public IReadOnlyList<RejectedRow> ToRows()
    {
        foreach (var (rule, count) in counts)
        {
            if (count > perRule)
            {
                var last = rows.FindLast(row => row.Rule == rule)!;
                rows.Add(last with { Value = string.Create(CultureInfo.InvariantCulture, $"and {count - perRule} more rows") });
            }
        }
        return rows.Count == 0 ? [] : rows;
    }

    /// <summary>Text of unknown origin, fit for a log line: what is not printable ASCII becomes <c>?</c>, and long text is cut.</summary>
    public static string Printable(ReadOnlySpan<byte> text) => Printable(Encoding.Latin1.GetString(text[..Math.Min(text.Length, LongestText + 1)]));

    /// <inheritdoc cref="Printable(ReadOnlySpan{byte})"/>
    public static string Printable(string text, int longest = LongestText)
    {
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest), "…") : text;
        return string.Create(cut.Length, cut, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++) target[i] = source[i] is (>= ' ' and <= '~') or '…' ? source[i] : '?';
        });
    }
}
