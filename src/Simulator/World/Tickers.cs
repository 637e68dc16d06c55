using Market;

namespace Simulator.World;

/// <summary>
/// Unused tickers in the spelling of their kind: four letters on Nasdaq, one to three and suffixes on the NYSE, a fifth letter for
/// Nasdaq's warrants, units and rights. Within a kind the n-th ticker is a fixed permutation of n, so no two are equal.
/// </summary>
internal sealed class Tickers
{
    private readonly HashSet<string> taken;
    private readonly int[] used = new int[4];

    internal Tickers(IEnumerable<string> reserved) => taken = new(reserved, StringComparer.Ordinal);

    internal string Next(string type, string exchange) => (type, exchange) switch
    {
        ("PFD", "XNYS") => Free(0, n => Letters(n / 6, 3, 7_919) + "p" + (char)('A' + (n % 6))),
        ("WARRANT", "XNYS") => Free(1, n => Letters(n, 4, 104_729) + ".WS"),
        ("UNIT", "XNYS") => Free(1, n => Letters(n, 4, 104_729) + ".U"),
        ("WARRANT", _) => Free(2, n => Letters(n, 4, 200_003) + "W"),
        ("UNIT", _) => Free(2, n => Letters(n, 4, 200_003) + "U"),
        ("RIGHT", _) => Free(2, n => Letters(n, 4, 200_003) + "R"),
        ("CS" or "ADRC", "XNYS") when used[3] % 40 == 7 => Free(3, n => Letters(n, 3, 5_003) + ".A"),
        ("CS" or "ADRC", "XNYS") when used[3] < 12_000 => Free(3, n => Letters(n, 3, 5_003)),
        _ => Free(2, n => Letters(n, 4, 300_007)),
    };

    private string Free(int series, Func<int, string> spell)
    {
        while (true)
        {
            var ticker = spell(used[series]++);
            if (taken.Add(ticker) && Symbol.IsValid(ticker)) return ticker;
        }
    }

    // Multiplying by a number prime to 26 permutes the codes, so neighbours in n do not look alike.
    private static string Letters(int n, int length, long stride)
    {
        Span<char> text = stackalloc char[length];
        var codes = length == 3 ? 17_576 : 456_976;
        var code = (int)(((n * stride) + 1_234) % codes);
        for (var i = length - 1; i >= 0; i--, code /= 26) text[i] = (char)('A' + (code % 26));
        return new string(text);
    }
}
