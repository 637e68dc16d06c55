using System.Globalization;

namespace CorruptionBench;

/// <summary>How hard a corruption strikes.</summary>
/// <param name="Shown">As the table prints it.</param>
/// <param name="Share">Of the symbols, 0 to 1; <see cref="OneBusy"/> and <see cref="OneQuiet"/> strike one symbol.</param>
/// <param name="Factor">For corruptions that scale something, or a part of something.</param>
/// <param name="Ratio">For splits: <c>from,to</c>.</param>
internal sealed record Strength(string Shown, double Share = 1, double Factor = 1, string Ratio = "")
{
    public const double OneBusy = 0, OneQuiet = -1;

    /// <summary>From one symbol to all of them.</summary>
    public static readonly IReadOnlyList<Strength> Symbols =
        [new("one quiet", OneQuiet), new("one busy", OneBusy), new("5 %", .05), new("20 %", .2), new("all")];

    /// <summary>The same with fewer steps.</summary>
    public static readonly IReadOnlyList<Strength> Some = [Symbols[1], Symbols[2], Symbols[4]];

    /// <summary>The same of everything, nothing to choose.</summary>
    public static readonly IReadOnlyList<Strength> Once = [new("all")];

    /// <summary>Steps of a split, in the order of how far the price steps.</summary>
    public static readonly IReadOnlyList<Strength> Splits =
    [
        new("21:20", OneBusy, 1.05, "20,21"), new("5:4", OneBusy, 1.25, "4,5"), new("3:2", OneBusy, 1.5, "2,3"), new("2:1", OneBusy, 2, "1,2"),
        new("3:1", OneBusy, 3, "1,3"), new("10:1", OneBusy, 10, "1,10"), new("1:10", OneBusy, .1, "10,1"),
    ];

    /// <summary>Without the steps that mean little among few symbols.</summary>
    public static IEnumerable<Strength> Few(IReadOnlyList<Strength> strengths) => strengths.Where(s => s.Share is not (OneQuiet or .05));

    /// <summary>Four of them.</summary>
    public static readonly IReadOnlyList<Strength> SomeSplits = [Splits[0], Splits[2], Splits[3], Splits[6]];

    /// <summary>Factors on one busy symbol.</summary>
    public static IReadOnlyList<Strength> OnOne(params double[] factors) => [.. factors.Select(f => new Strength(Times(f), OneBusy, f))];

    /// <summary>Factors on every symbol.</summary>
    public static IReadOnlyList<Strength> OnAll(params double[] factors) => [.. factors.Select(f => new Strength(Times(f), 1, f))];

    /// <summary>Parts of a file or reply that are left or lost.</summary>
    public static IReadOnlyList<Strength> Parts(params double[] parts) => [.. parts.Select(p => new Strength(string.Create(CultureInfo.InvariantCulture, $"{p * 100:0.###} %"), 1, p))];

    private static string Times(double factor) => string.Create(CultureInfo.InvariantCulture, $"× {factor:0.####}");
}

/// <summary>Which symbols a corruption strikes, drawn by the seed, and which it did strike.</summary>
/// <param name="traded">Symbols of the session by how much they trade, busiest first.</param>
internal sealed class Choice(IReadOnlyList<string> traded, int seed)
{
    private readonly Random random = new(seed);

    public IReadOnlyList<string> Traded => traded;

    /// <summary>What was struck.</summary>
    public HashSet<string> Touched { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Of(Strength strength)
    {
        string[] chosen = strength.Share switch
        {
            Strength.OneBusy => [traded[random.Next(Math.Max(1, traded.Count / 5))]],
            Strength.OneQuiet => [traded[^(1 + random.Next(Math.Max(1, traded.Count / 3)))]],
            >= 1 => [.. traded],
            _ => [.. Shuffled().Take((int)Math.Ceiling(strength.Share * traded.Count))],
        };
        Touched.UnionWith(chosen);
        return new(chosen, StringComparer.Ordinal);
    }

    /// <summary>Symbols in pairs that have nothing to do with each other; where one is left over it goes with the first.</summary>
    public Dictionary<string, string> Pairs(Strength strength)
    {
        var chosen = Of(strength).Order(StringComparer.Ordinal).ToList();
        if (chosen.Count == 1) chosen.Add(Shuffled().First(s => s != chosen[0]));
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < chosen.Count; i++) pairs[chosen[i]] = chosen[(i + 1) % chosen.Count];
        Touched.UnionWith(chosen);
        return pairs;
    }

    private string[] Shuffled()
    {
        var all = traded.ToArray();
        random.Shuffle(all);
        return all;
    }
}
