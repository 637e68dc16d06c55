using DataMaintenance.Pipeline;
using Microsoft.AspNetCore.Mvc;

namespace DataMaintenance.Api;

/// <summary>What the caller did wrong: 400 with this text.</summary>
public sealed class BadRequestException(string message) : Exception(message);

/// <summary>Turns exceptions into RFC 9457 problem documents.</summary>
internal sealed class Problems(RequestDelegate next, ILogger<Problems> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: 404 or 405, HasStarted: false, ContentLength: null })
                await WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode == 404 ? "There is nothing here" : "That method is not for this address", $"{context.Request.Method} {context.Request.Path}");
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            var (status, title) = e switch
            {
                BadRequestException or BadHttpRequestException or RequestException or ArgumentException => (400, "The request makes no sense"),
                RunInProgressException => (409, "A run is going on"),
                Cache.RedisUnavailableException => (503, "Redis is not reachable"),
                _ => (500, "The request failed"),
            };
            if (status >= 500) ProblemLog.Failed(logger, e, context.Request.Path);
            await WriteAsync(context, status, title, e.Message, e is RunInProgressException run ? run.RunId : null);
        }
    }

    internal static Task WriteAsync(HttpContext context, int status, string title, string detail, long? runId = null)
    {
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Instance = context.Request.Path };
        if (runId is not null) problem.Extensions["run_id"] = runId;
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json");
    }
}

internal static partial class ProblemLog
{
    [LoggerMessage(EventId = 300, EventName = "request_failed", Level = LogLevel.Error, Message = "{path} failed")]
    public static partial void Failed(ILogger logger, Exception e, string path);
}
