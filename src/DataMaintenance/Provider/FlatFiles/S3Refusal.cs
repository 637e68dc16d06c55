using System.Net;
using Amazon.S3;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>What a refusal of the bucket means. 403 and 404 are told apart: one is about the plan, the other about time.</summary>
internal static class S3Refusal
{
    private static readonly HashSet<string> AboutKeys = new(["SignatureDoesNotMatch", "InvalidAccessKeyId", "AuthorizationHeaderMalformed", "RequestTimeTooSkewed"], StringComparer.Ordinal);

    public static Exception From(AmazonS3Exception refused, string key) => refused.StatusCode switch
    {
        HttpStatusCode.PreconditionFailed => new FileReplacedException(key),
        HttpStatusCode.NotFound => new ProviderException(ProviderFault.NotYet, key, "not in the bucket (404): not published yet, or no session.", refused),
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized when AboutKeys.Contains(refused.ErrorCode) => new ProviderException(ProviderFault.Unauthorized, key,
            $"the bucket does not know the keys or the signature (403 {refused.ErrorCode}); check Provider:FlatFiles:AccessKey and SecretKey, which are not the REST key.", refused),
        HttpStatusCode.Forbidden => new ProviderException(ProviderFault.NotEntitled, key, "refused (403 AccessDenied): the plan does not include this set or a date so old.", refused),
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new ProviderException(ProviderFault.Throttled, key, $"slowed down ({(int)refused.StatusCode} {refused.ErrorCode}).", refused),
        >= HttpStatusCode.InternalServerError => new ProviderException(ProviderFault.Unavailable, key, $"failed ({(int)refused.StatusCode} {refused.ErrorCode}).", refused),
        // A connection that broke in the middle of a refusal has no status of its own.
        0 => new ProviderException(ProviderFault.Unavailable, key, $"no answer: {Rejections.Printable(refused.Message, 200)}", refused),
        _ => new ProviderException(ProviderFault.BadRequest, key, $"refused ({(int)refused.StatusCode} {refused.ErrorCode}): {Rejections.Printable(refused.Message, 200)}", refused),
    };
}

/// <summary>A file was published again while it was being read: what was read of the old one is worth nothing.</summary>
internal sealed class FileReplacedException(string key) : Exception($"{key} was replaced by another file while it was read.");
