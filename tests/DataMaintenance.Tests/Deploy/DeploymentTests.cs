using System.Text.RegularExpressions;
using DataMaintenance.Cli;
using DataMaintenance.Settings;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Tests.House;
using YamlDotNet.Serialization;

namespace DataMaintenance.Tests.Deploy;

/// <summary>What cannot be run here is parsed and held against the rest of the repository.</summary>
public sealed partial class DeploymentTests
{
    [Fact]
    public void The_compose_file_says_what_others_rely_on()
    {
        var compose = new Deserializer().Deserialize<Dictionary<string, object>>(Text("deploy/docker-compose.yml"));
        var services = Map(compose["services"]);
        Assert.Equal(["data_maintenance", "grafana", "prometheus", "redis", "timescaledb"], services.Keys.Order(StringComparer.Ordinal));
        var service = Map(services["data_maintenance"]);
        var environment = Map(service["environment"]);
        Assert.Equal("tradeul_data_maintenance", service["container_name"]);
        Assert.Equal("http://websocket_server:9000/api/clear-cache", environment["Notify__ClearCacheUrls__0"]);
        Assert.Contains("logs:/var/log/tradeul", List(service["volumes"]));
        Assert.EndsWith(":8008:8008", Assert.Single(List(service["ports"])), StringComparison.Ordinal);
        foreach (var (name, value) in services)
        {
            var one = Map(value);
            Assert.True(one.ContainsKey("healthcheck"), $"{name} has no health check");
            Assert.True(Map(Map(one["deploy"])["resources"]).ContainsKey("limits"), $"{name} has no limits");
            if (one.GetValueOrDefault("image") is string image) Assert.Matches(@":(\$\{\w+:-)?v?\d+\.\d+\.\d+", image);
            foreach (var mount in List(one.GetValueOrDefault("volumes")).Where(m => m.StartsWith('.')))
                Assert.True(Path.Exists(Repository.Path("deploy/" + mount.Split(':')[0])), $"{name}: {mount}");
            foreach (var volume in List(one.GetValueOrDefault("volumes")).Where(m => !m.StartsWith('.')))
                Assert.Contains(volume.Split(':')[0], Map(compose["volumes"]).Keys);
        }

        // Settings by their own names, and every variable has its line in the example.
        Assert.Equal([], environment.Keys.Where(k => k.Contains("__", StringComparison.Ordinal) && !SettingsSchema.Knows(k.Replace("__", ":", StringComparison.Ordinal))));
        Assert.Equal([], Needed().Matches(Text("deploy/docker-compose.yml")).Select(m => m.Groups[1].Value).Distinct().Where(v => !Text("deploy/.env.example").Contains($"{v}=", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_dockerfile_copies_what_exists_runs_as_nobody_and_asks_the_executable_for_its_health()
    {
        var file = Text("deploy/Dockerfile");
        foreach (Match copy in Copied().Matches(file))
            foreach (var source in copy.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1])
                Assert.True(Path.Exists(Repository.Path(source)), $"COPY {source}");
        Assert.All(Images().Matches(file), m => Assert.Matches(@":\d+\.\d+\.\d+-", m.Groups[1].Value));
        Assert.Contains("\nUSER 1654\n", file, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", file, StringComparison.Ordinal);
        Assert.Contains("\"/app/data-maintenance\", \"health\"", file, StringComparison.Ordinal);
        foreach (Match setting in Setting().Matches(file)) Assert.True(SettingsSchema.Knows(setting.Value.Replace("__", ":", StringComparison.Ordinal)), setting.Value);
    }

    [Theory]
    [InlineData("v1", "MarketClose")]
    [InlineData("v2", "PreMarket")]
    public void The_sample_settings_load(string profile, string schedule)
    {
        var settings = ServiceSettings.Load(Repository.Path($"deploy/config/{profile}.json"), new Dictionary<string, string?> { ["Provider:ApiKey"] = "k", ["Api:Key"] = "k" });
        Assert.Equal(schedule, settings.Plans.Schedule.ToString());
    }

    [Fact]
    public async Task The_unit_is_one_that_systemd_takes()
    {
        var unit = Text("deploy/systemd/data-maintenance.service");
        foreach (Match setting in Setting().Matches(unit)) Assert.True(SettingsSchema.Knows(setting.Value.Replace("__", ":", StringComparison.Ordinal)), setting.Value);
        using var folder = new TemporaryFolder();
        var copy = folder.File("data-maintenance.service");
        await File.WriteAllTextAsync(copy, unit.Replace("ExecStart=/opt/data-maintenance/data-maintenance", "ExecStart=/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (exit, said) = await Tool.RunAsync("systemd-analyze", ".", "verify", "--man=no", copy);
        Assert.True(exit == 0 && !said.Contains(copy, StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task The_compose_file_is_one_that_compose_takes()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("deploy"));
        // Debian's version is older than the project's name in the file.
        await File.WriteAllTextAsync(folder.File("deploy/docker-compose.yml"), Text("deploy/docker-compose.yml").Replace("\nname: data-maintenance\n", "\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var filled = Regex.Replace(Text("deploy/.env.example"), "^([A-Z_]+)=$", "$1=filled", RegexOptions.Multiline);
        await File.WriteAllTextAsync(folder.File("deploy/.env"), filled, TestContext.Current.CancellationToken);
        var (exit, said) = await Tool.RunAsync("docker-compose", ".", "--project-directory", folder.File("deploy"), "--env-file", folder.File("deploy/.env"), "-f", folder.File("deploy/docker-compose.yml"), "config", "--quiet");
        Assert.True(exit == 0, said);
    }

    [Fact]
    public async Task Shellcheck_finds_nothing()
    {
        var (exit, said) = await Tool.RunAsync("shellcheck", ".", "--severity=warning", "deploy/start-data-maintenance.sh", "deploy/publish.sh", "data-maintenance", "test", ".ci/run");
        Assert.True(exit == 0, said);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8008", "http://127.0.0.1:8008/health")]
    [InlineData("http://0.0.0.0:80;http://other:9", "http://127.0.0.1/health")]
    [InlineData("http://*:8008", "http://127.0.0.1:8008/health")]
    public void Health_is_asked_by_way_of_loopback(string urls, string address) => Assert.Equal(new Uri(address), HealthCommand.Address(new() { Urls = urls }));

    [Fact]
    public async Task Health_says_when_nobody_answers()
    {
        var asked = await Executable.RunAsync(new Dictionary<string, string> { ["Api__Urls"] = "http://127.0.0.1:9" }, "health");
        Assert.Equal(3, asked.Exit);
    }

    private static string Text(string path) => File.ReadAllText(Repository.Path(path));

    private static Dictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(p => (string)p.Key, p => p.Value);

    private static IEnumerable<string> List(object? value) => value is List<object> items ? items.OfType<string>() : [];

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Needed();

    [GeneratedRegex(@"^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex Images();

    [GeneratedRegex(@"\b[A-Z]\w+?__\w+")]
    private static partial Regex Setting();
}
