using DataMaintenance.Provider;

namespace DataMaintenance.Tests.Provider;

public sealed class ChecksTests
{
    private static readonly ProviderOptions Sound = new() { ApiKey = Massive.Key };

    [Fact]
    public void The_defaults_with_a_key_are_sound() => Assert.Empty(ProviderChecks.Mistakes(Sound));

    [Fact]
    public void All_mistakes_are_told_at_once_and_none_shows_the_key()
    {
        var mistakes = ProviderChecks.Mistakes(Sound with
        {
            ApiKey = Massive.Key + "\n",
            BaseUrl = new Uri("ftp://x"),
            MaxConcurrency = 0,
            Attempts = 11,
            AttemptTimeout = TimeSpan.Zero,
            CallsPerSecond = -1,
            MaxRetryDelay = TimeSpan.Zero,
        });

        Assert.Equal(
            ["BaseUrl", "ApiKey", "MaxConcurrency", "CallsPerSecond", "Attempts", "AttemptTimeout", "RetryDelay"],
            mistakes.Select(line => line.Split(':')[1]));
        Assert.All(mistakes, line => Assert.DoesNotContain(Massive.Key, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://api.massive.com", "https")]
    [InlineData("https://me:secret@api.massive.com", "without user name")]
    [InlineData("https://api.massive.com/v2", "scheme, host and port only")]
    public void An_address_that_would_endanger_the_key_or_the_paths_is_refused(string url, string said) =>
        Assert.Contains(said, Assert.Single(ProviderChecks.Mistakes(Sound with { BaseUrl = new Uri(url) })), StringComparison.Ordinal);

    [Fact]
    public void Massive_needs_a_key_and_a_directory_needs_its_folder()
    {
        Assert.StartsWith("Provider:ApiKey", Assert.Single(ProviderChecks.Mistakes(new ProviderOptions())), StringComparison.Ordinal);
        Assert.StartsWith("Provider:Path", Assert.Single(ProviderChecks.Mistakes(new ProviderOptions { Kind = ProviderKind.Directory })), StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Single(ProviderChecks.Mistakes(new ProviderOptions { Kind = ProviderKind.Directory, Path = "/nowhere" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_settings_make_no_source() =>
        Assert.Contains("Provider:ApiKey", Assert.Throws<ArgumentException>(() => ProviderSetup.Create(new ProviderOptions(), TimeProvider.System)).Message, StringComparison.Ordinal);
}
