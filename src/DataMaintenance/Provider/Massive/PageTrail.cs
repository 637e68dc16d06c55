using System.Globalization;

namespace DataMaintenance.Provider.Massive;

/// <summary>Follows <c>next_url</c> from page to page of one listing, on the service's own host only, and never in a circle.</summary>
internal sealed class PageTrail(Call first, ProviderOptions options)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal) { first.PathAndQuery };

    public Call Current { get; private set; } = first;

    /// <summary>Moves to the next page; false when there is none.</summary>
    /// <param name="keep">A query parameter to be sent again when the address lacks it, as <c>name=value</c>.</param>
    /// <exception cref="ProviderException">The address is another host's, or was seen before, or too many came.</exception>
    public bool MoveNext(string? nextUrl, string? keep = null)
    {
        if (nextUrl is null) return false;
        var next = Own(nextUrl);
        if (keep is not null && !next.Contains(keep.AsSpan(0, keep.IndexOf('=') + 1), StringComparison.Ordinal))
            next += (next.Contains('?', StringComparison.Ordinal) ? "&" : "?") + keep;
        if (seen.Count >= options.MaxPages)
            throw Refused($"expected at most {options.MaxPages} pages (Provider:MaxPages), and there is another one.");
        if (!seen.Add(next))
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"next_url leads back to a page already read, after {seen.Count} pages."));
        Current = Current with { PathAndQuery = next };
        return true;
    }

    /// <summary>Path and query of the address, which is only ever asked from <see cref="ProviderOptions.BaseUrl"/>, so the key goes nowhere else.</summary>
    private string Own(string nextUrl)
    {
        if (!Uri.TryCreate(nextUrl, UriKind.Absolute, out var next)) throw Refused("next_url: expected an address, got other text.");
        if (next.UserInfo.Length == 0 && IsSameService(next, options.BaseUrl)) return next.PathAndQuery;
        var theirs = next.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        throw Refused($"next_url: expected the host {options.BaseUrl.GetLeftPart(UriPartial.Authority)}, got {Rejections.Printable(theirs)}; not followed.");
    }

    /// <summary>The provider's old and new host are one service.</summary>
    private static bool IsSameService(Uri next, Uri own) =>
        next.Scheme == own.Scheme && next.Port == own.Port
        && (string.Equals(next.Host, own.Host, StringComparison.OrdinalIgnoreCase) || (IsProvider(next.Host) && IsProvider(own.Host)));

    private static bool IsProvider(string host) =>
        host.Equals("api.massive.com", StringComparison.OrdinalIgnoreCase) || host.Equals("api.polygon.io", StringComparison.OrdinalIgnoreCase);

    private ProviderException Refused(string why) => new(ProviderFault.Nonsense, Current.Endpoint, why);
}
