using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Alerts;

namespace DataMaintenance.Cli;

/// <summary><c>alerts test</c>: one message to every channel.</summary>
internal static class AlertsCommand
{
    public static Command Build()
    {
        var command = new Command("alerts", "How people are told of trouble.");
        var test = new Command("test", "Send one message to every channel of the section Alerts, and say which took it.");
        test.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            using var http = AlertsSetup.Http();
            var results = await AlertsSetup.TestAsync(host.Settings.Alerts, http, host.Clock.GetUtcNow(), ct);
            if (host.Json) host.Write(new JsonArray([.. results.Select(r => (JsonNode)new JsonObject { ["channel"] = r.Channel, ["sent"] = r.Error is null, ["error"] = r.Error })]));
            else foreach (var (channel, error) in results) Console.Out.WriteLine($"{(error is null ? "sent  " : "FAILED")} {channel,-8} {error}".TrimEnd());
            if (results.Count == 0) throw new InvalidOperationException("no channel is set: give Alerts:SlackWebhookUrl, Alerts:Email:Host or Alerts:WebhookUrl");
            return results.All(r => r.Error is null) ? Exit.Done : Exit.Failed;
        }));
        command.Add(test);
        return command;
    }
}
