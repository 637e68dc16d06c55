namespace DataMaintenance.Settings;

/// <summary>How far apart two names are, for "did you mean".</summary>
internal static class Spelling
{
    /// <summary>Letters to insert, remove or replace (Levenshtein), upper and lower case alike.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(a[i]) == char.ToUpperInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }

    /// <summary>The nearest of the names; null when none is near enough to have been meant.</summary>
    public static string? Nearest(string name, IEnumerable<string> names) =>
        names.Select(n => (Name: n, Distance: Distance(name, n))).Where(n => n.Distance <= Math.Max(2, name.Length / 5)).OrderBy(n => n.Distance).Select(n => n.Name).FirstOrDefault();
}
