using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Api;

namespace DataMaintenance.Cli;

/// <summary><c>health</c>: asks the service of these settings for <c>/health</c>; what a container's health check calls, where there is no curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static Command Build()
    {
        var command = new Command("health", "Ask the service on this machine whether it is healthy: exit code 0, 1 or, when it does not answer, 3.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
            try
            {
                using var answer = await http.GetAsync(Address(host.Settings.Api), ct);
                var said = await answer.Content.ReadAsStringAsync(ct);
                if (Parse(said) is not { } health) throw new HttpRequestException(HttpRequestError.InvalidResponse, "it answered something else than this service's health");
                if (host.Json) Console.Out.WriteLine(said);
                else Write(health);
                return answer.IsSuccessStatusCode ? Exit.Done : Exit.Failed;
            }
            catch (HttpRequestException e)
            {
                throw new HttpRequestException(e.HttpRequestError, $"no service answers at {Address(host.Settings.Api).GetLeftPart(UriPartial.Authority)} ({e.Message}); `data-maintenance serve` starts one, Api:Urls says where", e);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"the service does not answer within {Patience.TotalSeconds:0} s");
            }
        }));
        return command;
    }

    /// <returns>Null when it is no health of this service: another program has the port.</returns>
    private static JsonObject? Parse(string said)
    {
        try
        {
            return JsonNode.Parse(said) is JsonObject health && health["service"]?.ToString() == HealthApi.Service ? health : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(JsonObject health)
    {
        foreach (var (name, value) in health)
        {
            var text = value is JsonObject leader ? $"{leader["holder"]} since {leader["since"] ?? "an unknown time"}" : value?.ToString() ?? "none";
            Console.Out.WriteLine($"{name.Replace('_', ' '),-18} {text}");
        }
    }

    /// <summary>The first address listened on, by way of loopback.</summary>
    internal static Uri Address(ApiOptions options)
    {
        var first = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0];
        foreach (var every in new[] { "//*", "//+", "//0.0.0.0", "//[::]" }) first = first.Replace(every, "//127.0.0.1", StringComparison.Ordinal);
        return new Uri(new Uri(first), "/health");
    }
}
