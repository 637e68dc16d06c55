using System.Collections.Concurrent;
using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class PassTests
{
    private static readonly string Good = Massive.Bars(Massive.Bar(Massive.At(Massive.Day, 10)));

    private static string TickerOf(string asked) => asked.Split('/')[4];

    [Fact]
    public async Task What_failed_is_asked_again_in_further_passes_and_only_that()
    {
        var counts = new ConcurrentDictionary<string, int>();
        await using var server = await ScriptedServer.StartAsync((asked, _) =>
            counts.AddOrUpdate(TickerOf(asked), 1, (_, count) => count + 1) <= 6 && TickerOf(asked) is "BAD" ? new Answer(Massive.Error("oh"), 500) : Good);
        await using var source = Massive.Source(server, options => options with { Attempts = 2 });
        var (replies, failures) = await source.AllSlotsAsync(["A", "BAD", "C"], SlotGrid.Extended, Massive.Day);

        Assert.Equal(["A", "C"], replies.Select(reply => reply.Symbol.Text).Order());
        Assert.Equal(["BAD"], failures.Select(failure => failure.Symbol.Text));
        Assert.Equal((1, 4, 1), (counts["A"], counts["BAD"], counts["C"]));
    }

    [Fact]
    public async Task A_pass_that_brings_something_is_followed_by_another()
    {
        var counts = new ConcurrentDictionary<string, int>();
        await using var server = await ScriptedServer.StartAsync((asked, _) =>
        {
            var ticker = TickerOf(asked);
            var needed = int.Parse(ticker.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            return counts.AddOrUpdate(ticker, 1, (_, count) => count + 1) < needed ? new Answer(Massive.Error("oh"), 502) : Good;
        });
        await using var source = Massive.Source(server, options => options with { Attempts = 1 });
        var (replies, failures) = await source.AllSlotsAsync(["S1", "S2", "S3", "S4"], SlotGrid.Extended, Massive.Day);

        Assert.Equal((4, 0), (replies.Count, failures.Count));
    }

    [Fact]
    public async Task A_poisoned_symbol_costs_no_other_one()
    {
        await using var server = await ScriptedServer.StartAsync((asked, _) => TickerOf(asked) switch
        {
            "GONE" => new Answer("""{"status":"NOT_FOUND","message":"Ticker not found."}""", 404),
            "MAD" => Good.Replace("\"c\":10.5", "\"c\":\"10.5\"", StringComparison.Ordinal),
            _ => Good,
        });
        await using var source = Massive.Source(server);
        var (replies, failures) = await source.AllSlotsAsync(["A", "GONE", "MAD", "Z"], SlotGrid.Extended, Massive.Day);

        Assert.Equal(["A", "Z"], replies.Select(reply => reply.Symbol.Text).Order());
        Assert.Equal([("GONE", ProviderFault.NotFound), ("MAD", ProviderFault.Nonsense)], failures.Select(failure => (failure.Symbol.Text, failure.Error.Fault)));
        Assert.Contains("/v2/aggs/ticker/MAD/range/5/minute/2025-01-02/2025-01-02: results[0].c: expected a number, got a string", failures[1].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenth_of_all_replies_failing_still_brings_every_symbol()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync((_, _) => (Interlocked.Increment(ref calls) % 10) switch
        {
            3 => new Answer(Massive.Error("slow"), 429),
            6 => new Answer(Good, CutAfter: 100),
            9 => new Answer(Massive.Error("oh"), 500),
            _ => Good,
        });
        await using var source = Massive.Source(server);
        var (replies, failures) = await source.AllSlotsAsync([.. Enumerable.Range(0, 400).Select(i => $"S{i}")], SlotGrid.Extended, Massive.Day);

        Assert.Equal((400, 0), (replies.Count, failures.Count));
    }

    [Fact]
    public async Task When_nothing_answers_any_more_the_rest_is_not_asked_and_named()
    {
        await using var server = await ScriptedServer.AlwaysAsync(new Answer(Massive.Error("down"), 503));
        await using var source = Massive.Source(server, options => options with { Attempts = 1 });
        var (replies, failures) = await source.AllSlotsAsync([.. Enumerable.Range(0, 1_000).Select(i => $"S{i}")], SlotGrid.Extended, Massive.Day);

        Assert.Equal((0, 1_000), (replies.Count, failures.Count));
        Assert.InRange(server.Requests.Count, 64, 400);
        Assert.Contains(failures, failure => failure.Error.Message.Contains("not asked any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_receiver_throws_ends_the_loading()
    {
        await using var server = await ScriptedServer.AlwaysAsync(Good);
        await using var source = Massive.Source(server);

        await Assert.ThrowsAsync<InvalidOperationException>(() => source.SlotsAsync(
            new Dictionary<Symbol, IReadOnlyList<DateOnly>> { [new Symbol("A")] = [Massive.Day] }, SlotGrid.Extended,
            (_, _) => throw new InvalidOperationException("store"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_more_calls_are_in_flight_than_the_settings_allow()
    {
        int inFlight = 0, most = 0;
        await using var server = await ScriptedServer.AlwaysAsync(new Answer(Good, Before: async () =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref inFlight));
            for (var i = 0; i < 20; i++) await Task.Yield();
            Interlocked.Decrement(ref inFlight);
        }));
        await using var source = Massive.Source(server, options => options with { MaxConcurrency = 3 });
        await source.AllSlotsAsync([.. Enumerable.Range(0, 200).Select(i => $"S{i}")], SlotGrid.Extended, Massive.Day);

        Assert.InRange(most, 2, 3);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }
}
