namespace DataMaintenance.Provider;

/// <summary>What is wrong with the settings of section <c>Provider</c>.</summary>
public static class ProviderChecks
{
    /// <returns>One line per mistake, each naming the setting, what it allows and what it holds; the key itself never appears.</returns>
    public static IReadOnlyList<string> Mistakes(ProviderOptions options)
    {
        var mistakes = new List<string>();
        if (!Enum.IsDefined(options.Kind)) mistakes.Add($"Provider:Kind: expected Massive, Directory or Simulator, got {(int)options.Kind}.");
        if (options.Kind == ProviderKind.Directory) CheckDirectory(options, mistakes);
        else CheckService(options, mistakes);

        Range("MaxConcurrency", options.MaxConcurrency, 1, 256);
        Range("DetailsConcurrency", options.DetailsConcurrency, 1, 256);
        Range("CallsPerSecond", options.CallsPerSecond, 0, 10_000);
        Range("Attempts", options.Attempts, 1, 10);
        Range("MaxPages", options.MaxPages, 1, 100_000);
        Between("DetailsPause", options.DetailsPause, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Between("RetryDelay", options.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Between("MaxRetryDelay", options.MaxRetryDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        Between("AttemptTimeout", options.AttemptTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        if (options.RetryDelay > options.MaxRetryDelay)
            mistakes.Add($"Provider:RetryDelay: expected at most MaxRetryDelay ({options.MaxRetryDelay}), got {options.RetryDelay}.");
        return mistakes;

        void Range(string name, int value, int least, int most)
        {
            if (value < least || value > most) mistakes.Add($"Provider:{name}: expected {least} to {most}, got {value}.");
        }

        void Between(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) mistakes.Add($"Provider:{name}: expected {least} to {most}, got {value}.");
        }
    }

    private static void CheckService(ProviderOptions options, List<string> mistakes)
    {
        var root = options.BaseUrl;
        if (!root.IsAbsoluteUri || (root.Scheme != Uri.UriSchemeHttp && root.Scheme != Uri.UriSchemeHttps))
            mistakes.Add($"Provider:BaseUrl: expected an http or https address, got '{root.OriginalString}'.");
        else if (root.UserInfo.Length > 0)
            mistakes.Add("Provider:BaseUrl: expected an address without user name and password; the key goes into Provider:ApiKey.");
        else if (root.PathAndQuery != "/")
            mistakes.Add($"Provider:BaseUrl: expected scheme, host and port only, got '{root}'.");
        else if (root.Scheme == Uri.UriSchemeHttp && !root.IsLoopback && !string.IsNullOrEmpty(options.ApiKey))
            mistakes.Add($"Provider:BaseUrl: expected https, because the key would cross the network unencrypted; got '{root}'.");

        if (options.FlatFiles.InUse) CheckFlatFiles(options.FlatFiles, mistakes);

        if (string.IsNullOrEmpty(options.ApiKey))
        {
            if (options.Kind == ProviderKind.Massive)
                mistakes.Add("Provider:ApiKey: expected a key for Kind=Massive, got none; MASSIVE_API_KEY and POLYGON_API_KEY are read too.");
        }
        else if (options.ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            mistakes.Add("Provider:ApiKey: expected printable ASCII without blanks, got other characters (a line end copied along?).");
        }
    }

    private static void CheckFlatFiles(FlatFilesOptions files, List<string> mistakes)
    {
        if (!files.Endpoint.IsAbsoluteUri || (files.Endpoint.Scheme != Uri.UriSchemeHttp && files.Endpoint.Scheme != Uri.UriSchemeHttps))
            mistakes.Add($"Provider:FlatFiles:Endpoint: expected an http or https address, got '{files.Endpoint.OriginalString}'.");
        else if (files.Endpoint.UserInfo.Length > 0 || files.Endpoint.PathAndQuery != "/")
            mistakes.Add("Provider:FlatFiles:Endpoint: expected scheme, host and port only; the bucket's name goes into Provider:FlatFiles:Bucket, the keys into AccessKey and SecretKey.");
        if (string.IsNullOrWhiteSpace(files.Bucket)) mistakes.Add("Provider:FlatFiles:Bucket: expected the bucket's name, got none.");
        if (string.IsNullOrWhiteSpace(files.Region)) mistakes.Add("Provider:FlatFiles:Region: expected a region such as us-east-1, got none.");
    }

    private static void CheckDirectory(ProviderOptions options, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(options.Path))
            mistakes.Add("Provider:Path: expected the folder that holds us_stocks_sip for Kind=Directory, got none.");
        else if (!Directory.Exists(options.Path))
            mistakes.Add($"Provider:Path: expected the folder that holds us_stocks_sip, but '{options.Path}' does not exist.");
        else if (!Directory.Exists(Path.Combine(options.Path, "us_stocks_sip")))
            mistakes.Add($"Provider:Path: expected the folder that holds us_stocks_sip, but '{options.Path}' holds no folder of that name.");
        if (options.SplitsPath is { Length: > 0 } splits && !File.Exists(splits))
            mistakes.Add($"Provider:SplitsPath: expected a CSV file, but '{splits}' does not exist.");
        if (options.TickersPath is { Length: > 0 } tickers && !File.Exists(tickers))
            mistakes.Add($"Provider:TickersPath: expected a CSV file, but '{tickers}' does not exist.");
    }
}
