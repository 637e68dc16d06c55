using DataMaintenance.Alerts;
using DataMaintenance.Tests.EndToEnd;

namespace DataMaintenance.Tests.Alerts;

public sealed class ChannelTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2025, 12, 2, 8, 30, 0, TimeSpan.Zero);

    private readonly HttpClient http = AlertsSetup.Http();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    private static AlertsOptions Mail(int port) =>
        new() { Email = new() { Host = "127.0.0.1", Port = port, Security = MailSecurity.None, From = "night@example.com", To = ["desk@example.com", "boss@example.com"] } };

    [Fact]
    public async Task A_mail_arrives_with_everything_in_it()
    {
        await using var server = new SmtpServer();
        var message = new AlertMessage(17, "run_failed:2025-12-01", IncidentKind.RunFailed, new(2025, 12, 1), "nightly of 2025-12-01 failed", ["load_ohlc: no answer", "AAPL, BCpC and 3 more"], Now, "docs/alerts/run_failed.md", MayRepeat: false);
        await AlertsSetup.Channels(Mail(server.Port), http).Single().SendAsync(message, Ct);
        var mail = Assert.Single(server.Mails);
        foreach (var part in new[] { "Subject: [data-maintenance] critical: nightly of 2025-12-01 failed", "desk@example.com", "boss@example.com", "From: night@example.com", "load_ohlc: no answer", "AAPL, BCpC and 3 more", "docs/alerts/run_failed.md", "Message-Id: <17." })
            Assert.Contains(part, mail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_test_says_of_every_channel_whether_it_took_the_message()
    {
        await using var smtp = new SmtpServer { Refuses = true };
        await using var slack = await HookServer.StartAsync();
        var options = Mail(smtp.Port) with { SlackWebhookUrl = slack.Url, WebhookUrl = "http://127.0.0.1:1/secret-path" };
        var results = await AlertsSetup.TestAsync(options, http, Now, Ct);
        Assert.Equal([("slack", true), ("webhook", false), ("email", false)], results.Select(r => (r.Channel, r.Error is null)));
        Assert.Contains("try again later", results[2].Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", results[1].Error, StringComparison.Ordinal);
        Assert.Contains("alerts of data-maintenance arrive here", Assert.Single(slack.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_sends_one_to_each_and_fails_when_one_failed()
    {
        await using var smtp = new SmtpServer();
        await using var slack = await HookServer.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["Alerts__SlackWebhookUrl"] = slack.Url,
            ["Alerts__Email__Host"] = "127.0.0.1",
            ["Alerts__Email__Port"] = $"{smtp.Port}",
            ["Alerts__Email__Security"] = "None",
            ["Alerts__Email__To"] = "desk@example.com",
        };
        var good = await Executable.RunAsync(environment, "alerts", "test");
        Assert.Equal((0, 1, 1), (good.Exit, slack.Taken.Count, smtp.Mails.Count));
        smtp.Refuses = true;
        var bad = await Executable.RunAsync(environment, "alerts", "test");
        Assert.Equal((1, 2), (bad.Exit, slack.Taken.Count));
        Assert.Contains("FAILED email", bad.Output, StringComparison.Ordinal);
        Assert.Contains("no channel is set", (await Executable.RunAsync(new Dictionary<string, string>(), "alerts", "test")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_without_the_secret()
    {
        var mistakes = AlertsOptions.Mistakes(new() { SlackWebhookUrl = "hooks.slack.com/T0/secret", Email = new() { Host = "mail", From = "nobody at all" } }).ToArray();
        Assert.Equal(3, mistakes.Length);
        Assert.DoesNotContain(mistakes, m => m.Contains("T0", StringComparison.Ordinal));
    }
}
