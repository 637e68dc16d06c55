using System.Globalization;
using System.Text;
using CsCheck;
using DataMaintenance.Cache;
using DataMaintenance.Values;
using StackExchange.Redis;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

/// <summary>Hashes handed over whole: what the server reads from our bytes is what was meant.</summary>
public sealed class PayloadTests(Server server) : IClassFixture<Server>
{
    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.OneOf([.. new[] { 0L, 1, 127, 128, -1, -4096, -4097, 4095, 4096, short.MaxValue, short.MinValue, short.MaxValue + 1, (1 << 23) - 1, 1 << 23, -(1 << 23), int.MaxValue, int.MinValue, int.MaxValue + 1L, long.MaxValue, long.MinValue }.Select(n => Gen.Const(n))]),
        Gen.Long).Select(n => n.ToString(CultureInfo.InvariantCulture));

    private static readonly Gen<string> Text = Gen.OneOf(
        Number, Gen.OneOf([.. new[] { "", "-0", "007", "+1", " 1", "9223372036854775808", "0.25", "Ünïcode €", new string('x', 63), new string('x', 64), new string('x', 126), new string('x', 127), new string('x', 4095) }.Select(t => Gen.Const(t))]), Gen.String[0, 300]);

    [Fact]
    public void The_checksum_is_the_servers() => Assert.Equal(0xE9C6D914C4B8D9CAUL, Crc64.Of("123456789"u8));

    [Fact]
    public void The_checksum_of_many_bytes_is_that_of_one_byte_after_another() =>
        Gen.Byte.Array[0, 100].Sample(bytes =>
        {
            ulong crc = 0;
            foreach (var one in bytes)
            {
                crc ^= one;
                for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0x95AC9329AC4BC9B5);
            }

            return crc == Crc64.Of(bytes);
        });

    [Fact]
    public async Task The_server_reads_back_any_hash_that_was_meant()
    {
        await using var world = await OpenAsync(server);
        // It then checks every element of what it is given, as it does for strangers.
        await world.Db.ExecuteAsync("CONFIG", "SET", "sanitize-dump-payload", "yes");
        await Gen.Dictionary(Text, Text)[1, 30].SampleAsync(async meant =>
        {
            var clean = meant.ToDictionary(m => Utf8(m.Key), m => Utf8(m.Value), StringComparer.Ordinal);
            await world.Db.ExecuteAsync("RESTORE", "given", 0, HashReplacement.Payload([.. clean.Select(m => new HashEntry(m.Key, m.Value))]), "REPLACE");
            var read = await world.Db.HashGetAllAsync("given");
            Assert.Equal(clean.OrderBy(m => m.Key, StringComparer.Ordinal), read.Select(f => KeyValuePair.Create(f.Name.ToString(), f.Value.ToString())).OrderBy(m => m.Key, StringComparer.Ordinal));
            foreach (var (name, value) in clean) Assert.Equal(value, await world.Db.HashGetAsync("given", name));
        }, iter: 60, threads: 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60, 1_000_000_000_000)]
    [InlineData(192, 7)]
    [InlineData(511, 100_000)]
    [InlineData(2_000, 3_000_000_000)]
    public async Task A_hash_set_field_by_field_is_the_same_bytes(int fields, long step)
    {
        await using var world = await OpenAsync(server);
        HashEntry[] meant = [.. Enumerable.Range(0, fields).Select(i => new HashEntry(i, i * step))];
        var ours = HashReplacement.Payload(meant);
        await world.Db.ExecuteAsync("CONFIG", "SET", "rdbcompression", "no");
        await world.Db.HashSetAsync("fields", meant);
        var theirs = (byte[])(await world.Db.ExecuteAsync("DUMP", "fields"))!;
        // Above 512 fields the server keeps a table, and below its own version stands at the end.
        if (fields <= 512) Assert.Equal(ours[..^10], theirs[..^10]);
        await world.Db.ExecuteAsync("RESTORE", "given", 0, ours, "REPLACE");
        Assert.Equal(meant.ToHashSet(), (await world.Db.HashGetAllAsync("given")).Select(f => new HashEntry((int)f.Name, (long)f.Value)).ToHashSet());
        Assert.Equal(await world.Db.ExecuteAsync("OBJECT", "ENCODING", "fields") is { } kept ? kept.ToString() : "", (await world.Db.ExecuteAsync("OBJECT", "ENCODING", "given")).ToString());
    }

    [Fact]
    public async Task A_user_who_may_not_restore_publishes_field_by_field()
    {
        await using var world = await OpenAsync(server);
        await world.Db.ExecuteAsync("ACL", "SETUSER", "careful", "on", ">secret", "~*", "&*", "+@all", "-restore");
        await using var careful = await OpenAsync(server, o => o with { ConnectionString = o.ConnectionString + ",user=careful,password=secret" });
        var values = Of(Family.Rvol, Symbols(300).Select(s => Rvol(s, 3)));
        Assert.Equal(300, (await careful.Publisher.PublishAsync(values, null, Ct)).Written);
        Assert.Empty(await careful.Reader.CompareAsync(values, null, new Random(1), Ct));
        Assert.DoesNotContain("maintenance:derived:probe", await careful.AllKeysAsync());
    }

    [Fact]
    public async Task A_payload_is_refused_whole_when_the_lead_is_lost()
    {
        await using var old = await OpenAsync(server);
        await old.Publisher.PublishAsync(Of(Family.Rvol, Symbols(5).Select(s => Rvol(s, 1))), null, Ct);
        await using var leader = await OpenAsync(server, epoch: 2, empty: false);
        await Assert.ThrowsAsync<FencedException>(() => old.Publisher.PublishAsync(Of(Family.Rvol, Symbols(5).Select(s => Rvol(s, 2))), null, Ct));
        Assert.Equal(1, await leader.Db.HashGetAsync("rvol:hist:avg:S00001", 60));
        Assert.True(await leader.Db.KeyTimeToLiveAsync("rvol:hist:avg:S00001") > TimeSpan.FromDays(4));
    }

    /// <summary>Without the halves of surrogate pairs that no UTF-8 holds.</summary>
    private static string Utf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
