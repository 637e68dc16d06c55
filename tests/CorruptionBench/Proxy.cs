using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CorruptionBench;

/// <summary>Stands before the provider and damages its replies on the way.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient upstream;

    private Proxy(WebApplication app, Uri provider)
    {
        this.app = app;
        upstream = new HttpClient { BaseAddress = provider };
    }

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Makes another body of the one that came for a path and query; null lets all pass.</summary>
    public Func<WireReply, Task<byte[]>>? Damage { get; set; }

    public static async Task<Proxy> StartAsync(Uri provider, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = new Proxy(builder.Build(), provider);
        proxy.app.Run(proxy.ServeAsync);
        await proxy.app.StartAsync(ct);
        proxy.BaseUrl = new Uri(proxy.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return proxy;
    }

    /// <summary>A body as the provider gives it.</summary>
    /// <param name="about">Path and query.</param>
    public async Task<(int Status, string? Type, byte[] Body)> FetchAsync(string about, string? key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(about, UriKind.Relative));
        request.Headers.Host = BaseUrl.Authority;
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", key);
        using var reply = await upstream.SendAsync(request, ct);
        return ((int)reply.StatusCode, reply.Content.Headers.ContentType?.ToString(), await reply.Content.ReadAsByteArrayAsync(ct));
    }

    private async Task ServeAsync(HttpContext context)
    {
        var (about, key, ct) = (context.Request.GetEncodedPathAndQuery(), context.Request.Headers.Authorization.FirstOrDefault(), context.RequestAborted);
        var (status, type, body) = await FetchAsync(about, key, ct);
        if (status == 200 && Damage is { } damage)
            body = await damage(new(context.Request.Path.Value!, body, async other => (await FetchAsync(other(about), key, ct)).Body));
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        upstream.Dispose();
    }
}

/// <summary>A reply on its way.</summary>
/// <param name="Path">Decoded.</param>
/// <param name="OtherAsync">The body for another path and query, made of the one that was asked.</param>
internal sealed record WireReply(string Path, byte[] Body, Func<Func<string, string>, Task<byte[]>> OtherAsync);
