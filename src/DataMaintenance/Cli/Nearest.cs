namespace DataMaintenance.Cli;

/// <summary>What a mistyped word was meant to be.</summary>
internal static class Nearest
{
    /// <summary>Two letters wrong, left out or too many are a slip; more is another word.</summary>
    private const int Slip = 2;

    /// <returns>A question with the nearest of the known words; null when none is near.</returns>
    public static string? Of(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Word: k, Away: Distance(word, k))).MinBy(k => k.Away);
        return nearest.Word is not null && nearest.Away <= Slip && nearest.Away < nearest.Word.Length - 1 ? $"did you mean {nearest.Word}?" : null;
    }

    /// <summary>Letters to change, leave out, add or swap with the next (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
