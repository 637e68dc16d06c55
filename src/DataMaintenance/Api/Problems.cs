using System.Text.RegularExpressions;
using DataMaintenance.Logs;
using DataMaintenance.Pipeline;
using Microsoft.AspNetCore.Mvc;

namespace DataMaintenance.Api;

/// <summary>What the caller did wrong: 400 with this text.</summary>
public sealed class BadRequestException(string message) : Exception(message);

/// <summary>There is no such thing: 404 with this text.</summary>
public sealed class NotHereException(string message) : Exception(message);

/// <summary>Not now, but later: 409 with this text.</summary>
public sealed class NotNowException(string message) : Exception(message);

/// <summary>Turns exceptions, and statuses without a body, into RFC 9457 problem documents.</summary>
internal sealed partial class Problems(RequestDelegate next, ILogger<Problems> logger, Redaction redaction)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Items[typeof(Redaction)] = redaction;
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= 400 } response) await WriteAsync(context, response.StatusCode, Title(response.StatusCode), Bare(context));
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            var status = Status(e);
            if (status == 503) ProblemLog.Unavailable(logger, context.Request.Path, Detail(e));
            else if (status >= 500) ProblemLog.Failed(logger, e, context.Request.Path);
            await WriteAsync(context, status, Title(status), Detail(e), e is RunInProgressException run ? run.RunId : null);
        }
    }

    /// <summary>Writes a problem; known secrets in its text are blotted out.</summary>
    internal static Task WriteAsync(HttpContext context, int status, string title, string detail, long? runId = null)
    {
        var clean = (context.Items[typeof(Redaction)] as Redaction)?.Clean(detail) ?? detail;
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Title = title, Detail = clean, Instance = context.Request.Path };
        if (runId is not null) problem.Extensions["run_id"] = runId;
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: Routes.Problem);
    }

    private static int Status(Exception e) => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        BadRequestException or RequestException or ArgumentException => 400,
        NotHereException => 404,
        RunInProgressException or NotNowException => 409,
        Cache.RedisUnavailableException or Store.StoreUnreachableException or Store.StoreFullException => 503,
        _ => 500,
    };

    internal static string Title(int status) => status switch
    {
        400 => "The request makes no sense",
        404 => "There is nothing here",
        405 => "That method is not for this address",
        409 => "Not now",
        413 => "The body is too large",
        429 => "Too many requests",
        503 => "Something this needs does not answer, or has no room",
        _ => "The request failed",
    };

    private static string Bare(HttpContext context) => context.Response.StatusCode switch
    {
        404 => $"{context.Request.Method} {context.Request.Path} is not an address of this service; /openapi/v1.json lists them",
        405 => $"{context.Request.Method} is not for {context.Request.Path}; it takes {context.Response.Headers.Allow}",
        _ => $"{context.Request.Method} {context.Request.Path}",
    };

    /// <summary>A parameter that cannot be read is told by its name, not by the type it was meant for.</summary>
    private static string Detail(Exception e)
    {
        if (e is ArgumentException argument) return RequestException.Plain(argument);
        if (e is not BadHttpRequestException { StatusCode: 400 } || Unbound().Match(e.Message) is not { Success: true } parameter) return e.Message;
        var expected = parameter.Groups["type"].Value switch
        {
            "bool" or "Boolean" => "true or false",
            "int" or "long" or "Int32" or "Int64" => "a whole number",
            "double" or "Double" => "a number",
            _ => "another value",
        };
        return $"{parameter.Groups["name"].Value}: expected {expected}, got '{parameter.Groups["value"].Value}'";
    }

    [GeneratedRegex("""parameter "(?:Nullable<)?(?<type>\w+)>? (?<name>\w+)" from "(?<value>.*)"\.""")]
    private static partial Regex Unbound();
}

internal static partial class ProblemLog
{
    [LoggerMessage(EventId = 300, EventName = "request_failed", Level = LogLevel.Error, Message = "{path} failed")]
    public static partial void Failed(ILogger logger, Exception e, string path);

    [LoggerMessage(EventId = 301, EventName = "request_unavailable", Level = LogLevel.Warning, Message = "{path}: {reason}")]
    public static partial void Unavailable(ILogger logger, string path, string reason);
}
