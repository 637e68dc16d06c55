using System.Collections.Concurrent;
using DataMaintenance.Provider.FlatFiles;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>Massive's REST API, or any server that speaks it at <see cref="ProviderOptions.BaseUrl"/>, and its bucket of flat files, while keys for it are given.</summary>
internal sealed partial class MassiveSource : IMarketSource
{
    /// <summary>Symbols under way per call in flight: one that waits for its next attempt holds up no other.</summary>
    private const int LanesPerCall = 16;

    private readonly ProviderOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly UsageCounter usage = new();
    private readonly SymbolPool symbols = new();
    private readonly MassiveClient client;
    private readonly SemaphoreSlim barGate;
    private readonly DetailLanes detailLanes;
    private readonly BucketFiles? files;

    public MassiveSource(ProviderOptions options, TimeProvider clock, ILogger log)
    {
        (this.options, this.clock, this.log) = (options, clock, log);
        client = new MassiveClient(options, clock, usage, log);
        barGate = new SemaphoreSlim(options.MaxConcurrency);
        detailLanes = new DetailLanes(options.DetailsConcurrency, options.DetailsPause, clock);
        files = options.FlatFiles.InUse ? new BucketFiles(options, symbols, clock, usage, log) : null;
    }

    public string Name => "massive";

    public string SlotsSource => "massive:range";

    public ProviderUsage Usage => usage.Snapshot();

    public Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct)
    {
        var call = GroupedReply.CallFor(date);
        return client.GetAsync(call, body => GroupedReply.Parse(body, date, symbols, call.Endpoint), barGate, ct);
    }

    public Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct)
    {
        var days = wanted.Values.SelectMany(static dates => dates).Distinct().ToDictionary(static date => date, static date => new NewYorkDay(date));
        var sorters = new ConcurrentBag<SlotSorter>();
        var asked = wanted.Where(static pair => pair.Value.Count > 0).Select(static pair => pair.Key).Order().ToArray();
        return new SlotPasses(LanesPerCall * options.MaxConcurrency, log).RunAsync(asked, AskAsync, ct);

        async Task AskAsync(Symbol symbol, CancellationToken token)
        {
            var sessions = wanted[symbol];
            using var bars = new RangeBars();
            await ReadRangeAsync(symbol, sessions[0], sessions[^1], bars, token);
            if (!sorters.TryTake(out var sorter)) sorter = new SlotSorter(grid);
            var reply = sorter.Sort(symbol, [.. sessions.Select(date => days[date])], bars, SlotsSource);
            sorters.Add(sorter);
            await onReply(reply, token);
        }
    }

    public bool AsksBySymbol => true;

    public int FilesAtOnce => options.FlatFiles.FilesAtOnce;

    public Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct) =>
        files?.FindAsync(set, date, symbols, ct) ?? Task.FromResult(new FileFound(FileState.NotWorthIt, null, "no keys for flat files are configured"));

    public Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct) => Bucket.DaysAsync(file, "massive:file", ct);

    public Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct) => Bucket.MinutesAsync(file, grid, "massive:file", ct);

    public async Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct)
    {
        var rows = await ListAsync<TickerReply.Row>(TickerReply.CallFor(active),
            (ref ReplyReader reply) => TickerReply.Read(ref reply, active, symbols, LeftOut("ticker")), ct);
        return TickerReply.Merge(rows);
    }

    public async Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct)
    {
        List<ListedSplit> splits;
        try
        {
            splits = await ListSplitsAsync(SplitReply.CallFor(), ct);
        }
        catch (ProviderException refused) when (refused.Fault is ProviderFault.NotEntitled or ProviderFault.NotFound)
        {
            OlderSplits(refused.Message);
            splits = await ListSplitsAsync(SplitReply.OlderCall(), ct);
        }
        return [.. splits.DistinctBy(static listed => listed.Split)];
    }

    public async Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct)
    {
        var call = DetailsReply.CallFor(symbol);
        try
        {
            return await detailLanes.RunAsync(
                token => client.GetAsync(call, body => DetailsReply.Parse(body, symbol, call.Endpoint), gate: null, token), ct);
        }
        catch (ProviderException unknown) when (unknown.Fault == ProviderFault.NotFound && !Refusal.IsUnknownPath(unknown))
        {
            return null;
        }
    }

    public async Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct)
    {
        var rows = await ListAsync<FloatReply.Row>(FloatReply.CallFor(),
            (ref ReplyReader reply) => FloatReply.Read(ref reply, symbols, LeftOut("float")), ct);
        return FloatReply.Merge(rows);
    }

    public Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct)
    {
        var call = MarketStatusReply.Upcoming;
        return client.GetAsync(call, body => MarketStatusReply.ParseUpcoming(body, call.Endpoint, LeftOut("holiday")), barGate, ct);
    }

    public Task PingAsync(CancellationToken ct) => client.OnceAsync(MarketStatusReply.Now, static _ => true, ct);

    public Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct) => new Probe(client, files, symbols).RunAsync(today, ct);

    public ValueTask DisposeAsync()
    {
        files?.Dispose();
        client.Dispose();
        barGate.Dispose();
        return ValueTask.CompletedTask;
    }

    private BucketFiles Bucket => files ?? throw new InvalidOperationException("Only a file that was found can be read.");

    private async Task ReadRangeAsync(Symbol symbol, DateOnly first, DateOnly last, RangeBars bars, CancellationToken ct)
    {
        var trail = new PageTrail(RangeReply.CallFor(symbol, first, last), options);
        string? next;
        do
        {
            var (call, known) = (trail.Current, bars.Count);
            next = await client.GetAsync(call, body =>
            {
                bars.CutTo(known);
                return RangeReply.Parse(body, symbol, bars, call.Endpoint);
            }, barGate, ct);
        }
        while (trail.MoveNext(next, RangeReply.Unadjusted));
    }

    private Task<List<ListedSplit>> ListSplitsAsync(Call first, CancellationToken ct) =>
        ListAsync<ListedSplit>(first, (ref ReplyReader reply) => SplitReply.Read(ref reply, symbols, LeftOut("split")), ct);

    private async Task<List<T>> ListAsync<T>(Call first, ListRow<T> read, CancellationToken ct) where T : class
    {
        var all = new List<T>();
        var trail = new PageTrail(first, options);
        string? next;
        do
        {
            var call = trail.Current;
            var page = await client.GetAsync(call, body => ListPage.Parse(body, call.Endpoint, read), barGate, ct);
            all.AddRange(page.Rows);
            next = page.NextUrl;
        }
        while (trail.MoveNext(next));
        return all;
    }

    private Action<string> LeftOut(string what) => row => RowLeftOut(what, row);

    [LoggerMessage(LogLevel.Warning, "A {What} of the provider's list makes no sense and is left out: {Row}")]
    private partial void RowLeftOut(string what, string row);

    [LoggerMessage(LogLevel.Information, "Splits are read from the older endpoint: {Reason}")]
    private partial void OlderSplits(string reason);
}
