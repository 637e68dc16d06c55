using System.Globalization;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>
/// The one gate to writing: <c>maintenance:fence</c> holds the epoch of the leader, and every transaction carries the condition that
/// it still is ours. A process that froze and woke up after another took over is refused by Redis itself.
/// </summary>
public sealed class Fence(RedisConnection redis, Keys keys)
{
    private long epoch;

    /// <summary>The term this instance writes under; 0 before <see cref="RaiseAsync"/>.</summary>
    public long Epoch => Interlocked.Read(ref epoch);

    /// <summary>Sets the fence to the epoch of this instance, now its leader; it only ever goes up.</summary>
    /// <exception cref="FencedException">A higher epoch is there.</exception>
    public async Task RaiseAsync(long epoch, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        while (true)
        {
            var held = await redis.Database.StringGetAsync(keys.Fence).WaitAsync(ct);
            if (!held.IsNull && !held.TryParse(out long _))
                throw new FencedException($"{keys.Fence} holds '{held}', expected the number of a term of leadership; delete the key if nothing else uses it.");
            var there = held.IsNull ? 0 : (long)held;
            if (there > epoch)
                throw new FencedException($"{keys.Fence} is at epoch {there}, this instance is at {epoch}: another one leads. If that one is gone for good, and its store with it, delete the key.");
            if (there < epoch && !await SetAsync(held, epoch).WaitAsync(ct)) continue;
            Interlocked.Exchange(ref this.epoch, epoch);
            return;
        }
    }

    /// <summary>Runs one transaction if the fence is still ours, whole or not at all.</summary>
    /// <param name="build">Adds commands to the transaction and hands back those whose results matter; run again when the server had lost the fence.</param>
    /// <exception cref="FencedException">Another instance leads.</exception>
    /// <exception cref="RedisFullException">The server has no memory left; the keys keep their old values.</exception>
    internal async Task WriteAsync(Func<ITransaction, IEnumerable<Task>> build, CancellationToken ct)
    {
        var term = Epoch;
        if (term == 0) throw new InvalidOperationException("Nothing is written to Redis before the fence is raised.");
        if (await ExecuteAsync(build, term, ct)) return;
        // A flushed server has no fence, one from before our term a lower one: both are ours to raise. A higher one throws here.
        await RaiseAsync(term, ct);
        if (!await ExecuteAsync(build, term, ct)) throw new FencedException($"Redis refused the write: {keys.Fence} is no longer at epoch {term}.");
    }

    private async Task<bool> ExecuteAsync(Func<ITransaction, IEnumerable<Task>> build, long term, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var transaction = redis.Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(keys.Fence, term));
        var commands = build(transaction).ToArray();
        try
        {
            if (!await transaction.ExecuteAsync()) return false;
            await Task.WhenAll(commands);
            return true;
        }
        catch (RedisServerException e) when (e.Message.StartsWith("EXECABORT", StringComparison.Ordinal))
        {
            await SayWhyAsync(e, ct);
            throw;
        }
    }

    /// <summary>An aborted transaction does not tell the reason. A command that changes nothing, but is refused on the same grounds, does.</summary>
    private async Task SayWhyAsync(RedisServerException aborted, CancellationToken ct)
    {
        try
        {
            await redis.Database.StringSetRangeAsync(keys.Fence, 0, "").WaitAsync(ct);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("OOM", StringComparison.Ordinal))
        {
            throw new RedisFullException($"{redis.Description} has no memory left and keeps the old values ({e.Message}); give it more.", aborted);
        }
    }

    private Task<bool> SetAsync(RedisValue held, long next)
    {
        var transaction = redis.Database.CreateTransaction();
        transaction.AddCondition(held.IsNull ? Condition.KeyNotExists(keys.Fence) : Condition.StringEqual(keys.Fence, held));
        _ = transaction.StringSetAsync(keys.Fence, next.ToString(CultureInfo.InvariantCulture));
        return transaction.ExecuteAsync();
    }
}

/// <summary>This instance no longer leads: Redis refused the write.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>The server reached its memory limit; what it held stays.</summary>
public sealed class RedisFullException(string message, Exception cause) : Exception(message, cause);
