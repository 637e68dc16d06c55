using System.Threading.Channels;
using DataMaintenance.Provider;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Collects replies from many calls and commits them to staging in batches, one writer, while the calls go on.</summary>
internal sealed class SlotStaging : IAsyncDisposable
{
    /// <summary>Replies that wait for the writer; in a first load each holds ten sessions, about 25 KB.</summary>
    private const int MostWaiting = 1_000;

    private readonly Channel<SlotReply> replies = Channel.CreateBounded<SlotReply>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly List<(DateOnly Session, RejectedRow Row)> refused = [];
    private readonly IStore store;
    private readonly Func<DateOnly, bool> isFinal;
    private readonly SlotSuspicion suspicion;
    private readonly TimeProvider clock;
    private readonly Action<long> progress;
    private readonly Task writer;

    public SlotStaging(IStore store, Func<DateOnly, bool> isFinal, SlotSuspicion suspicion, TimeProvider clock, Action<long> progress, CancellationToken ct)
    {
        (this.store, this.isFinal, this.suspicion, this.clock, this.progress) = (store, isFinal, suspicion, clock, progress);
        writer = Task.Run(() => WriteAsync(ct), CancellationToken.None);
    }

    public long Replies { get; private set; }
    public long Rows { get; private set; }
    public string? Source { get; private set; }
    public IReadOnlyList<(DateOnly Session, RejectedRow Row)> Refused => refused;

    public async ValueTask AddAsync(SlotReply reply, CancellationToken ct)
    {
        // A writer that failed closes the channel with its error, which surfaces here.
        await replies.Writer.WriteAsync(reply, ct);
    }

    /// <summary>Commits what is left.</summary>
    public async Task CompleteAsync()
    {
        replies.Writer.TryComplete();
        await writer;
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            var batch = new List<(SlotDay Day, bool Final)>();
            long rows = 0, count = 0;
            var last = clock.GetTimestamp();
            while (await replies.Reader.WaitToReadAsync(ct))
            {
                while (replies.Reader.TryRead(out var reply))
                {
                    Source ??= reply.Source;
                    count++;
                    var suspected = suspicion.Suspects(reply);
                    foreach (var (date, slots) in reply.Days)
                    {
                        batch.Add((new(reply.Symbol, date, slots), !suspected && isFinal(date)));
                        rows += slots.Length;
                    }

                    if (reply.Rejected.Count > 0 && reply.Days.Count > 0) refused.AddRange(reply.Rejected.Select(r => (reply.Days[^1].Date, r)));
                    if (rows < BatchRows && clock.GetElapsedTime(last) < BatchTime) continue;
                    await StageAsync();
                }
            }

            await StageAsync();

            async Task StageAsync()
            {
                foreach (var part in batch.GroupBy(d => d.Final))
                    await store.StageSlotsAsync([.. part.Select(d => d.Day)], Source!, clock.GetUtcNow(), part.Key, ct);
                (Replies, Rows) = (Replies + count, Rows + rows);
                progress(Replies);
                batch.Clear();
                (rows, count, last) = (0, 0, clock.GetTimestamp());
            }
        }
        catch (Exception e)
        {
            replies.Writer.TryComplete(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        replies.Writer.TryComplete();
        // Its error, if any, was thrown by CompleteAsync.
        await writer.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Rows a transaction; a batch smaller than this is committed after a quarter of a second, so that a crash loses at most that.</summary>
    private const int BatchRows = 200_000;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(250);
}
