namespace DataMaintenance.Provider;

/// <summary>Whether the provider answers, judged by the calls that were made anyway; none is made for it.</summary>
public sealed class Reachability(IMarketSource source)
{
    private ProviderUsage last = source.Usage;
    private string? wrong;

    /// <returns>Null while the last calls were answered, or before the first; else what came instead.</returns>
    public string? Ask()
    {
        var now = source.Usage;
        var since = now.Calls.Where(c => c.Value > last.Calls.GetValueOrDefault(c.Key)).Select(c => c.Key).ToArray();
        last = now;
        if (since.Any(c => IsAnswer(c.Result))) wrong = null;
        else if (since.Length > 0) wrong = $"{since[0].Route}: {since[0].Result}";
        return wrong;
    }

    /// <summary>A refusal is an answer; a fault of the server, a time-out and a broken connection are none.</summary>
    private static bool IsAnswer(string result) => result.Length == 3 && result[0] is '2' or '3' or '4';
}
