using DataMaintenance.Cache;

namespace DataMaintenance.Api;

/// <summary>Questions to Redis for readers who can be answered without it.</summary>
internal static class Shortly
{
    /// <returns>What Redis holds; null where it is away, or frozen for longer than a person or a probe waits (<see cref="RedisConnection.ShortPatience"/>).</returns>
    public static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken ct) where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(RedisConnection.ShortPatience);
        try
        {
            return await ask(patience.Token);
        }
        catch (Exception e) when (e is RedisUnavailableException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
