using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DataMaintenance.Provider.Massive;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>The provider's bucket: HEAD, and GET of ranges. Every failure is told in the provider's terms; no key is ever in a message.</summary>
internal sealed partial class S3Bucket : IDisposable
{
    private readonly FlatFilesOptions options;
    private readonly TimeProvider clock;
    private readonly UsageCounter usage;
    private readonly Backoff backoff;
    private readonly ILogger log;
    private readonly AmazonS3Client s3;

    public S3Bucket(ProviderOptions provider, TimeProvider clock, UsageCounter usage, ILogger log)
    {
        (options, this.clock, this.usage, this.log) = (provider.FlatFiles, clock, usage, log);
        backoff = new Backoff(provider, clock);
        s3 = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,
            // Attempts, time-outs and their counting are ours: a range goes on where it broke off.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            HttpClientFactory = new Connections(options),
        });
        Flying = new SemaphoreSlim(options.Concurrency);
        Held = new SemaphoreSlim(2 * options.Concurrency);
    }

    /// <summary>Ranges on the wire, over all files.</summary>
    public SemaphoreSlim Flying { get; }

    /// <summary>Ranges in memory, over all files: on the wire or waiting to be read.</summary>
    public SemaphoreSlim Held { get; }

    /// <exception cref="ProviderException">Not there (NotYet), not sold (NotEntitled), unknown keys (Unauthorized), or no answer.</exception>
    public async Task<PublishedFile> HeadAsync(FileSet set, DateOnly date, CancellationToken ct)
    {
        var key = FlatFileLayout.KeyOf(set, date);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WatchedAsync("file-head", key, async watch =>
                {
                    var told = await s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = key }, watch.Token);
                    return new PublishedFile(set, date, key, told.ContentLength, told.ETag.Trim('"'), told.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : default);
                }, ct);
            }
            catch (ProviderException refused) when (refused.Fault == ProviderFault.NotEntitled)
            {
                // A refused HEAD has no words; a refused GET says whether it is the plan or the keys.
                using var room = new Range(0, 1);
                await DownloadAsync(new PublishedFile(set, date, key, 1, "", default), room, ct);
                throw;
            }
            catch (ProviderException failed) when (failed.Transient && attempt < options.Attempts)
            {
                await WaitAsync(key, attempt, failed, ct);
            }
        }
    }

    /// <summary>Fills a range; after a reset it goes on behind the bytes it has, as long as the file is the same.</summary>
    /// <exception cref="FileReplacedException">The file was published again meanwhile.</exception>
    /// <exception cref="ProviderException">Refused, or no attempt brought all of it.</exception>
    public async Task DownloadAsync(PublishedFile file, Range range, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = range.Filled;
            try
            {
                await Flying.WaitAsync(ct);
                try
                {
                    await WatchedAsync("file", file.Key, watch => FillAsync(file, range, watch), ct);
                }
                finally
                {
                    Flying.Release();
                }
                return;
            }
            catch (ProviderException failed) when (failed.Transient && attempt < options.Attempts)
            {
                if (range.Filled > before) attempt = 0;
                await WaitAsync(file.Key, Math.Max(attempt, 1), failed, ct);
            }
        }
    }

    public void Dispose()
    {
        s3.Dispose();
        Flying.Dispose();
        Held.Dispose();
    }

    private async Task<bool> FillAsync(PublishedFile file, Range range, Watch watch)
    {
        var request = new GetObjectRequest
        {
            BucketName = options.Bucket,
            Key = file.Key,
            ByteRange = new ByteRange(range.Start + range.Filled, range.Start + range.Length - 1),
            EtagToMatch = file.ETag.Length == 0 ? null : $"\"{file.ETag}\"",
        };
        using var response = await s3.GetObjectAsync(request, watch.Token);
        if (file.ETag.Length > 0 && response.ETag.Trim('"') != file.ETag) throw new FileReplacedException(file.Key);
        while (range.Filled < range.Length)
        {
            watch.Moved();
            var read = await response.ResponseStream.ReadAsync(range.Rest, watch.Token);
            if (read == 0) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the answer ended after {range.Filled:N0} of {range.Length:N0} bytes"));
            range.Took(read);
        }
        return true;
    }

    private async Task<T> WatchedAsync<T>(string route, string key, Func<Watch, Task<T>> call, CancellationToken ct)
    {
        using var watch = new Watch(options.StallTimeout, clock, ct);
        try
        {
            var result = await call(watch);
            usage.Called(route, "200");
            return result;
        }
        catch (OperationCanceledException) when (watch.HasStalled && !ct.IsCancellationRequested)
        {
            usage.Called(route, "timeout");
            throw new ProviderException(ProviderFault.Unavailable, key, string.Create(CultureInfo.InvariantCulture, $"nothing came for {options.StallTimeout.TotalSeconds:0.###} s."));
        }
        catch (AmazonS3Exception refused)
        {
            usage.Called(route, ((int)refused.StatusCode).ToString(CultureInfo.InvariantCulture));
            throw S3Refusal.From(refused, key);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or AmazonClientException or WebException)
        {
            usage.Called(route, "cut");
            throw new ProviderException(ProviderFault.Unavailable, key, $"the answer broke off: {Rejections.Printable(broken.Message, 200)}", broken);
        }
    }

    private Task WaitAsync(string key, int attempt, ProviderException failed, CancellationToken ct)
    {
        usage.Retried();
        var wait = backoff.After(attempt, failed);
        WillRetry(key, attempt, options.Attempts, wait, failed.Message);
        return Task.Delay(wait, clock, ct);
    }

    [LoggerMessage(LogLevel.Debug, "{Key}: attempt {Attempt} of {Attempts} failed, next in {Wait}: {Error}")]
    private partial void WillRetry(string key, int attempt, int attempts, TimeSpan wait, string error);

    /// <summary>A proxy never stands before this machine itself, and connections are as many as ranges.</summary>
    private sealed class Connections(FlatFilesOptions options) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.Endpoint.IsLoopback,
            MaxConnectionsPerServer = options.Concurrency + 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }
}
