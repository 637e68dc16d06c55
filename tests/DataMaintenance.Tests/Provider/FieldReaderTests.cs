using System.Globalization;
using System.Text;
using DataMaintenance.Provider;
using DataMaintenance.Provider.FlatFiles;

namespace DataMaintenance.Tests.Provider;

public sealed class FieldReaderTests
{
    private const string Behind = ",1764579600000000000,12\nMSFT,1.0,2.0,3.0\n";

    [Fact]
    public void A_row_is_taken_apart()
    {
        var row = Encoding.ASCII.GetBytes("BRK.A,1203.500000,736000.0,736001,.5,1764579600000000000,12\nMSFT,100,1,2,3,4,1764579600000000000,1\n");
        var fields = new FieldReader(row);
        Assert.True(fields.TryText(out var ticker));
        Assert.Equal(5, ticker);
        Assert.True(fields.TryNumber(out var volume));
        Assert.True(fields.TryNumber(out var open));
        Assert.True(fields.TryNumber(out var close));
        Assert.Equal((1203.5, 736_000, 736_001), (volume, open, close));
        Assert.False(fields.TryNumber(out _));
    }

    [Fact]
    public void Stamp_and_last_field_end_the_row()
    {
        var fields = new FieldReader(Encoding.ASCII.GetBytes("1764579600000000000,12345678\nMSFT,100,1,2,3,4,1764579600000000000,1\n"));
        Assert.True(fields.TryStamp(out var stamp));
        Assert.True(fields.TryLast(out var trades));
        Assert.Equal((1_764_579_600_000_000_000, 12_345_678), (stamp, trades));
        Assert.Equal(29, fields.Position);
    }

    [Fact]
    public void Every_number_it_takes_is_the_one_that_the_general_way_reads()
    {
        var random = new Random(5);
        var taken = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = Written(random);
            var fields = new FieldReader(Encoding.ASCII.GetBytes(text + Behind));
            if (!fields.TryNumber(out var value)) continue;
            taken++;
            ReadOnlySpan<byte> general = Encoding.ASCII.GetBytes(text + Behind);
            Assert.True(AsciiNumber.TryField(ref general, out var expected), text);
            Assert.Equal(expected, value);
            Assert.Equal(text.Length + 1, fields.Position);
        }

        Assert.InRange(taken, 100_000, 190_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("-1")]
    [InlineData("1e5")]
    [InlineData("12:4")]
    [InlineData("1/2")]
    [InlineData("123456789")]
    [InlineData("1.123456789")]
    [InlineData("99999999.99999999")]
    [InlineData("1\n2")]
    [InlineData("\u00001")]
    public void Anything_unusual_is_left_to_the_general_way(string text) =>
        Assert.False(new FieldReader(Encoding.Latin1.GetBytes(text + Behind)).TryNumber(out _));

    [Theory]
    [InlineData("176457960000000000,1")]
    [InlineData("17645796000000000000,1")]
    [InlineData("1764579600000000x00,1")]
    [InlineData("9999999999999999999,1")]
    public void A_stamp_of_other_than_nineteen_digits_is_left_to_the_general_way(string text) =>
        Assert.False(new FieldReader(Encoding.ASCII.GetBytes(text + "\nMSFT,1.0,2.0,3.0,4.0\n")).TryStamp(out _));

    [Theory]
    [InlineData("\n5")]
    [InlineData("5\r\n")]
    [InlineData("-5\n")]
    [InlineData("123456789\n")]
    public void A_last_field_of_other_than_digits_is_left_to_the_general_way(string text) =>
        Assert.False(new FieldReader(Encoding.ASCII.GetBytes(text + "MSFT,1.0,2.0,3.0,4.0,5.0,6.0\n")).TryLast(out _));

    [Fact]
    public void A_ticker_does_not_reach_over_the_end_of_a_line() =>
        Assert.False(new FieldReader(Encoding.ASCII.GetBytes("\nAAPL,1.0,2.0,3.0,4.0,5.0,6.0\n")).TryText(out _));

    [Fact]
    public void Near_the_end_of_the_text_nothing_is_taken()
    {
        var row = Encoding.ASCII.GetBytes("12.5,13.5,14.5,15.5,16.5");
        for (var length = 0; length < 24; length++) Assert.False(new FieldReader(row.AsSpan(0, length)).TryNumber(out _));
        Assert.True(new FieldReader(row).TryNumber(out var value));
        Assert.Equal(12.5, value);
    }

    private static string Written(Random random)
    {
        var number = random.NextDouble() * Math.Pow(10, random.Next(-3, 10));
        return random.Next(4) switch
        {
            0 => Math.Floor(number).ToString("F0", CultureInfo.InvariantCulture),
            1 => number.ToString("F6", CultureInfo.InvariantCulture),
            2 => number.ToString("R", CultureInfo.InvariantCulture),
            _ => number.ToString($"F{random.Next(10)}", CultureInfo.InvariantCulture),
        };
    }
}
