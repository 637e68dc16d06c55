using DataMaintenance.Provider;
using DataMaintenance.Tests.Provider;
using Market;
using Microsoft.Extensions.Time.Testing;
using Simulator;
using Simulator.World;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>A provider that revises tells early figures, corrects them on two mornings, and says the same in replies and files at any time.</summary>
public sealed class RevisedTests
{
    private static readonly DateOnly Session = new(2025, 12, 1);
    private static readonly DateTimeOffset Night = At(new(2025, 12, 2), 3, 0), FirstNoon = At(new(2025, 12, 2), 11, 30), SecondNoon = At(new(2025, 12, 3), 11, 30);

    [Fact]
    public async Task Figures_change_on_the_two_mornings_after_and_then_no_more()
    {
        await using var host = await StartAsync(new FakeTimeProvider(SecondNoon));
        var (night, first, second) = (host.DailyAt(Session, Night), host.DailyAt(Session, FirstNoon), host.DailyAt(Session, SecondNoon));
        Assert.InRange(Changed(night, first), 2, 40);
        Assert.InRange(Changed(first, second), 2, 40);
        Assert.Equal(0, Changed(second, host.DailyAt(Session, SecondNoon.AddDays(30))));
        Assert.Equal(0, Changed(night, host.DailyAt(Session, At(new(2025, 12, 2), 10, 0))));
        Assert.Equal(second, host.DailyAt(Session, SecondNoon));
    }

    [Fact]
    public async Task Over_a_month_every_kind_of_revision_occurs()
    {
        await using var host = await StartAsync(new FakeTimeProvider(SecondNoon));
        var (added, vanished, moved, dearer) = (0, 0, 0, 0);
        foreach (var session in TradingCalendar.Nyse.LastSessions(20, Session))
        {
            var (early, late) = (host.DailyAt(session, At(session, 23, 0)), host.DailyAt(session, SecondNoon.AddDays(3)));
            added += late.Keys.Except(early.Keys).Count();
            vanished += early.Keys.Except(late.Keys).Count();
            foreach (var ticker in early.Keys.Intersect(late.Keys))
            {
                if (early[ticker].Volume != late[ticker].Volume) moved++;
                if (early[ticker].Open != late[ticker].Open) dearer++;
            }
        }

        Assert.All(new[] { added, vanished, moved, dearer }, count => Assert.True(count > 3, $"added {added}, vanished {vanished}, volume {moved}, open {dearer}"));
    }

    [Theory]
    [InlineData(3, 0, 0)]
    [InlineData(11, 30, 0)]
    [InlineData(11, 30, 1)]
    public async Task Grouped_day_file_and_minute_file_say_the_same_at_the_same_time(int hour, int minute, int daysLater)
    {
        var now = At(new DateOnly(2025, 12, 2).AddDays(daysLater), hour, minute);
        var clock = new FakeTimeProvider(now);
        await using var host = await StartAsync(clock);
        var source = ProviderSetup.Create(Massive.Options(host.BaseUrl) with { FlatFiles = BucketWorld.Files(host.BaseUrl) }, TimeProvider.System);
        await using var _ = source;
        var ct = TestContext.Current.CancellationToken;
        var told = host.DailyAt(Session, now);
        var grouped = await source.DailyAsync(Session, ct);
        Assert.Equal(told.Keys.Order(StringComparer.Ordinal), grouped.Bars.Select(b => b.Symbol.Text));
        Assert.All(grouped.Bars, b => Assert.Equal((double)told[b.Symbol.Text].Volume / Bar.VolumeScale, b.Volume, 5));
        var file = (await source.FindFileAsync(FileSet.Days, Session, int.MaxValue, ct)).File!;
        Assert.Equal(grouped.Bars.Select(b => (b.Symbol, b.Open, b.High, b.Low, b.Close, b.Volume)), (await source.ReadDailyAsync(file, ct)).Bars.Select(b => (b.Symbol, b.Open, b.High, b.Low, b.Close, b.Volume)));
        Assert.Equal(hour == 3 ? At(Session, 22, 0) : At(new DateOnly(2025, 12, 2).AddDays(daysLater), 10, 30), file.LastModified);
        var minutes = (await source.FindFileAsync(FileSet.Minutes, Session, int.MaxValue, ct)).File;
        Assert.Equal(hour == 3, minutes is null);
        if (minutes is null) return;
        var slots = await source.ReadSlotsAsync(minutes, SlotGrid.Extended, ct);
        var all = host.MinutesAt(Session, now);
        Assert.Equal(all.Keys.Order(StringComparer.Ordinal), slots.Replies.Select(r => r.Symbol.Text).Order(StringComparer.Ordinal));
        Assert.All(slots.Replies, r => Assert.Equal((double)all[r.Symbol.Text].Sum(m => m.Volume) / Bar.VolumeScale, r.Days[0].Slots[^1].Accumulated, 5));
    }

    private static Task<SimulatorHost> StartAsync(TimeProvider clock) =>
        SimulatorHost.StartAsync(new() { Symbols = 120, Revised = 0.2 }, clock, TestContext.Current.CancellationToken);

    private static int Changed(IReadOnlyDictionary<string, Bar> a, IReadOnlyDictionary<string, Bar> b) =>
        a.Keys.Union(b.Keys).Count(t => !a.TryGetValue(t, out var left) || !b.TryGetValue(t, out var right) || left != right);

    private static DateTimeOffset At(DateOnly date, int hour, int minute) => TradingCalendar.At(date, new(hour, minute));
}
