namespace DataMaintenance.Provider.FlatFiles;

/// <summary>Gives a call up when nothing has moved for a while; however long it takes as a whole.</summary>
internal sealed class Watch : IDisposable
{
    private readonly TimeSpan patience;
    private readonly CancellationTokenSource stalled;
    private readonly CancellationTokenSource either;

    public Watch(TimeSpan patience, TimeProvider clock, CancellationToken ct)
    {
        this.patience = patience;
        stalled = new CancellationTokenSource(patience, clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(ct, stalled.Token);
    }

    public CancellationToken Token => either.Token;
    public bool HasStalled => stalled.IsCancellationRequested;

    public void Moved() => stalled.CancelAfter(patience);

    public void Dispose()
    {
        either.Dispose();
        stalled.Dispose();
    }
}
