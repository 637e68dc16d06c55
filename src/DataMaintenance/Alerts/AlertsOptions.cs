using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Alerts;

/// <summary>Section <c>Alerts</c>: who is told, and when. Without a channel incidents are recorded and logged, and nobody is told.</summary>
public sealed record AlertsOptions
{
    /// <summary>An incoming webhook of Slack, or of anything that takes the same JSON (Mattermost, Rocket.Chat, Discord with <c>/slack</c> appended).</summary>
    public string? SlackWebhookUrl { get; init; }
    /// <summary>Gets every incident as a JSON document by POST.</summary>
    public string? WebhookUrl { get; init; }
    /// <summary>Sent to <c>WebhookUrl</c> as a bearer token.</summary>
    public string? WebhookToken { get; init; }
    /// <summary>Mail by SMTP.</summary>
    public EmailOptions Email { get; init; } = new();
    /// <summary>Called with GET after every session that was completed, so that a watch elsewhere notices when this service is silent.</summary>
    public string? HeartbeatUrl { get; init; }
    /// <summary>Where people reach this service: the root of links in messages.</summary>
    public Uri? PublicUrl { get; init; }
    /// <summary>Where the folder docs/alerts is published; without it messages name the page by its path.</summary>
    public Uri? DocsUrl { get; init; }
    /// <summary>Tell of every session that succeeded, too.</summary>
    public bool OnSuccess { get; init; }
    /// <summary>Tell of every session that was recovered.</summary>
    public bool OnRecovery { get; init; } = true;
    /// <summary>How often incidents are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>How long after its hour a run may begin before it counts as never begun.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StartGrace { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>How long Redis, the database or the provider may be unreachable before it is told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UnreachableAfter { get; init; } = TimeSpan.FromMinutes(5);
    /// <summary>How long before <c>ready_by</c> a run must be expected to end; what ends later is told while there is time to act.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "12:00:00")]
    public TimeSpan ReadyMargin { get; init; } = TimeSpan.FromMinutes(5);

    internal static IEnumerable<string> Mistakes(AlertsOptions options)
    {
        foreach (var (name, url) in new[] { ("SlackWebhookUrl", options.SlackWebhookUrl), ("WebhookUrl", options.WebhookUrl), ("HeartbeatUrl", options.HeartbeatUrl) })
            if (!string.IsNullOrEmpty(url) && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")))
                yield return $"Alerts:{name}: expected a URL that begins with http:// or https://, got something else (not shown, since it is secret)";
        var email = options.Email;
        if (string.IsNullOrEmpty(email.Host)) yield break;
        if (email.To.Count == 0) yield return "Alerts:Email:To: expected at least one address, since Alerts:Email:Host is set";
        foreach (var address in email.To.Append(email.From))
            if (!MimeKit.MailboxAddress.TryParse(address, out _)) yield return $"Alerts:Email: expected a mail address, got '{address}'";
    }
}

/// <summary>Mail by SMTP. Section <c>Alerts:Email</c>.</summary>
public sealed record EmailOptions
{
    /// <summary>The mail server; mail is sent when it is set.</summary>
    public string? Host { get; init; }
    /// <summary>587 for submission, 465 for TLS from the first byte, 25 for a relay.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;
    /// <summary>Auto decides by port and by what the server offers; None sends in the clear.</summary>
    public MailSecurity Security { get; init; }
    /// <summary>Signs in with <c>Password</c>; empty sends without signing in.</summary>
    public string? User { get; init; }
    /// <summary>Password of <c>User</c>.</summary>
    public string? Password { get; init; }
    /// <summary>Sender.</summary>
    public string From { get; init; } = "data-maintenance@localhost";
    /// <summary>Receivers.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
}

public enum MailSecurity { Auto, None, StartTls, Tls }
