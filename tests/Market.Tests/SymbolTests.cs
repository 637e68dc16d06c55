namespace Market.Tests;

public sealed class SymbolTests
{
    [Fact]
    public void Case_tells_two_securities_apart()
    {
        Assert.NotEqual(new Symbol("BCpC"), new Symbol("BCPC"));
        Assert.Equal(new Symbol("BRK.B"), new Symbol("BRK.B"));
    }

    [Fact]
    public void Symbols_sort_by_byte_not_by_alphabet() =>
        Assert.Equal(["A", "ABC", "AbC", "B", "a"], new[] { "a", "B", "AbC", "ABC", "A" }.Select(text => new Symbol(text)).Order().Select(symbol => symbol.Text));

    [Theory]
    [InlineData("")]
    [InlineData("A B")]
    [InlineData("Ä")]
    [InlineData("A\0")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXY")]
    public void Text_that_cannot_be_a_symbol_is_refused(string text)
    {
        Assert.False(Symbol.IsValid(text));
        Assert.Throws<ArgumentException>(() => new Symbol(text));
    }

    [Theory]
    [InlineData("NAN")]
    [InlineData("ABJ.WS.A")]
    [InlineData("ABR^D")]
    [InlineData("BRK/A")]
    public void Every_spelling_seen_is_a_symbol(string text) => Assert.Equal(text, new Symbol(text).ToString());

    [Fact]
    public void The_default_is_no_symbol() => Assert.Equal("", default(Symbol).Text);
}
