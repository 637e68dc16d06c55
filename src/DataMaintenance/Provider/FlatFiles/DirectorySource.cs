using System.Globalization;
using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>A folder of flat files, as people have it after syncing the provider's bucket.</summary>
internal sealed partial class DirectorySource(ProviderOptions options, ILogger log) : IMarketSource
{
    /// <summary>Files whose symbols make up the list of tickers.</summary>
    private const int NewestFiles = 5;

    private readonly FlatFileLayout layout = new(options.Path!);
    private readonly ReferenceFiles reference = new(options);
    private readonly SymbolPool symbols = new();
    private readonly UsageCounter usage = new();

    private const string Minutes = "directory:minute";

    public string Name => "directory";

    public string SlotsSource => Minutes;

    public ProviderUsage Usage => usage.Snapshot();

    public Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct) =>
        CountedAsync("day", () => DayFile.ReadAsync(layout.Find(FlatFileLayout.DaySet, date), symbols, "directory:day", ct), ct);

    /// <summary>A file is read whole, and ahead of handing over the one before; each reply is of one session. Sessions whose file fails are told at the end.</summary>
    public async Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct)
    {
        var bySession = new SortedDictionary<DateOnly, HashSet<Symbol>>();
        foreach (var (symbol, dates) in wanted)
        {
            foreach (var date in dates)
            {
                if (!bySession.TryGetValue(date, out var asked)) bySession[date] = asked = [];
                asked.Add(symbol);
            }
        }

        var failed = new List<ProviderException>();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sessions = bySession.Keys.ToArray();
        var next = Task.FromResult<MinuteDay?>(null);
        try
        {
            next = ReadAsync(sessions, 0);
            for (var i = 0; i < sessions.Length; i++)
            {
                var day = await next;
                next = ReadAsync(sessions, i + 1);
                if (day is not null) await HandOverAsync(day, bySession[day.Date], onReply, ct);
            }
        }
        finally
        {
            await reading.CancelAsync();
            await Task.WhenAny(next);
        }
        return failed.Count == 0 ? [] : throw Joined(failed, sessions.Length);

        async Task<MinuteDay?> ReadAsync(DateOnly[] dates, int at)
        {
            if (at >= dates.Length) return null;
            try
            {
                var read = () => MinuteFile.ReadAsync(layout.Find(FlatFileLayout.MinuteSet, dates[at]), grid, symbols, reading.Token);
                return await CountedAsync("minutes", read, reading.Token);
            }
            catch (ProviderException broken)
            {
                FileFailed(broken.Message);
                failed.Add(broken);
                return null;
            }
        }
    }

    public bool AsksBySymbol => false;

    public int FilesAtOnce => options.FlatFiles.FilesAtOnce;

    /// <summary>A file on disk has no ETag; its length and the time it was written stand for one.</summary>
    public Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct)
    {
        try
        {
            var file = new FileInfo(Path.Combine(options.Path!, layout.Find(FlatFileLayout.SetOf(set), date).Shown));
            var written = new DateTimeOffset(file.LastWriteTimeUtc);
            var tag = string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{written.ToUnixTimeMilliseconds()}");
            return Task.FromResult(new FileFound(FileState.Out, new PublishedFile(set, date, file.FullName, file.Length, tag, written), ""));
        }
        catch (ProviderException absent)
        {
            return Task.FromResult(new FileFound(FileState.NotYet, null, absent.Message));
        }
    }

    public Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct) => DailyAsync(file.Date, ct);

    public async Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct) =>
        (await CountedAsync("minutes", () => MinuteFile.ReadAsync(layout.Find(FlatFileLayout.MinuteSet, file.Date), grid, symbols, ct), ct)).ToFile(file, SlotsSource);

    public async Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct)
    {
        if (!active) return [];
        var known = reference.Tickers();
        var found = new SortedSet<Symbol>(known.Keys);
        var files = layout.Newest(FlatFileLayout.DaySet, NewestFiles);
        if (files.Count == 0) files = layout.Newest(FlatFileLayout.MinuteSet, NewestFiles);
        foreach (var file in files) found.UnionWith(await CountedAsync("symbols", () => DayFile.SymbolsAsync(file, symbols, ct), ct));
        return [.. found.Select(symbol => Listed(symbol, known.GetValueOrDefault(symbol)))];
    }

    public Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct) => Task.FromResult(reference.Splits());

    public Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct) => Task.FromResult(reference.Tickers().GetValueOrDefault(symbol));

    /// <summary>Flat files hold no float.</summary>
    public Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<Symbol, long>>(new Dictionary<Symbol, long>());

    /// <summary>Flat files announce nothing.</summary>
    public Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<SpecialDay>>([]);

    public Task PingAsync(CancellationToken ct) => Directory.Exists(options.Path)
        ? Task.CompletedTask
        : Task.FromException(new ProviderException(ProviderFault.Unavailable, options.Path!, "the folder is not there."));

    public Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct)
    {
        IReadOnlyList<Entitlement> found =
        [
            Files("flat files of days", FlatFileLayout.DaySet),
            Files("flat files of minutes", FlatFileLayout.MinuteSet),
            Try("splits", () => $"{reference.Splits().Count} splits"),
            Try("tickers", () => $"{reference.Tickers().Count} tickers with details"),
        ];
        return Task.FromResult(found);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task HandOverAsync(
        MinuteDay day, HashSet<Symbol> asked, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct)
    {
        var nameless = day.Rejected;
        foreach (var (symbol, slots, rejected) in day.Symbols)
        {
            asked.Remove(symbol);
            await onReply(new SlotReply(symbol, [(day.Date, slots)], nameless.Count == 0 ? rejected : [.. nameless, .. rejected], Minutes), ct);
            nameless = [];
        }
        foreach (var symbol in asked)
        {
            await onReply(new SlotReply(symbol, [(day.Date, [])], nameless, Minutes), ct);
            nameless = [];
        }
    }

    private static Ticker Listed(Symbol symbol, TickerDetails? details) => new(
        symbol, details?.Name, details?.Type, details?.Exchange, details?.Cik, details?.CompositeFigi, Active: true, DelistedOn: null);

    private Entitlement Files(string what, string set)
    {
        var newest = layout.Newest(set, int.MaxValue);
        return newest.Count == 0
            ? new Entitlement(what, Granted: false, $"no file in us_stocks_sip/{set}")
            : new Entitlement(what, Granted: true,
                string.Create(CultureInfo.InvariantCulture, $"{newest.Count} files, {newest[^1].Date:yyyy-MM-dd} to {newest[0].Date:yyyy-MM-dd}"));
    }

    private static Entitlement Try(string what, Func<string> describe)
    {
        try
        {
            return new Entitlement(what, Granted: true, describe());
        }
        catch (ProviderException broken)
        {
            return new Entitlement(what, Granted: false, broken.Message);
        }
    }

    private async Task<T> CountedAsync<T>(string route, Func<Task<T>> read, CancellationToken ct)
    {
        try
        {
            var result = await Task.Run(read, ct);
            usage.Called(route, "read");
            return result;
        }
        catch (ProviderException broken)
        {
            usage.Called(route, broken.Fault.ToString());
            throw;
        }
    }

    private static ProviderException Joined(List<ProviderException> failed, int sessions) => failed.Count == 1
        ? failed[0]
        : new ProviderException(failed[0].Fault, "us_stocks_sip/" + FlatFileLayout.MinuteSet,
            string.Create(CultureInfo.InvariantCulture, $"{failed.Count} of {sessions} files were not taken. ") + string.Join(' ', failed.Select(static one => one.Message)),
            failed[0]);

    [LoggerMessage(LogLevel.Warning, "{Error}")]
    private partial void FileFailed(string error);
}
