using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>How the client gets to the server: address, user, password, database number and TLS from the options.</summary>
internal static class RedisAddress
{
    /// <summary>Milliseconds a reply may take: behind a whole family in the pipeline, on a busy machine.</summary>
    private const int LeastTimeout = 15_000;
    private const int ReconnectMilliseconds = 500;

    /// <param name="distrusted">Called when the server's certificate is not believed: the client's own first failure is told to nobody.</param>
    /// <exception cref="RedisUnavailableException">The connection string or the certificate file cannot be read.</exception>
    public static ConfigurationOptions Configuration(RedisOptions options, int? embeddedPort, Action distrusted)
    {
        var configuration = embeddedPort is { } port ? new ConfigurationOptions { EndPoints = { { "127.0.0.1", port } } } : Parse(options.ConnectionString ?? "");
        if (embeddedPort is null && options.Password is not null) configuration.Password ??= options.Password;
        if (embeddedPort is null) Trust(configuration, options.TrustedCa is { } file ? Authorities(file) : null, distrusted);
        configuration.SetDefaultPorts();
        configuration.AbortOnConnectFail = false;
        // The client counts INFO among what only administrators ask.
        configuration.AllowAdmin = true;
        configuration.AsyncTimeout = Math.Max(configuration.AsyncTimeout, LeastTimeout);
        // Whether to wait for a server that is away is decided with each question, not by a queue in the client.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        configuration.ClientName = "data-maintenance";
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    /// <summary><c>host:port</c> of each, for people.</summary>
    public static string Endpoints(ConfigurationOptions configuration) =>
        string.Join(", ", configuration.EndPoints.Select(e => e switch
        {
            System.Net.IPEndPoint ip => ip.ToString(),
            System.Net.DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
            _ => e.ToString(),
        }));

    private static ConfigurationOptions Parse(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString);
        }
        catch (ArgumentException)
        {
            // The library's message quotes the part it could not read, which may be a password.
            throw new RedisUnavailableException("Redis:ConnectionString cannot be read; expected host:port and options such as ssl=true, separated by commas.");
        }
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RedisUnavailableException($"Redis:TrustedCa: {file} cannot be read ({e.Message.ReplaceLineEndings(" ")}); expected certificates in PEM.");
        }

        return authorities.Count > 0 ? authorities : throw new RedisUnavailableException($"Redis:TrustedCa: {file} holds no certificate; expected at least one in PEM.");
    }

    /// <summary>Believes certificates of these authorities and of no other, null: of those the machine trusts; the host name is checked as ever.</summary>
    private static void Trust(ConfigurationOptions configuration, X509Certificate2Collection? authorities, Action distrusted)
    {
        configuration.Ssl |= authorities is not null;
        configuration.CertificateValidation += (_, certificate, sent, errors) =>
        {
            var trusted = authorities is null ? errors == SslPolicyErrors.None : certificate is not null && IsOf(authorities, certificate, sent, errors);
            if (!trusted) distrusted();
            return trusted;
        };
    }

    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}
