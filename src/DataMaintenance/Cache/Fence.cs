using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>
/// The one gate to writing: <c>maintenance:fence</c> holds the epoch of the leader, and every transaction carries the condition that
/// it still is ours. A process that froze and woke up after another took over is refused by Redis itself.
/// </summary>
public sealed partial class Fence(RedisConnection redis, Keys keys, ILogger<Fence>? logger = null)
{
    private readonly ILogger log = logger ?? (ILogger)NullLogger.Instance;
    private long epoch;
    private long losses;
    private int refused;

    /// <summary>The term this instance writes under; 0 before <see cref="RaiseAsync"/>.</summary>
    public long Epoch => Interlocked.Read(ref epoch);

    /// <summary>
    /// How often the fence was found gone within this term. Nobody but the service touches it, so that the server lost everything with it,
    /// also where a run has already put some of that back.
    /// </summary>
    public long Losses => Interlocked.Read(ref losses);

    /// <summary>Sets the fence to the epoch of this instance, now its leader; it only ever goes up.</summary>
    /// <exception cref="FencedException">A higher epoch is there.</exception>
    /// <exception cref="RedisUnavailableException">The server is away.</exception>
    public Task RaiseAsync(long epoch, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        return redis.AskAsync(db => RaiseOnAsync(db, epoch, ct), ct);
    }

    /// <summary>
    /// The same at the start of a process, which works on without a server that takes no writes for now: one that is full, and, for whoever serves,
    /// one that is away. The first write that it takes raises the fence.
    /// </summary>
    /// <param name="mayBeAway">For a process that stays.</param>
    /// <exception cref="FencedException">A higher epoch is there.</exception>
    /// <exception cref="RedisUnavailableException">The server is away, or lets nobody in with such a password.</exception>
    /// <exception cref="RedisRefusedException">It refuses, and not for want of memory.</exception>
    public async Task BeginAsync(long epoch, bool mayBeAway, CancellationToken ct)
    {
        try
        {
            await redis.PingAsync(ct);
            await RaiseAsync(epoch, ct);
        }
        catch (Exception e) when (e is RedisRefusedException { IsFull: true } || (mayBeAway && e is RedisUnavailableException { LocksOut: false }))
        {
            Interlocked.Exchange(ref this.epoch, epoch);
        }
    }

    /// <summary>Runs one transaction if the fence is still ours, whole or not at all; again while the connection is lost, with the fence checked anew.</summary>
    /// <param name="build">Adds commands to the transaction and hands back those whose results matter; run again when the server had lost the fence.</param>
    /// <exception cref="FencedException">Another instance leads.</exception>
    /// <exception cref="RedisUnavailableException">The server is away.</exception>
    /// <exception cref="RedisRefusedException">The server has no memory left, or will not write for another reason; the keys keep their old values.</exception>
    internal Task WriteAsync(Func<ITransaction, IEnumerable<Task>> build, CancellationToken ct) => redis.AskAsync(db => WriteAsync(db, build, ct), ct);

    /// <summary>The same without a second try while the connection is lost.</summary>
    internal Task WriteOnceAsync(Func<ITransaction, IEnumerable<Task>> build, CancellationToken ct) => redis.AskOnceAsync(db => WriteAsync(db, build, ct), ct);

    private async Task<bool> RaiseOnAsync(IDatabase db, long epoch, CancellationToken ct)
    {
        while (true)
        {
            var held = await db.StringGetAsync(keys.Fence).WaitAsync(ct);
            if (!held.IsNull && !held.TryParse(out long _))
                throw new FencedException($"{keys.Fence} holds '{held}', expected the number of a term of leadership; delete the key if nothing else uses it.");
            var there = held.IsNull ? 0 : (long)held;
            if (there > epoch)
                throw new FencedException($"{keys.Fence} is at epoch {there}, this instance is at {epoch}: another one leads. If that one is gone for good, and its store with it, delete the key.");
            if (there < epoch && !await SetAsync(db, held, epoch).WaitAsync(ct)) continue;
            if (held.IsNull && Epoch == epoch) Interlocked.Increment(ref losses);
            Interlocked.Exchange(ref this.epoch, epoch);
            Interlocked.Exchange(ref refused, 0);
            return true;
        }
    }

    private async Task<bool> WriteAsync(IDatabase db, Func<ITransaction, IEnumerable<Task>> build, CancellationToken ct)
    {
        var term = Epoch;
        if (term == 0) throw new InvalidOperationException("Nothing is written to Redis before the fence is raised.");
        if (await ExecuteAsync(db, build, term, ct)) return true;
        try
        {
            // A flushed server has no fence, one from before our term a lower one: both are ours to raise. A higher one throws here.
            await RaiseOnAsync(db, term, ct);
            return await ExecuteAsync(db, build, term, ct) ? true : throw new FencedException($"Redis refused the write: {keys.Fence} is no longer at epoch {term}.");
        }
        catch (FencedException e)
        {
            if (Interlocked.Exchange(ref refused, 1) == 0) WriteRefused("redis", e.Message);
            throw;
        }
    }

    private async Task<bool> ExecuteAsync(IDatabase db, Func<ITransaction, IEnumerable<Task>> build, long term, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var transaction = db.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(keys.Fence, term));
        var commands = build(transaction).ToArray();
        try
        {
            if (!await transaction.ExecuteAsync()) return false;
            await Task.WhenAll(commands);
            return true;
        }
        catch (RedisServerException e) when (RedisTrouble.Starts(e, "EXECABORT"))
        {
            await ThrowReasonAsync(db).WaitAsync(ct);
            throw;
        }
    }

    [LoggerMessage(EventId = 140, EventName = "write_refused", Level = LogLevel.Warning, Message = "{where} refused a write, and was left as it is: {reason}")]
    private partial void WriteRefused(string where, string reason);

    /// <summary>EXECABORT does not tell the reason. A command that changes nothing, but is refused on the same grounds, throws it.</summary>
    private Task<RedisValue> ThrowReasonAsync(IDatabase db) => db.StringSetRangeAsync(keys.Fence, 0, "");

    private async Task<bool> SetAsync(IDatabase db, RedisValue held, long next)
    {
        var transaction = db.CreateTransaction();
        transaction.AddCondition(held.IsNull ? Condition.KeyNotExists(keys.Fence) : Condition.StringEqual(keys.Fence, held));
        _ = transaction.StringSetAsync(keys.Fence, next.ToString(CultureInfo.InvariantCulture));
        try
        {
            return await transaction.ExecuteAsync();
        }
        catch (RedisServerException e) when (RedisTrouble.Starts(e, "EXECABORT"))
        {
            await ThrowReasonAsync(db);
            throw;
        }
    }
}

/// <summary>This instance no longer leads: Redis refused the write.</summary>
public sealed class FencedException(string message) : Exception(message);
