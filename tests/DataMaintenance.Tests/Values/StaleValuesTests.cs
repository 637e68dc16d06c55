using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Tests.Values;

/// <summary>
/// Small changes of the facts, one after the other, by chance: each time exactly those values are named stale whose own inputs are others,
/// as a plain model of the facts says that shares no code with what computes.
/// </summary>
public sealed class StaleValuesTests
{
    private static readonly Family[] Families = [Family.Atr, Family.AverageVolume, Family.Rvol];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Exactly_the_values_whose_inputs_changed_are_stale(int seed)
    {
        var random = new Random(seed);
        await using var world = await ValuesWorld.OpenAsync();
        var facts = await FactsModel.FillAsync(world, random);
        var (before, expected) = (await LookAsync(world, facts), facts.Inputs());
        Assert.All(Families, family => Assert.Equal(expected[family].Keys, before[family].Items.Select(v => v.Symbol)));
        var (stale, untouched) = (0, 0);
        for (var change = 0; change < 80; change++)
        {
            var what = await facts.ChangeAsync(world, random);
            var (now, inputs) = (await LookAsync(world, facts), facts.Inputs());
            foreach (var family in Families)
            {
                var named = StaleValues.Between(Kept(before[family]), now[family]);
                var other = expected[family].Keys.Union(inputs[family].Keys).Where(s => expected[family].GetValueOrDefault(s) != inputs[family].GetValueOrDefault(s)).Order();
                Assert.True(other.SequenceEqual(named.All.Order()), $"seed {seed}, change {change}, {what}: {family} of {string.Join(' ', other)} changed, stale: {string.Join(' ', named.All.Order())}");
                stale += named.Count;
                untouched += now[family].Items.Count - named.Count;
            }

            (before, expected) = (now, inputs);
        }

        Assert.True(stale >= 20 && untouched > stale, $"{stale} values became stale, {untouched} did not: the changes prove little");
    }

    [Fact]
    public async Task Another_option_or_session_makes_those_stale_that_depend_on_it()
    {
        await using var world = await ValuesWorld.OpenAsync();
        var facts = await FactsModel.FillAsync(world, new Random(7));
        var before = await LookAsync(world, facts);
        var (longer, wider) = (new ValuesOptions { AtrPeriod = 10 }, new ValuesOptions { RvolLookbackSessions = 12 });
        Assert.Equal(before[Family.Atr].Items.Count, Changed(await OneAsync(Family.Atr, longer)));
        Assert.Equal(before[Family.Rvol].Items.Count, Changed(await OneAsync(Family.Rvol, wider)));
        Assert.Equal(0, Changed(await OneAsync(Family.AverageVolume, longer)));
        Assert.Equal(0, Changed(await OneAsync(Family.Atr, wider)));

        Task<FamilyValues> OneAsync(Family family, ValuesOptions options) => world.Values(options).ComputeAsync(family, facts.AsOf, null, Ct);
        int Changed(FamilyValues now) => StaleValues.Between(Kept(before[now.Family]), now).Changed.Count;
    }

    [Fact]
    public async Task A_value_computed_alone_has_the_digest_it_has_among_all()
    {
        await using var world = await ValuesWorld.OpenAsync();
        var facts = await FactsModel.FillAsync(world, new Random(8));
        foreach (var (family, all) in await LookAsync(world, facts))
        {
            foreach (var item in all.Items)
            {
                var alone = await world.Values().ComputeAsync(family, facts.AsOf, new HashSet<Symbol> { item.Symbol }, Ct);
                Assert.Equal(all.Prints[item.Symbol], alone.Prints[item.Symbol]);
            }
        }
    }

    [Fact]
    public async Task What_values_came_from_is_kept_in_the_store_symbol_by_symbol()
    {
        await using var world = await ValuesWorld.OpenAsync();
        Assert.Null(await world.Store.FindDerivedInputsAsync("atr", Ct));
        var prints = new Dictionary<Symbol, ulong> { [new("BCpC")] = ulong.MaxValue, [new("BCPC")] = 0, [new("A")] = 0xABCD };
        await world.Store.SaveDerivedInputsAsync(new("atr", new(2025, 1, 2), "older", new Dictionary<Symbol, ulong>()), Ct);
        await world.Store.SaveDerivedInputsAsync(new("atr", new(2025, 1, 3), "f00", prints), Ct);
        var read = await world.Store.FindDerivedInputsAsync("atr", Ct);
        Assert.Equal(("atr", new DateOnly(2025, 1, 3), "f00"), (read!.Family, read.Session, read.Fingerprint));
        Assert.Equal(prints.OrderBy(p => p.Key), read.Prints.OrderBy(p => p.Key));
        Assert.Null(await world.Store.FindDerivedInputsAsync("rvol", Ct));
    }

    private static async Task<Dictionary<Family, FamilyValues>> LookAsync(ValuesWorld world, FactsModel facts)
    {
        var values = new Dictionary<Family, FamilyValues>();
        foreach (var family in Families) values[family] = await world.Values().ComputeAsync(family, facts.AsOf, null, Ct);
        return values;
    }

    private static DerivedInputs Kept(FamilyValues values) => new(values.Family.Text(), values.Session, values.Fingerprint, values.Items.ToDictionary(v => v.Symbol, v => values.Prints[v.Symbol]));
}
