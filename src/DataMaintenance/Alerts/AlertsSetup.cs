namespace DataMaintenance.Alerts;

/// <summary>The channels that are configured.</summary>
public static class AlertsSetup
{
    /// <summary>The longest a channel may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };

    /// <param name="drill">Whether messages are to say that a drill's clock is in force.</param>
    public static IReadOnlyList<IAlertChannel> Channels(AlertsOptions options, HttpClient http, bool drill = false)
    {
        var channels = new List<IAlertChannel>();
        if (!string.IsNullOrEmpty(options.SlackWebhookUrl)) channels.Add(new SlackChannel(http, options.SlackWebhookUrl));
        if (!string.IsNullOrEmpty(options.WebhookUrl)) channels.Add(new WebhookChannel(http, options.WebhookUrl, options.WebhookToken));
        if (!string.IsNullOrEmpty(options.Email.Host)) channels.Add(new EmailChannel(options.Email, Patience));
        return drill ? channels.ConvertAll<IAlertChannel>(c => new DrillChannel(c)) : channels;
    }

    /// <summary>Sends one message to every channel.</summary>
    /// <returns>By channel, why it failed; null when it took the message.</returns>
    public static async Task<IReadOnlyList<(string Channel, string? Error)>> TestAsync(AlertsOptions options, HttpClient http, DateTimeOffset now, CancellationToken ct)
    {
        var message = new AlertMessage(0, "test:" + now.ToUnixTimeSeconds(), IncidentKind.Test, null, "A test: alerts of data-maintenance arrive here",
            ["Nothing is wrong. Somebody ran data-maintenance alerts test."], now, "docs/alerts/README.md", MayRepeat: false);
        var results = new List<(string, string?)>();
        foreach (var channel in Channels(options, http))
        {
            try
            {
                await channel.SendAsync(message, ct);
                results.Add((channel.Name, null));
            }
            catch (AlertException e)
            {
                results.Add((channel.Name, e.Message));
            }
        }

        return results;
    }
}
