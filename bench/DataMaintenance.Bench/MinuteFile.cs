using System.Collections.Concurrent;
using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Bench;

/// <summary>One minute file of the whole market: plain decompression is the limit, parsing to slots comes beside it, storing on top.</summary>
public class MinuteFile
{
    private static readonly Dictionary<Symbol, IReadOnlyList<DateOnly>> Wanted = new() { [new("AAPL")] = [FullMarket.Session] };
    private readonly FullMarket market = new();
    private IStore store = null!;

    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        await market.WriteFilesAsync();
        store = await market.OpenStoreAsync();
    }

    [Benchmark(Baseline = true, Description = "decompress only")]
    public long Decompress()
    {
        using var plain = new GZipStream(File.OpenRead(market.Minutes), CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        long total = 0;
        while (plain.Read(buffer) is > 0 and var read) total += read;
        return total;
    }

    [Benchmark(Description = "file to slots")]
    public async Task<int> ToSlots() => (await SlotsAsync()).Count;

    /// <summary>Each storing is of a session that is not there yet.</summary>
    [IterationSetup(Target = nameof(ToStoredSlots))]
    public void Clear() => store.DropSlotsBeforeAsync(FullMarket.Session.AddDays(1), CancellationToken.None).GetAwaiter().GetResult();

    [Benchmark(Description = "file to stored slots")]
    public async Task<long> ToStoredSlots()
    {
        var days = await SlotsAsync();
        return await store.SaveSlotsAsync(FullMarket.Session, [.. days], new HashSet<Symbol>(), "bench", TimeProvider.System.GetUtcNow(), true, CancellationToken.None);
    }

    private async Task<ConcurrentBag<SlotDay>> SlotsAsync()
    {
        var days = new ConcurrentBag<SlotDay>();
        await using var source = market.OpenDirectory();
        await source.SlotsAsync(Wanted, SlotGrid.Extended, (reply, _) =>
        {
            foreach (var (date, slots) in reply.Days) days.Add(new(reply.Symbol, date, slots));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        return days;
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        market.Dispose();
    }
}
