using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbReferenceTests() : ReferencePromises(new DuckDbTestStore());

public abstract class ReferencePromises(TestStore database) : StorePromises(database)
{
    private static StoredSplit Split(string symbol, DateOnly executed, double from, double to, DateTimeOffset? seen = null, bool withdrawn = false) =>
        new(new Split(new Symbol(symbol), executed, from, to), $"id-{symbol}", seen ?? Night, seen ?? Night, withdrawn, false);

    [Fact]
    public async Task The_splits_table_holds_exactly_what_was_saved_last_and_remembers_when_each_was_first_seen()
    {
        var nvda = Split("NVDA", new(2024, 6, 10), 1, 10);
        var odd = Split("NPWZ", new(2018, 11, 8), 2e6, 1.000001);
        await Store.SaveSplitsAsync([odd, nvda, Split("GONE", Monday, 1, 2)], Ct);
        await Store.SaveSplitsAsync([nvda with { FirstSeen = Night.AddDays(1), LastSeen = Night.AddDays(1), Withdrawn = true }, odd], Ct);
        Assert.Equal([odd, nvda with { LastSeen = Night.AddDays(1), Withdrawn = true }], await Store.SplitsAsync(Ct));
    }

    [Fact]
    public async Task Splits_come_by_symbol_and_date_and_one_with_other_factors_is_another()
    {
        StoredSplit[] splits = [Split("a", Monday, 1, 2), Split("B", Tuesday, 1, 2), Split("B", Monday, 1, 3), Split("B", Monday, 1, 2)];
        await Store.SaveSplitsAsync(splits, Ct);
        Assert.Equal([splits[3], splits[2], splits[1], splits[0]], await Store.SplitsAsync(Ct));
        await Store.SaveSplitsAsync([], Ct);
        Assert.Empty(await Store.SplitsAsync(Ct));
    }

    [Fact]
    public async Task Boundaries_of_tickers_are_kept_with_their_evidence()
    {
        Assert.Empty(await Store.BoundariesAsync(Ct));
        var (one, two) = (new StoredBoundary(new(new("META"), Tuesday), "because", Night), new StoredBoundary(new(new("META"), Monday), "long ago", Night));
        await Store.SaveBoundariesAsync([one, two, new(new(new("A"), Monday), "x", Night)], Ct);
        await Store.SaveBoundariesAsync([one with { Evidence = "known better" }], Ct);
        Assert.Equal([two, one with { Evidence = "known better" }], (await Store.BoundariesAsync(Ct)).Where(b => b.Boundary.Symbol.Text == "META"));
    }

    [Fact]
    public async Task The_universe_is_replaced_symbol_by_symbol()
    {
        var aapl = new UniverseEntry(new Symbol("AAPL"), true, "CS", "XNAS", Monday, Monday, null);
        var gone = new UniverseEntry(new Symbol("BCpC"), true, null, null, Monday, Monday, null);
        await Store.SaveUniverseAsync([gone, aapl], Ct);
        await Store.SaveUniverseAsync([gone with { IsActive = false, DelistedOn = Tuesday }], Ct);
        Assert.Equal([aapl, gone with { IsActive = false, DelistedOn = Tuesday }], await Store.UniverseAsync(Ct));
    }

    [Fact]
    public async Task Metadata_come_back_field_by_field_and_absent_stays_absent()
    {
        var full = new TickerMetadata(new Symbol("AAPL"))
        {
            Name = "Apple Inc.",
            Exchange = "XNAS",
            Type = "CS",
            Sector = "Technology",
            Industry = "ELECTRONIC COMPUTERS",
            SicCode = "3571",
            MarketCap = 3.4123e12,
            FloatShares = 15_000_000_000,
            SharesOutstanding = 15_037_870_000,
            Description = "Makes \"phones\"; ’n more\nof it",
            ListDate = new(1980, 12, 12),
            Cik = "0000320193",
            CompositeFigi = "BBG000B9XRY4",
            HomepageUrl = "https://www.apple.com",
            TotalEmployees = 164_000,
            UpdatedAt = Night,
            LastAttemptAt = Night,
            LastError = "none",
        };
        var bare = new TickerMetadata(new Symbol("SPY"));
        await Store.SaveMetadataAsync([bare, full], Ct);
        Assert.Equal([full, bare], await Store.MetadataAsync(null, Ct));
        await Store.SaveMetadataAsync([full with { MarketCap = null }], Ct);
        Assert.Equal([full with { MarketCap = null }], await Store.MetadataAsync([new Symbol("AAPL"), new Symbol("aapl")], Ct));
        Assert.Empty(await Store.MetadataAsync([], Ct));
    }

    [Fact]
    public async Task A_finding_opens_once_and_heals_when_it_is_found_no_more()
    {
        var high = Found("AAPL", "bar.high_below_low");
        await Store.SaveFindingsAsync("bar.high_below_low", Monday, [high, Found(null, "bar.high_below_low")], Night, Ct);
        await Store.SaveFindingsAsync("bar.high_below_low", Monday, [high], Night.AddHours(1), Ct);
        var findings = await Store.FindingsAsync(false, 10, Ct);
        Assert.Equal([2, 1], findings.Select(f => f.Id));
        Assert.Equal((FindingState.Open, Night, null), (findings.Single(f => f.Symbol is not null).State, findings.Single(f => f.Symbol is not null).FoundAt, findings.Single(f => f.Symbol is not null).ClosedAt));
        Assert.Equal((FindingState.Healed, (DateTimeOffset?)Night.AddHours(1)), (findings.Single(f => f.Symbol is null).State, findings.Single(f => f.Symbol is null).ClosedAt));
        Assert.Equal(["AAPL"], (await Store.FindingsAsync(true, 10, Ct)).Select(f => f.Symbol?.Text));
    }

