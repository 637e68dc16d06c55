using DataMaintenance.Cli;

namespace DataMaintenance.Tests.House;

/// <summary>A slip on the command line is answered with what was meant, or with what there is.</summary>
public sealed class MistypedTests
{
    [Theory]
    [InlineData("explian AAPL", "there is no command 'explian'; did you mean explain?")]
    [InlineData("run --dat 2025-12-01", "run takes no --dat; did you mean --date?")]
    [InlineData("run --everything", "run takes no --everything; it takes --date, --plan, --tasks, --force, --dry-run")]
    [InlineData("findings --limt 3", "findings takes no --limt; did you mean --limit?")]
    [InlineData("run --date 2025-13-01", "--date: expected a date like 2025-12-01, got '2025-13-01'")]
    public void A_slip_is_told_in_one_line(string typed, string told) => Assert.Equal([told], Commands.Mistakes(CliPage.Root().Parse(typed.Split(' '))));

    [Fact]
    public void A_word_that_is_near_to_nothing_gets_the_list() => Assert.Contains("there are demo, serve, run", Assert.Single(Commands.Mistakes(CliPage.Root().Parse(["frobnicate"]))), StringComparison.Ordinal);

    [Fact]
    public void Nothing_typed_is_answered_with_where_to_begin() => Assert.Contains("data-maintenance demo", Assert.Single(Commands.Mistakes(CliPage.Root().Parse([]))), StringComparison.Ordinal);
}
