using System.Buffers;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>
/// Replaces whole hashes inside a transaction: by RESTORE of a payload made here where the server takes it, which costs it a tenth of
/// setting 132 fields one after the other; else by HSET and PEXPIRE of another key, and RENAME.
/// </summary>
internal sealed class HashReplacement
{
    private readonly Keys keys;
    private readonly bool restores;

    private HashReplacement(Keys keys, bool restores) => (this.keys, this.restores) = (keys, restores);

    /// <summary>Asks the server, in one transaction that leaves nothing behind, whether it reads a payload back as the hash that was meant.</summary>
    /// <exception cref="FencedException">Another instance leads.</exception>
    public static async Task<HashReplacement> AgreeAsync(Fence fence, Keys keys, CancellationToken ct)
    {
        HashEntry[] meant = [new("0", 127), new("1", 4_095), new("2", 8_388_607), new("3", 12_345_678_901), new("atr", "0.25")];
        var read = Task.FromResult(Array.Empty<HashEntry>());
        try
        {
            await fence.WriteAsync(t =>
            {
                var restored = Restore(t, keys.Probe, meant, TimeSpan.FromMinutes(1));
                read = t.HashGetAllAsync(keys.Probe);
                return [restored, read, t.KeyDeleteAsync(keys.Probe)];
            }, ct);
        }
        catch (RedisRefusedException)
        {
            // An older server, another make, or a user who may not: the long way asks for nothing special, and says what else is wrong.
            return new(keys, false);
        }

        return new(keys, (await read).ToHashSet().SetEquals(meant));
    }

    /// <param name="fields">Empty = no key.</param>
    public IEnumerable<Task> Commands(ITransaction t, RedisKey key, HashEntry[] fields, TimeSpan life)
    {
        if (fields.Length == 0)
        {
            yield return t.KeyDeleteAsync(key);
        }
        else if (restores)
        {
            yield return Restore(t, key, fields, life);
        }
        else
        {
            // Elsewhere, and renamed over the key: the embedded server lets a reader look between the commands of a transaction, and a deleted key would be missing.
            var next = keys.Next(key);
            _ = t.KeyDeleteAsync(next, CommandFlags.FireAndForget);
            yield return t.HashSetAsync(next, fields);
            _ = t.KeyExpireAsync(next, life, flags: CommandFlags.FireAndForget);
            yield return t.KeyRenameAsync(next, key);
        }
    }

    private static Task<RedisResult> Restore(ITransaction t, RedisKey key, HashEntry[] fields, TimeSpan life) =>
        t.ExecuteAsync("RESTORE", key, (long)life.TotalMilliseconds, Payload(fields), "REPLACE");

    internal static byte[] Payload(HashEntry[] fields)
    {
        long text = 0;
        foreach (var field in fields) text += TextBytes(field.Name) + TextBytes(field.Value);
        var scratch = ArrayPool<byte>.Shared.Rent(HashPayload.Room(2 * fields.Length, (int)text));
        var payload = new HashPayload(scratch);
        foreach (var field in fields)
        {
            Add(ref payload, field.Name);
            Add(ref payload, field.Value);
        }

        var bytes = payload.ToArray();
        ArrayPool<byte>.Shared.Return(scratch);
        return bytes;
    }

    private static long TextBytes(RedisValue value) => value.IsInteger ? 0 : value.GetByteCount();

    private static void Add(ref HashPayload payload, RedisValue value)
    {
        if (value.IsInteger) payload.Add((long)value);
        else payload.Add(value.ToString());
    }
}
