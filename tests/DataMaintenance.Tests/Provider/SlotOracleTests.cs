using System.Globalization;
using System.IO.Compression;
using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

/// <summary>The slots of recorded minutes, against sums made by other programs.</summary>
public sealed class SlotOracleTests
{
    [Theory]
    [InlineData("pub-2025-01-min")]
    [InlineData("pub-2013-10-min")]
    [InlineData("pub-dst-spring-min")]
    [InlineData("pub-halfday-min")]
    [InlineData("pub-gap-min")]
    [InlineData("pub-split-aapl-min")]
    public async Task Slots_equal_the_oracle(string set)
    {
        var expected = Read(SharedFolder.Of("data", "oracles", "slots", set + ".csv.gz"));
        await using var source = ProviderSetup.Create(
            new ProviderOptions { Kind = ProviderKind.Directory, Path = SharedFolder.Of("data", "flatfiles") }, TimeProvider.System);
        var wanted = expected.Keys.GroupBy(key => key.Symbol)
            .ToDictionary(keys => new Symbol(keys.Key), keys => (IReadOnlyList<DateOnly>)[.. keys.Select(key => key.Date).Distinct().Order()]);
        var actual = new Dictionary<(string Symbol, DateOnly Date, int Slot), Slot>();
        var failures = await source.SlotsAsync(wanted, SlotGrid.Extended, (reply, _) =>
        {
            foreach (var (date, slots) in reply.Days)
            {
                foreach (var slot in slots) actual[(reply.Symbol.Text, date, slot.Number)] = slot;
            }
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);

        Assert.Empty(failures);
        Assert.All(expected.Where(row => row.Value.Volume > 0), row =>
        {
            var slot = actual[row.Key];
            Assert.Equal(row.Value.Volume, slot.Volume, row.Value.Volume * 1e-6);
            Assert.Equal(row.Value.Accumulated, slot.Accumulated, row.Value.Accumulated * 1e-6);
        });
        Assert.DoesNotContain(expected, row => row.Value.Volume == 0 && actual.ContainsKey(row.Key));
    }

    private static Dictionary<(string Symbol, DateOnly Date, int Slot), (double Volume, double Accumulated)> Read(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        Assert.Equal("ticker,date,slot,slot_start_et,volume,cum_volume", text.ReadLine());
        var rows = new Dictionary<(string Symbol, DateOnly Date, int Slot), (double Volume, double Accumulated)>();
        while (text.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            rows[(fields[0], DateOnly.ParseExact(fields[1], "yyyy-MM-dd", CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture))] =
                (double.Parse(fields[4], CultureInfo.InvariantCulture), double.Parse(fields[5], CultureInfo.InvariantCulture));
        }
        return rows;
    }
}
