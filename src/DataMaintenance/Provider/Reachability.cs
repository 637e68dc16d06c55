namespace DataMaintenance.Provider;

/// <summary>
/// Whether the provider answers, judged by the calls that are made anyway. Only where none of the newest was answered is it asked
/// itself, lightly: one symbol whose reply breaks each time is no outage, and an outage ends when the provider answers, not when the next plan
/// asks. The first look asks too, since nothing is known at the start.
/// </summary>
public sealed class Reachability(IMarketSource source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private ProviderUsage last = source.Usage;
    private string? wrong = "";

    /// <returns>Null while it answers; else what came instead.</returns>
    public async Task<string?> AskAsync(CancellationToken ct)
    {
        var now = source.Usage;
        var since = now.Calls.Where(c => c.Value > last.Calls.GetValueOrDefault(c.Key)).Select(c => c.Key).ToArray();
        if (since.Any(c => IsAnswer(c.Result))) wrong = null;
        else if (since.Length > 0 || wrong is not null) wrong = await PingAsync(ct);
        // With the call just made: it says nothing of those made by others.
        last = source.Usage;
        return wrong;
    }

    private async Task<string?> PingAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await source.PingAsync(patience.Token);
            return null;
        }
        catch (ProviderException e) when (e.Fault == ProviderFault.Unavailable)
        {
            return e.Message;
        }
        catch (ProviderException)
        {
            // A refusal is an answer.
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
    }

    /// <summary>A refusal is an answer; a fault of the server, a time-out and a broken connection are none. A file was read, or was not there.</summary>
    private static bool IsAnswer(string result) =>
        (result.Length == 3 && result[0] is '2' or '3' or '4') || result is "read" or nameof(ProviderFault.NotYet) or nameof(ProviderFault.NotFound) or nameof(ProviderFault.Nonsense);
}
