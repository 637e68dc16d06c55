using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DataMaintenance.Cache;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Values;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

/// <summary>Servers as they are in production: behind TLS, with users, shared, restarted, replicas, full.</summary>
public sealed class ServerTests
{
    private static readonly FamilyValues Old = Of(Family.Rvol, Symbols(400).Select(s => Rvol(s, 1))), New = Of(Family.Rvol, Symbols(400).Select(s => Rvol(s, 2)), fingerprint: "new");

    [Fact]
    public async Task A_user_a_password_and_a_database_number_come_from_the_connection_string()
    {
        await using var server = await StartedAsync();
        await using var admin = await RedisConnection.OpenAsync(server.Options(), Ct);
        await admin.Database.ExecuteAsync("ACL", "SETUSER", "keeper", "on", ">hunter2", "~*", "&*", "+@all", "-@dangerous", "+info", "+restore", "+keys", "+client");
        await using var world = await OpenAsync(new Given(server.Options() with { ConnectionString = $"{server.Address},user=keeper,defaultDatabase=3", Password = "hunter2" }), empty: false);
        Assert.Equal(1, (await world.Publisher.PublishAsync(Atr(("AAPL", 1), ("GONE", 1)), null, Ct) is { Written: 2 } ? await world.Publisher.PublishAsync(Atr(("AAPL", 1)), new HashSet<Market.Symbol>(), Ct) : null)?.Removed);
        Assert.False(await admin.Database.KeyExistsAsync("atr:data:AAPL"));
        Assert.Equal("1", await admin.Database.Multiplexer.GetDatabase(3).HashGetAsync("atr:data:AAPL", "atr"));
    }

