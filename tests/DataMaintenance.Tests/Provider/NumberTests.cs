using System.Globalization;
using System.Text;
using CsCheck;
using DataMaintenance.Provider;

namespace DataMaintenance.Tests.Provider;

public sealed class NumberTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Double[0, 1e9].Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Double[0, 1e9].Select(number => number.ToString("F6", CultureInfo.InvariantCulture)),
        Gen.Double.Select(number => number.ToString("e6", CultureInfo.InvariantCulture)),
        Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Char["0123456789.e+-"].Array[0, 24].Select(letters => new string(letters)));

    [Fact]
    public void A_number_is_the_double_nearest_to_its_text() => Texts.Sample(text =>
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        if (!AsciiNumber.TryDouble(bytes, out var value)) return;
        Assert.Equal(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    });

    [Fact]
    public void A_field_is_the_number_before_its_comma() => Texts.Sample(text =>
    {
        ReadOnlySpan<byte> field = Encoding.ASCII.GetBytes(text + ",rest");
        var whole = AsciiNumber.TryDouble(Encoding.ASCII.GetBytes(text), out var expected);
        Assert.Equal(whole, AsciiNumber.TryField(ref field, out var value));
        Assert.Equal(whole ? expected : 0, whole ? value : 0);
        Assert.Equal(whole ? "rest" : text + ",rest", Encoding.ASCII.GetString(field));
    });

    [Theory]
    [InlineData("2e+06", 2_000_000)]
    [InlineData("7", 7)]
    [InlineData("5.0", 5)]
    [InlineData("1759118400000000000", 1_759_118_400_000_000_000)]
    [InlineData("-3", -3)]
    public void Whole_numbers_may_come_with_exponents(string text, long value)
    {
        Assert.True(AsciiNumber.TryWhole(Encoding.ASCII.GetBytes(text), out var number));
        Assert.Equal(value, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.5")]
    [InlineData("1e30")]
    [InlineData("1x")]
    [InlineData("99999999999999999999")]
    public void What_is_no_whole_number_is_refused(string text) => Assert.False(AsciiNumber.TryWhole(Encoding.ASCII.GetBytes(text), out _));
}
