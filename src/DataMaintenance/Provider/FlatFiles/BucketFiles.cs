using System.Globalization;
using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>The flat files of the bucket, found and read.</summary>
internal sealed partial class BucketFiles : IDisposable
{
    private const int MostReplacements = 3;

    private readonly FlatFilesOptions options;
    private readonly SymbolPool symbols;
    private readonly ILogger log;
    private readonly S3Bucket bucket;

    public BucketFiles(ProviderOptions provider, SymbolPool symbols, TimeProvider clock, UsageCounter usage, ILogger log)
    {
        (options, this.symbols, this.log) = (provider.FlatFiles, symbols, log);
        bucket = new S3Bucket(provider, clock, usage, log);
    }

    public async Task<FileFound> FindAsync(FileSet set, DateOnly date, int wanted, CancellationToken ct)
    {
        if (set == FileSet.Minutes && wanted < options.LeastSymbols)
            return new(FileState.NotWorthIt, null, string.Create(CultureInfo.InvariantCulture, $"{wanted:N0} symbols are asked one by one, below {options.LeastSymbols:N0} no file is read"));
        try
        {
            return new(FileState.Out, await bucket.HeadAsync(set, date, ct), "");
        }
        catch (ProviderException refused)
        {
            var state = refused.Fault switch
            {
                ProviderFault.NotYet => FileState.NotYet,
                ProviderFault.NotEntitled => FileState.NotEntitled,
                _ => FileState.Failed,
            };
            return new(state, null, refused.Message);
        }
    }

    public Task<DailyReply> DaysAsync(PublishedFile file, string source, CancellationToken ct) =>
        ReadAsync(file, (flat, _) => DayFile.ReadAsync(flat, symbols, source, ct), ct);

    public Task<SlotFile> MinutesAsync(PublishedFile file, SlotGrid grid, string source, CancellationToken ct) =>
        ReadAsync(file, async (flat, read) => (await MinuteFile.ReadAsync(flat, grid, symbols, ct)).ToFile(read, source), ct);

    public void Dispose() => bucket.Dispose();

    /// <summary>Reads a file whole. One that is replaced meanwhile is read anew, from its beginning.</summary>
    private async Task<T> ReadAsync<T>(PublishedFile file, Func<FlatFile, PublishedFile, Task<T>> read, CancellationToken ct)
    {
        for (var replaced = 0; ; replaced++)
        {
            try
            {
                var now = file;
                return await Task.Run(() => read(new FlatFile(now.Date, now.Key, () => new S3Download(bucket, now, options.RangeBytes, ct)), now), ct);
            }
            catch (FileReplacedException again)
            {
                if (replaced == MostReplacements) throw new ProviderException(ProviderFault.Unavailable, file.Key, again.Message, again);
                ReadAnew(again.Message);
                file = await bucket.HeadAsync(file.Set, file.Date, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Reason} It is read anew")]
    private partial void ReadAnew(string reason);
}
