using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DataMaintenance.Tests.House;

namespace DataMaintenance.Tests.Api;

/// <summary>docs/api.md against a service: every command on it, and every address of the service on it.</summary>
public sealed partial class ApiPageTests(Service service) : IClassFixture<Service>
{
    private static string Page => File.ReadAllText(Repository.Path("docs/api.md"));

    [Fact]
    public async Task Every_command_of_the_page_is_answered_as_it_says()
    {
        var commands = Curl().Matches(Page);
        Assert.InRange(commands.Count, 30, 100);
        foreach (Match command in commands)
        {
            var words = command.Groups["words"].Value;
            using var request = new HttpRequestMessage(words.Contains("-X POST", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, new Uri(command.Groups["path"].Value, UriKind.Relative));
            if (Data().Match(words) is { Success: true } data) request.Content = new StringContent(data.Groups[1].Value, Encoding.UTF8, "application/json");
            using var reply = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var expected = command.Groups["status"] is { Success: true } status ? int.Parse(status.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
            var said = reply.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(expected == 0 ? reply.IsSuccessStatusCode : reply.StatusCode == (HttpStatusCode)expected, $"{command.Value}: {(int)reply.StatusCode} {said}");
            if (service.World.Wiring.Runner.Current is { } run) await service.EndAsync(run.RunId);
        }
    }

    [Fact]
    public async Task Every_address_of_the_service_is_on_the_page()
    {
        var index = await service.GetAsync("/api");
        var shown = Curl().Matches(Page).Select(m => m.Groups["path"].Value.Split('?')[0]).ToArray();
        var absent = index["read"]!.AsArray().Concat(index["change"]!.AsArray()).Select(p => p!.GetValue<string>())
            .Where(path => !shown.Any(s => Regex.IsMatch(s, $"^{Regex.Replace(path, "{[^}]+}", "[^/]+")}$")));
        Assert.Equal([], absent);
    }

    [GeneratedRegex(@"^curl (?<words>.*?)'?http://127\.0\.0\.1:8008(?<path>[^\s']+)'?(?: # (?<status>\d+).*)?$", RegexOptions.Multiline)]
    private static partial Regex Curl();

    [GeneratedRegex("-d '([^']*)'")]
    private static partial Regex Data();
}
