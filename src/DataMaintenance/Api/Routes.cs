using Microsoft.AspNetCore.Mvc;

namespace DataMaintenance.Api;

/// <summary>What a route says of itself, for the OpenAPI document.</summary>
internal static class Routes
{
    public const string Problem = "application/problem+json";

    /// <summary>A reading call: what it answers, and with which problems.</summary>
    public static RouteHandlerBuilder Tells<T>(this RouteHandlerBuilder route, string tag, string summary, params int[] problems)
    {
        route.WithSummary(summary).WithTags(tag).Produces<T>();
        return route.Fails([.. problems, 500]);
    }

    /// <summary>A changing call: it needs the key whenever one is set, and may come only so often.</summary>
    public static RouteHandlerBuilder Changes<T>(this RouteHandlerBuilder route, string tag, string summary, int status, params int[] problems)
    {
        route.WithSummary(summary).WithTags(tag).Produces<T>(status);
        return route.Fails([.. problems, 401, 403, 429, 500]);
    }

    /// <summary>Takes a JSON body, which may be absent, under whatever type it is sent: curl calls what <c>-d</c> holds a form.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, bool optional) where T : notnull
    {
        route.Accepts<T>(optional, "application/json", "*/*");
        return route.Fails([413]);
    }

    /// <summary>Costs much: only a few of these at once.</summary>
    public static RouteHandlerBuilder Heavy(this RouteHandlerBuilder route)
    {
        route.WithMetadata(new HeavyRoute());
        return route.Fails([429]);
    }

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, int[] statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemDetails>(status, Problem);
        return route;
    }
}

/// <summary>Marks a route that costs much.</summary>
internal sealed class HeavyRoute;
