using DataMaintenance.Settings;

namespace DataMaintenance.Tests.House;

public sealed class SecretsTests : IDisposable
{
    private readonly Given given = new();

    public void Dispose() => given.Dispose();

    [Fact]
    public void A_secret_may_come_from_a_file()
    {
        given.File("key", "s3cret-key\n").Variable("Provider__ApiKeyFile", "key").File("appsettings.json", """{ "Api": { "KeyFile": "key" } }""");
        var settings = given.Load();
        Assert.Equal(("s3cret-key", "s3cret-key"), (settings.Provider.ApiKey, settings.Api.Key));
        Assert.Contains(new SettingInForce("Provider:ApiKey", "***", "environment (Provider__ApiKeyFile), file"), settings.Describe());
    }

    [Fact]
    public void A_secret_file_that_is_missing_or_empty_or_beside_the_secret_is_a_mistake()
    {
        given.File("empty", "\n").Variable("Provider__ApiKeyFile", "none").Variable("Redis__PasswordFile", "empty").Variable("Api__Key", "k").Variable("Api__KeyFile", "empty");
        var mistakes = given.Mistakes();
        Assert.Equal(3, mistakes.Count);
        Assert.StartsWith("Api:KeyFile: Api:Key is given as well", mistakes[0], StringComparison.Ordinal);
        Assert.StartsWith("Provider:ApiKeyFile: the file", mistakes[1], StringComparison.Ordinal);
        Assert.EndsWith("is empty", mistakes[2], StringComparison.Ordinal);
    }

    [Fact]
    public void No_description_and_no_mistake_tells_a_secret()
    {
        given.Variable("Provider__ApiKey", "hush hush").Variable("Store__ConnectionString", "Host=a;Password=hush2").Variable("Redis__ConnectionString", "b:1,password=hush3")
            .Variable("Notify__CompletedUrls", "http://me:hush4@host/x").Variable("Redis__Password", "hush5").Variable("Api__Key", "hush6");
        Assert.DoesNotContain("hush", string.Join('\n', given.Mistakes()), StringComparison.Ordinal);
        var settings = given.Variable("Provider__ApiKey", "hush1").Load();
        Assert.DoesNotContain(settings.Describe(), s => s.Value.Contains("hush", StringComparison.Ordinal));
        Assert.Equal(["hush1", "Host=a;Password=hush2", "hush2", "b:1,password=hush3", "hush3", "hush5", "hush6"], settings.Secrets().OrderBy(s => s[^1]));
    }

    [Fact]
    public void An_address_alone_is_no_secret_so_that_an_outage_names_the_server()
    {
        Assert.Empty(given.Variable("Redis__ConnectionString", "redis-1:6379,10.0.0.2:6379").Load().Secrets());
        Assert.Equal(["redis-1:6379,user=ann"], given.Variable("Redis__ConnectionString", "redis-1:6379,user=ann").Load().Secrets());
    }

    [Fact]
    public void Every_setting_that_sounds_secret_is_treated_as_one()
    {
        foreach (var name in SettingsSchema.Names())
            Assert.Equal(name is "Provider:ApiKey" or "Provider:FlatFiles:AccessKey" or "Provider:FlatFiles:SecretKey" or "Store:ConnectionString" or "Store:Password" or "Redis:ConnectionString" or "Redis:Password" or "Api:Key"
                or "Alerts:SlackWebhookUrl" or "Alerts:WebhookUrl" or "Alerts:WebhookToken" or "Alerts:HeartbeatUrl" or "Alerts:Email:Password", SettingsSchema.IsSecret(name));
    }
}
