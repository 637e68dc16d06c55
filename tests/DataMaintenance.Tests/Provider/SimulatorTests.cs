using DataMaintenance.Provider;
using Market;
using Simulator;
using Simulator.Faults;
using Simulator.World;

namespace DataMaintenance.Tests.Provider;

/// <summary>Against a whole simulated provider, which knows nothing of this client.</summary>
public sealed class SimulatorTests : IAsyncDisposable
{
    private static readonly DateOnly Session = new(2026, 3, 6), NextSession = new(2026, 3, 9);

    private SimulatorHost? simulator;
    private IMarketSource? source;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (source is not null) await source.DisposeAsync();
        if (simulator is not null) await simulator.DisposeAsync();
    }

    private async Task<IMarketSource> StartAsync(params Fault[] faults)
    {
        simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { Symbols = 150, Faults = faults, Now = new DateTimeOffset(2026, 3, 10, 8, 0, 0, TimeSpan.Zero) }, TimeProvider.System, Ct);
        return source = ProviderSetup.Create(Massive.Options(simulator.BaseUrl) with { AttemptTimeout = TimeSpan.FromSeconds(2), Attempts = 4 }, TimeProvider.System);
    }

    private string[] Listed => [.. simulator!.Market.ListedOn(Session).Select(security => security.Ticker)];

    private Dictionary<(string Symbol, DateOnly Date, int Slot), double> Expected(params DateOnly[] dates)
    {
        var slots = new Dictionary<(string Symbol, DateOnly Date, int Slot), double>();
        var minutes = new Bar[TradingDay.Minutes];
        foreach (var date in dates)
        {
            var (day, hours) = (simulator!.Market.FindDay(date)!, new NewYorkDay(date));
            foreach (var security in simulator.Market.ListedOn(date))
            {
                foreach (var bar in minutes.AsSpan(0, SimulatedMarket.Minutes(security, day, minutes)))
                {
                    var key = (security.Ticker, date, hours.SlotOf(bar.Start, SlotGrid.Extended));
                    slots[key] = slots.GetValueOrDefault(key) + ((double)bar.Volume / Bar.VolumeScale);
                }
            }
        }
        return slots;
    }

    private async Task SlotsAreCompleteAsync(params DateOnly[] dates)
    {
        var (replies, failures) = await source!.AllSlotsAsync(Listed, SlotGrid.Extended, dates);
        var actual = replies.SelectMany(reply => reply.Days.SelectMany(day => day.Slots.Select(slot => (Key: (reply.Symbol.Text, day.Date, (int)slot.Number), slot.Volume))))
            .ToDictionary(slot => slot.Key, slot => slot.Volume);
        var expected = Expected(dates).Where(slot => Listed.Contains(slot.Key.Symbol)).ToDictionary();

        Assert.Empty(failures);
        Assert.Equal(Listed.Order(StringComparer.Ordinal), replies.Select(reply => reply.Symbol.Text).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected, slot => Assert.Equal(slot.Value, actual[slot.Key], slot.Value * 1e-9));
    }

    [Fact]
    public async Task Every_route_is_understood()
    {
        await StartAsync();
        var daily = await source!.DailyAsync(Session, Ct);
        var active = await source.TickersAsync(active: true, Ct);
        var delisted = await source.TickersAsync(active: false, Ct);

        Assert.NotEmpty(daily.Bars);
        Assert.Empty(daily.Rejected);
        Assert.All(daily.Bars, bar => Assert.Contains(bar.Symbol.Text, Listed));
        Assert.All(active, ticker => Assert.True(ticker.Active));
        Assert.All(delisted, ticker => Assert.NotNull(ticker.DelistedOn));
        Assert.NotEmpty(await source.SplitsAsync(Ct));
        Assert.NotEmpty(await source.FloatsAsync(Ct));
        Assert.NotEmpty(await source.UpcomingHolidaysAsync(Ct));
        Assert.NotNull(await source.DetailsAsync(active[0].Symbol, Ct));
        Assert.Null(await source.DetailsAsync(new Symbol("NOSUCH"), Ct));
        Assert.All(await source.ProbeAsync(new(2026, 3, 10), Ct), one => Assert.True(one.Granted, one.Said));
    }

    [Fact]
    public async Task Slots_of_two_sessions_across_the_change_of_daylight_saving_are_the_simulated_minutes()
    {
        await StartAsync();
        await SlotsAreCompleteAsync(Session, NextSession);
        Assert.Equal(Listed.Length, source!.Usage.Calls[("range", "200")]);
    }

    [Fact]
    public async Task A_holiday_brings_no_bars_and_no_complaint()
    {
        await StartAsync();

        Assert.Empty((await source!.DailyAsync(new DateOnly(2026, 1, 19), Ct)).Bars);
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData(FaultKinds.Reset)]
    [InlineData(FaultKinds.Cut)]
    [InlineData(FaultKinds.Empty)]
    [InlineData(FaultKinds.Truncated)]
    public async Task A_tenth_of_the_replies_going_wrong_costs_nothing(string kind)
    {
        await StartAsync(new Fault { Kind = kind, Rate = 0.1, Route = "range", RetryAfter = 0 });
        await SlotsAreCompleteAsync(Session);
        // The platform's handler itself asks again where a kept connection was reset before it had read any answer.
        Assert.True(kind is FaultKinds.Reset or FaultKinds.Cut || source!.Usage.Retries > 0);
    }

    [Theory]
    [InlineData(FaultKinds.Unordered)]
    [InlineData(FaultKinds.Duplicates)]
    public async Task Rows_out_of_order_or_twice_change_nothing(string kind)
    {
        await StartAsync(new Fault { Kind = kind });
        await SlotsAreCompleteAsync(Session);

        Assert.Empty((await source!.DailyAsync(Session, Ct)).Rejected);
    }

    [Fact]
    public async Task A_stalled_body_ends_by_the_time_out()
    {
        await StartAsync(new Fault { Kind = FaultKinds.Stall, Count = 1, Route = "grouped" });

        Assert.NotEmpty((await source!.DailyAsync(Session, Ct)).Bars);
        Assert.Equal(1, source.Usage.Calls[("grouped", "timeout")]);
    }

    [Fact]
    public async Task A_poisoned_symbol_is_named_and_the_others_come()
    {
        await StartAsync(new Fault { Kind = FaultKinds.Poison, Symbol = "AAPL" });
        var (replies, failures) = await source!.AllSlotsAsync(Listed, SlotGrid.Extended, Session);

        Assert.Equal("AAPL", Assert.Single(failures).Symbol.Text);
        Assert.Equal(Listed.Length - 1, replies.Count);
    }

    [Fact]
    public async Task A_corrupt_row_is_rejected_and_the_others_come()
    {
        await StartAsync(new Fault { Kind = FaultKinds.Corrupt });
        var reply = await source!.DailyAsync(Session, Ct);

        Assert.NotEmpty(reply.Bars);
        Assert.Equal("daily.symbol", Assert.Single(reply.Rejected).Rule);
    }

    [Theory]
    [InlineData(FaultKinds.WrongDay)]
    [InlineData(FaultKinds.Absurd)]
    public async Task A_day_that_makes_no_sense_is_an_error(string kind)
    {
        await StartAsync(new Fault { Kind = kind });
        var error = await Assert.ThrowsAsync<ProviderException>(() => source!.DailyAsync(Session, Ct));

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
    }

    [Theory]
    [InlineData(FaultKinds.Loop)]
    [InlineData(FaultKinds.Foreign)]
    public async Task A_listing_that_leads_astray_is_an_error(string kind)
    {
        await StartAsync(new Fault { Kind = kind });
        var error = await Assert.ThrowsAsync<ProviderException>(() => source!.TickersAsync(active: true, Ct));

        Assert.Contains("next_url", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_stops_everything_with_the_providers_words()
    {
        await StartAsync(new Fault { Kind = "401" });
        var error = await Assert.ThrowsAsync<ProviderException>(() => source!.AllSlotsAsync(Listed, SlotGrid.Extended, Session));

        Assert.Equal(ProviderFault.Unauthorized, error.Fault);
        Assert.Contains("Unknown API Key", error.Message, StringComparison.Ordinal);
    }
}
