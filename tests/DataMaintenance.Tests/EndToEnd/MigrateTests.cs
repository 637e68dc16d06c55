using System.Text.Json.Nodes;
using DataMaintenance.Tests.Store;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary><c>migrate</c> and <c>doctor</c> of the built executable, beside a database of the Python service.</summary>
public sealed class MigrateTests
{
    [Theory]
    [InlineData(2, "--dry-run goes with --from-legacy", "migrate", "--dry-run")]
    [InlineData(2, "--legacy-connection", "migrate", "--from-legacy")]
    [InlineData(2, "--against-prefix", "verify", "--against-prefix", "")]
    [InlineData(3, "127.0.0.1:1", "migrate", "--from-legacy", "--legacy-connection", "Host=127.0.0.1;Port=1;Timeout=2")]
    public async Task What_cannot_be_done_is_one_line_and_an_exit_code(int exit, string said, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var outcome = await Executable.RunAsync(new Dictionary<string, string> { ["Store__Path"] = folder.Path, ["Logs__Directory"] = folder.Path }, arguments);
        Assert.True(exit == outcome.Exit && outcome.Errors.Contains(said, StringComparison.Ordinal), outcome.ToString());
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    [Fact]
    public async Task The_rows_of_the_python_service_come_into_an_embedded_store_too_and_a_second_time_nothing_changes()
    {
        await using var database = new PostgresTestStore();
        await database.CreateEmptyAsync();
        await database.ExecuteAsync(LegacyTables.Schema);
        await database.ExecuteAsync(LegacyTables.Rows);
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["Store__Path"] = folder.File("store"), ["Logs__Directory"] = folder.Path };
        string[] migrate = ["migrate", "--from-legacy", "--json", "--legacy-schema", database.Options.Schema, "--legacy-connection", database.Options.ConnectionString!];

        foreach (var (brought, unchanged) in new[] { (2, 0), (0, 2) })
        {
            var outcome = await Executable.RunAsync(environment, migrate);
            Assert.True(outcome.Exit == 0, outcome.ToString());
            var answer = JsonNode.Parse(outcome.Output)!;
            Assert.Equal((brought, unchanged), (answer["daily"]!["brought"]!.GetValue<int>(), answer["daily"]!["unchanged"]!.GetValue<int>()));
            Assert.Equal(3, answer["slots"]!["rows"]!.GetValue<int>());
            Assert.Equal(6, answer["left_out"]!.AsArray().Count);
        }
    }
}
