using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DataMaintenance.Alerts;

/// <summary>Plain text by SMTP. The message id names the incident, so that a mail sent twice is recognised as one.</summary>
internal sealed class EmailChannel(EmailOptions options, TimeSpan patience) : IAlertChannel
{
    public string Name => "email";

    public async Task SendAsync(AlertMessage message, CancellationToken ct)
    {
        using var mail = Mail(message);
        using var client = new SmtpClient { Timeout = (int)patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Host!, options.Port, Security, ct);
            if (!string.IsNullOrEmpty(options.User)) await client.AuthenticateAsync(options.User, options.Password ?? "", ct);
            await client.SendAsync(mail, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or AuthenticationException or SslHandshakeException or ServiceNotAuthenticatedException or IOException or System.Net.Sockets.SocketException or TimeoutException or NotSupportedException)
        {
            throw new AlertException($"{options.Host}:{options.Port}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private SecureSocketOptions Security => options.Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.Auto,
    };

    private MimeMessage Mail(AlertMessage message)
    {
        var lines = message.Lines.Prepend("").Prepend(message.Title).Append("").Append($"What it means and what to do: {message.Page}");
        var mail = new MimeMessage
        {
            Subject = $"[data-maintenance] {message.Kind.Urgency().ToString().ToLowerInvariant()}: {message.Title}",
            Date = message.OpenedAt,
            MessageId = $"{message.Id}.{message.OpenedAt.ToUnixTimeSeconds()}.{message.Kind.Name()}@data-maintenance",
            Body = new TextPart("plain") { Text = string.Join("\r\n", message.MayRepeat ? lines.Append("This may have been sent before: the service stopped while sending.") : lines) },
        };
        mail.From.Add(MailboxAddress.Parse(options.From));
        foreach (var to in options.To) mail.To.Add(MailboxAddress.Parse(to));
        return mail;
    }
}
