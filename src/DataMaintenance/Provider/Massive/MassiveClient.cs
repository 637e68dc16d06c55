using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DataMaintenance.Provider.Massive;

/// <summary>One GET: <paramref name="Route"/> groups it in reports, <paramref name="PathAndQuery"/> is sent, and errors name the path.</summary>
internal readonly record struct Call(string Route, string PathAndQuery)
{
    public string Endpoint => "GET " + PathAndQuery.Split('?', 2)[0];
}

/// <summary>Makes a value of a whole body, which is gone afterwards.</summary>
/// <exception cref="ProviderException">The body makes no sense, or ends too early.</exception>
internal delegate T ReplyParser<out T>(ReadOnlySpan<byte> body);

/// <summary>
/// Calls the service: budget, time-out, attempts with back-off, and errors in the provider's words. The key travels in the
/// Authorization header to <see cref="ProviderOptions.BaseUrl"/> only; redirects are not followed.
/// </summary>
internal sealed partial class MassiveClient : IDisposable
{
    private readonly ProviderOptions options;
    private readonly TimeProvider clock;
    private readonly UsageCounter usage;
    private readonly CallBudget budget;
    private readonly Backoff backoff;
    private readonly HttpClient http;
    private readonly ILogger log;

    public MassiveClient(ProviderOptions options, TimeProvider clock, UsageCounter usage, ILogger log)
    {
        (this.options, this.clock, this.usage, this.log) = (options, clock, usage, log);
        budget = new CallBudget(options.CallsPerSecond, clock, usage);
        backoff = new Backoff(options, clock);
        http = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.BaseUrl.IsLoopback,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxConnectionsPerServer = options.MaxConcurrency + options.DetailsConcurrency,
        })
        {
            BaseAddress = options.BaseUrl,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
        };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (!string.IsNullOrEmpty(options.ApiKey))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
    }

    /// <param name="gate">Limits the calls in flight; held during an attempt, not while waiting for the next one. Null = no limit of its own.</param>
    public async Task<T> GetAsync<T>(Call call, ReplyParser<T> parse, SemaphoreSlim? gate, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (gate is not null) await gate.WaitAsync(ct);
                try
                {
                    return await AttemptAsync(call, parse, ct);
                }
                finally
                {
                    gate?.Release();
                }
            }
            catch (ProviderException refused) when (refused.Transient && attempt < options.Attempts)
            {
                usage.Retried();
                var wait = backoff.After(attempt, refused);
                WillRetry(call.Endpoint, attempt, options.Attempts, wait, refused.Message);
                await Task.Delay(wait, clock, ct);
            }
        }
    }

    /// <summary>One attempt, whatever comes of it.</summary>
    public Task<T> OnceAsync<T>(Call call, ReplyParser<T> parse, CancellationToken ct) => AttemptAsync(call, parse, ct);

    public void Dispose() => http.Dispose();

    private async Task<T> AttemptAsync<T>(Call call, ReplyParser<T> parse, CancellationToken ct)
    {
        await budget.WaitAsync(ct);
        using var span = Traces.Start($"provider {call.Route}", System.Diagnostics.ActivityKind.Client);
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            var address = new Uri(call.PathAndQuery, UriKind.Relative);
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            using var body = await PooledBody.ReadAsync(response.Content, either.Token);
            Called(span, call, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            return response.StatusCode == HttpStatusCode.OK
                ? parse(body.Span)
                : throw Refusal.From(response.StatusCode, body.Span, call.Endpoint, RetryAfter(response));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            Called(span, call, "timeout");
            throw new ProviderException(ProviderFault.Unavailable, call.Endpoint,
                string.Create(CultureInfo.InvariantCulture, $"no complete answer within {options.AttemptTimeout.TotalSeconds:0.###} s."));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException)
        {
            var (result, what) = IsUnreachable(broken) ? ("unreachable", "no connection") : ("cut", "the answer broke off");
            Called(span, call, result);
            throw new ProviderException(ProviderFault.Unavailable, call.Endpoint, $"{what}: {Redacted(broken.Message)}", broken);
        }
        catch (JsonException garbled)
        {
            throw new ProviderException(ProviderFault.Nonsense, call.Endpoint, $"expected JSON: {Redacted(garbled.Message)}");
        }
        catch (ProviderException refused) when (options.ApiKey is { Length: > 0 } key && refused.Message.Contains(key, StringComparison.Ordinal))
        {
            throw new ProviderException(refused.Fault, call.Endpoint, Redacted(refused.Reason)) { RetryAfter = refused.RetryAfter };
        }
    }

    private void Called(System.Diagnostics.Activity? span, Call call, string result)
    {
        usage.Called(call.Route, result);
        span?.SetTag("result", result);
        if (result != "200") span.Failed(result);
    }

    private static bool IsUnreachable(Exception broken) => broken is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private string Redacted(string text) => options.ApiKey is { Length: > 0 } key ? text.Replace(key, "***", StringComparison.Ordinal) : text;

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    [LoggerMessage(LogLevel.Debug, "{Endpoint}: attempt {Attempt} of {Attempts} failed, next in {Wait}: {Error}")]
    private partial void WillRetry(string endpoint, int attempt, int attempts, TimeSpan wait, string error);
}
