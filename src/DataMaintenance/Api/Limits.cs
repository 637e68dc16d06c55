using System.Globalization;
using System.Threading.RateLimiting;

namespace DataMaintenance.Api;

/// <summary>How much may be asked at once: changing calls a minute, costly reads side by side. Other reads are not limited.</summary>
internal static class Limits
{
    public static void AddLimits(this IServiceCollection services, ApiOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.GetEndpoint()?.Metadata.GetMetadata<HeavyRoute>() is not null
                ? RateLimitPartition.GetConcurrencyLimiter("heavy", _ => new() { PermitLimit = options.HeavyCalls, QueueLimit = 0 })
                : HttpMethods.IsPost(context.Request.Method) && !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
                ? RateLimitPartition.GetTokenBucketLimiter("changes", _ => new() { TokenLimit = options.ChangesPerMinute, TokensPerPeriod = options.ChangesPerMinute, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0 })
                : RateLimitPartition.GetNoLimiter(""));
        limiter.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(5);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var heavy = rejected.HttpContext.GetEndpoint()?.Metadata.GetMetadata<HeavyRoute>() is not null;
            await Problems.WriteAsync(rejected.HttpContext, 429, Problems.Title(429), heavy
                ? $"at most {options.HeavyCalls} costly calls at once (Api:HeavyCalls); try again when one has ended"
                : $"at most {options.ChangesPerMinute} changing calls a minute (Api:ChangesPerMinute)");
        };
    });
}
