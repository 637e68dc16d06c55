using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Simulator.S3;

/// <summary>AWS Signature Version 4 in the Authorization header, as the bucket checks it. The time of a request is not judged: drills run on other clocks.</summary>
internal static class Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private static readonly string HashOfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <returns>The code of the refusal with its message; null when the signature is right.</returns>
    internal static (string Code, string Message)? Refuse(HttpRequest request, FilesOptions options)
    {
        if (Parse(request.Headers.Authorization) is not var (access, scope, signed, signature))
            return ("AccessDenied", "Access Denied.");
        if (access != options.AccessKey) return ("InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records.");
        if (scope is not [var day, var region, "s3", "aws4_request"])
            return ("AuthorizationHeaderMalformed", "The authorization header is malformed; expected credential scope DATE/REGION/s3/aws4_request.");
        var expected = Sign(CanonicalRequest(request, signed), request.Headers["x-amz-date"].ToString(), day, region, options.SecretKey);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature))
            ? null
            : ("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
    }

    private static (string Access, string[] Scope, string[] Signed, string Signature)? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Algorithm + " ", StringComparison.Ordinal)) return null;
        var parts = header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (!parts.TryGetValue("Credential", out var credential) || !parts.TryGetValue("SignedHeaders", out var signed) || !parts.TryGetValue("Signature", out var signature)) return null;
        var scope = credential.Split('/');
        return (scope[0], scope[1..], signed.Split(';'), signature);
    }

    private static string CanonicalRequest(HttpRequest request, string[] signed)
    {
        var raw = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = raw.Length < 2 ? "" : string.Join('&', raw[1].Split('&').Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));
        var text = new StringBuilder().Append(request.Method).Append('\n').Append(raw[0]).Append('\n').Append(query).Append('\n');
        foreach (var name in signed) text.Append(name).Append(':').Append(Collapsed(name == "host" ? request.Host.Value! : request.Headers[name].ToString())).Append('\n');
        return text.Append('\n').Append(string.Join(';', signed)).Append('\n').Append(request.Headers["x-amz-content-sha256"] is [{ } hash] ? hash : HashOfNothing).ToString();
    }

    private static string Sign(string canonical, string at, string day, string region, string secret)
    {
        var toSign = $"{Algorithm}\n{at}\n{day}/{region}/s3/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var step in new[] { day, region, "s3", "aws4_request" }) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Collapsed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