    [Fact]
    public async Task A_command_the_user_may_not_give_is_named_without_the_password()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options()));
        await world.Db.ExecuteAsync("ACL", "SETUSER", "keeper", "on", ">hunter2", "~*", "&*", "+@all", "-set");
        await using var keeper = await RedisConnection.OpenAsync(server.Options() with { ConnectionString = $"{server.Address},user=keeper,password=hunter2" }, Ct);
        var fence = new Fence(keeper, world.Keys);
        var error = await Assert.ThrowsAnyAsync<RedisRefusedException>(() => fence.RaiseAsync(7, Ct));
        Assert.StartsWith($"Redis at {server.Address} ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_tls_an_authority_of_our_own_is_believed_and_no_other_and_the_host_name_counts()
    {
        using var folder = new TemporaryFolder();
        WriteCertificates(folder, "redis.example");
        await using var server = new RedisServer();
        await server.StartAsync("--port", "0", "--tls-port", server.Address.Split(':')[1], "--tls-cert-file", folder.File("server.crt"), "--tls-key-file", folder.File("server.key"), "--tls-ca-cert-file", folder.File("ca.crt"), "--tls-auth-clients", "no");
        var options = server.Options();

        await using (var right = await RedisConnection.OpenAsync(options with { TrustedCa = folder.File("ca.crt"), ConnectionString = server.Address + ",sslHost=redis.example" }, Ct)) await right.PingAsync(Ct);
        (string Text, RedisOptions Options)[] wrong =
        [
            ("another host", options with { TrustedCa = folder.File("ca.crt") }),
            ("another authority", options with { TrustedCa = folder.File("other.crt"), ConnectionString = server.Address + ",sslHost=redis.example" }),
            ("the machine's authorities", options with { ConnectionString = server.Address + ",ssl=true,sslHost=redis.example" }),
        ];
        foreach (var (text, one) in wrong)
        {
            await using var redis = await RedisConnection.OpenAsync(one, Ct);
            var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.AnswersAsync(Ct));
            Assert.True(error.Message.Contains("its certificate is not trusted, or is of another host", StringComparison.Ordinal), $"{text}: {error.Message}");
        }

        await File.WriteAllTextAsync(folder.File("empty.crt"), "", Ct);
        Assert.Contains("empty.crt", (await Assert.ThrowsAsync<RedisUnavailableException>(() => RedisConnection.OpenAsync(options with { TrustedCa = folder.File("empty.crt") }, Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_of_publishing_is_waited_for()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options()));
        await server.KillAsync();
        var publishing = world.Publisher.PublishAsync(New, null, Ct);
        await Task.Delay(500, Ct);
        Assert.False(publishing.IsCompleted);
        await server.StartAsync();
        Assert.Equal(400, (await publishing).Written);
        Assert.Empty(await world.Reader.CompareAsync(New, null, new Random(1), Ct));
    }

    [Fact]
    public async Task A_server_that_stays_away_fails_the_publishing_in_time_with_one_clear_line()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options() with { RetryFor = TimeSpan.FromSeconds(1), Password = "hunter2" }), empty: false);
        await server.KillAsync();
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => world.Publisher.PublishAsync(New, null, Ct).WaitAsync(TimeSpan.FromSeconds(15), Ct));
        Assert.StartsWith($"Redis at {server.Address} does not answer: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        foreach (var strange in new[] { "hunter2", "Exception", "StackExchange", "mgr:", "v:", "UnableToConnect" }) Assert.DoesNotContain(strange, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_server_is_away_the_state_of_a_run_holds_nothing_up()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options()));
        await server.KillAsync();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => world.State.MarkExecutedAsync(Session, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct));
    }

    [Fact]
    public async Task A_replica_is_told_from_its_primary()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options()));
        await world.Publisher.PublishAsync(Old, null, Ct);
        await world.Db.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => world.Publisher.PublishAsync(New, null, Ct));
        Assert.Contains("replica", error.Message, StringComparison.Ordinal);
        Assert.Contains("Redis:ConnectionString", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_save_to_disk_says_so_in_one_line_and_keeps_the_old_values()
    {
        using var folder = new TemporaryFolder();
        await using var server = new RedisServer();
        await server.StartAsync("--dir", folder.Path, "--save", "3600 1");
        await using var world = await OpenAsync(new Given(server.Options()));
        await world.Publisher.PublishAsync(Old, null, Ct);
        Directory.Delete(folder.Path, recursive: true);
        await world.Db.ExecuteAsync("BGSAVE");
        for (var i = 0; i < 200 && !ServerInfo.Parse((await world.Db.ExecuteAsync("INFO")).ToString()).SnapshotFailed; i++) await Task.Delay(50, Ct);
        var error = await Assert.ThrowsAsync<RedisRefusedException>(() => world.Publisher.PublishAsync(New, null, Ct));
        Directory.CreateDirectory(folder.Path);
        Assert.Contains("MISCONF", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Reader.CompareAsync(Old, null, new Random(1), Ct));
        Assert.Contains("LAST SNAPSHOT", ServerReport.Of(ServerInfo.Parse((await world.Db.ExecuteAsync("INFO")).ToString())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_endangers_our_keys_is_in_the_servers_report()
    {
        await using var server = await StartedAsync();
        await using var world = await OpenAsync(new Given(server.Options()));
        var calm = ServerReport.Of(await world.Redis.AskAsync(ServerInfo.ReadAsync, Ct));
        Assert.True(calm.Ok, calm.Text);
        Assert.Matches(@"^Redis \d+\.\d+\.\d+; .+ in use, no limit; policy noeviction; keeps no append-only file", calm.Text);
        await world.Db.ExecuteAsync("CONFIG", "SET", "maxmemory", "64mb", "maxmemory-policy", "volatile-lru");
        var full = ServerReport.Of(await world.Redis.AskAsync(ServerInfo.ReadAsync, Ct));
        Assert.False(full.Ok);
        Assert.Contains("of maxmemory 64.00M", full.Text, StringComparison.Ordinal);
        Assert.Contains("maxmemory-policy volatile-lru", full.Text, StringComparison.Ordinal);
    }

    private static async Task<RedisServer> StartedAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>ca.crt, a server's certificate for the name signed by it (server.crt, server.key), and other.crt, which signed nothing.</summary>
    private static void WriteCertificates(TemporaryFolder folder, string host)
    {
        var (from, to) = (DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(70));
        using var ca = Authority("CN=test authority");
        using var other = Authority("CN=another authority");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, from, to, [1, 2, 3, 4]);
        File.WriteAllText(folder.File("ca.crt"), ca.ExportCertificatePem());
        File.WriteAllText(folder.File("other.crt"), other.ExportCertificatePem());
        File.WriteAllText(folder.File("server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());

        X509Certificate2 Authority(string name)
        {
            var request = new CertificateRequest(name, RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request.CreateSelfSigned(from, to);
        }
    }

    private sealed class Given(RedisOptions options) : IServerUnderTest
    {
        public RedisOptions Options() => options;
    }
}
