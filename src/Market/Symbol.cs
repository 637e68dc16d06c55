namespace Market;

/// <summary>
/// A ticker exactly as the provider spells it. Case is meaningful: <c>BCpC</c> is a preferred, <c>BCPC</c> a company.
/// Ordered and compared by ordinal. <c>default</c> is not a symbol; its <see cref="Text"/> is empty.
/// </summary>
public readonly record struct Symbol : IComparable<Symbol>
{
    /// <summary>Longest text accepted; the longest seen at the provider has 9 characters.</summary>
    public const int MaxLength = 24;

    private readonly string? text;

    /// <exception cref="ArgumentException"><paramref name="text"/> is not 1–24 printable ASCII characters without blanks.</exception>
    public Symbol(string text)
    {
        if (!IsValid(text)) throw new ArgumentException($"A symbol is 1 to {MaxLength} printable ASCII characters without blanks; got '{text}'.", nameof(text));
        this.text = text;
    }

    public string Text => text ?? "";

    /// <summary>Whether <paramref name="text"/> can be a symbol; corrupt provider replies have held binary ones.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength && !text.ContainsAnyExceptInRange('!', '~');

    public int CompareTo(Symbol other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;

    public static bool operator <(Symbol left, Symbol right) => left.CompareTo(right) < 0;
    public static bool operator >(Symbol left, Symbol right) => left.CompareTo(right) > 0;
    public static bool operator <=(Symbol left, Symbol right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Symbol left, Symbol right) => left.CompareTo(right) >= 0;
}