    [Fact]
    public async Task Findings_of_another_rule_or_date_are_left_alone_and_a_healed_one_can_open_again()
    {
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        await Store.SaveFindingsAsync("b", Monday, [], Night, Ct);
        await Store.SaveFindingsAsync("a", Tuesday, [], Night, Ct);
        Assert.Single(await Store.FindingsAsync(true, 10, Ct));
        await Store.SaveFindingsAsync("a", Monday, [], Night, Ct);
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        Assert.Equal([FindingState.Open, FindingState.Healed], (await Store.FindingsAsync(false, 10, Ct)).Select(f => f.State));
        Assert.Single(await Store.FindingsAsync(false, 1, Ct));
    }

    [Fact]
    public async Task What_a_person_accepted_is_raised_again_only_with_another_value()
    {
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        var accepted = await Store.AcceptFindingAsync(1, "Ana", "seen at the exchange", Night.AddHours(1), Ct);
        Assert.Equal((FindingState.Accepted, "Ana", "seen at the exchange", (DateTimeOffset?)Night.AddHours(1)), (accepted!.State, accepted.ClosedBy, accepted.Why, accepted.ClosedAt));
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        await Store.SaveFindingsAsync("a", Monday, [], Night, Ct);
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        Assert.Empty(await Store.FindingsAsync(true, 10, Ct));
        Assert.Equal(accepted, Assert.Single(await Store.FindingsAsync(false, 10, Ct)));
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a") with { Value = "7" }], Night, Ct);
        Assert.Equal("7", Assert.Single(await Store.FindingsAsync(true, 10, Ct)).Value);
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        Assert.Equal([FindingState.Healed, FindingState.Accepted], (await Store.FindingsAsync(false, 10, Ct)).Select(f => f.State));
    }

    [Fact]
    public async Task A_finding_that_is_healed_cannot_be_accepted_and_one_that_nobody_knows_is_none()
    {
        await Store.SaveFindingsAsync("a", Monday, [Found("AAPL", "a")], Night, Ct);
        await Store.SaveFindingsAsync("a", Monday, [], Night, Ct);
        Assert.Equal(FindingState.Healed, (await Store.AcceptFindingAsync(1, "Ana", null, Night, Ct))!.State);
        Assert.Null(await Store.AcceptFindingAsync(2, "Ana", null, Night, Ct));
    }

    [Fact]
    public async Task One_look_opens_renews_and_heals_within_its_days_rules_symbols_and_dataset()
    {
        Finding[] first = [Found("AAPL", "a"), Found("MSFT", "a"), Found(null, "a"), Found("AAPL", "b"), Found("AAPL", "a") with { Date = Tuesday }, Found("AAPL", "a") with { Dataset = "slots" }];
        var opened = await Store.SaveFindingsAsync(new Look(null, ["a", "b"], Monday, Tuesday, "load_ohlc", Night), first, Ct);
        Assert.Equal((6, 0), (opened.Opened.Count, opened.Healed.Count));
        var look = new Look("daily", ["a"], Monday, Monday, "reconcile", Night.AddHours(1)) { Symbols = new HashSet<Symbol> { new("AAPL"), new("TSLA") } };
        var second = await Store.SaveFindingsAsync(look, [Found("TSLA", "a")], Ct);
        Assert.Equal(["TSLA"], second.Opened.Select(f => f.Symbol!.Value.Text));
        Assert.Equal(["AAPL"], second.Healed.Select(f => f.Symbol!.Value.Text));
        var healed = (await Store.FindFindingAsync(second.Healed[0].Id, Ct))!;
        Assert.Equal((FindingState.Healed, "reconcile", (DateTimeOffset?)Night.AddHours(1)), (healed.State, healed.ClosedBy, healed.ClosedAt));
        Assert.Equal(6, (await Store.FindingsAsync(true, 10, Ct)).Count);

        await Store.SaveFindingsAsync(look, [Found("TSLA", "a") with { Value = "8", Severity = Severity.Error }], Ct);
        var renewed = (await Store.OpenFindingsAsync("daily", Monday, Monday, Ct)).Single(f => f.Symbol == new Symbol("TSLA"));
        Assert.Equal(("8", Severity.Error, Night.AddHours(1)), (renewed.Value, renewed.Severity, renewed.FoundAt));
        Assert.Equal([Monday, Monday, Monday, Monday, Tuesday], (await Store.OpenFindingsAsync("daily", Monday, Tuesday, Ct)).Select(f => f.Date));
    }

    private static Finding Found(string? symbol, string rule) => new(
        0, "daily", Monday, symbol is null ? null : new Symbol(symbol), rule, Severity.Warning, "9.5", "at least 10", FindingState.Open, Night, null);
}
