namespace DataMaintenance.Provider.Massive;

/// <summary>What surrounds the results in every reply, whatever the order of its fields.</summary>
internal struct Envelope
{
    private string? status;
    private string? said;
    private bool? adjusted;
    private bool hasResults;

    public string? NextUrl { get; private set; }
    public string? Ticker { get; private set; }
    private long? ResultsCount { get; set; }
    private long? Count { get; set; }

    /// <summary>Takes the field that the reader stands at, skipping an unknown one; <c>results</c> is the caller's.</summary>
    public void Take(ref ReplyReader reply)
    {
        if (reply.Is("status"u8)) status = reply.TextOrNull("status");
        else if (reply.Is("next_url"u8)) NextUrl = reply.TextOrNull("next_url");
        else if (reply.Is("resultsCount"u8)) ResultsCount = reply.WholeOrNull("resultsCount");
        else if (reply.Is("count"u8)) Count = reply.WholeOrNull("count");
        else if (reply.Is("adjusted"u8)) adjusted = reply.FlagOrNull("adjusted");
        else if (reply.Is("ticker"u8)) Ticker = reply.TextOrNull("ticker");
        else if (reply.Is("error"u8) || reply.Is("message"u8)) said = reply.TextOrNull("message") ?? said;
        else reply.Skip();
    }

    /// <summary>Enters <c>results</c> as an array; false when it is null, which counts as absent.</summary>
    public bool EnterResults(ref ReplyReader reply) => hasResults = reply.EnterArray("results");

    /// <summary>The reply was accepted, and brings no result without saying so.</summary>
    public readonly void CheckRows(in ReplyReader reply)
    {
        CheckStatus(reply);
        if (!hasResults && ResultsCount is not 0 && Count is not 0)
            throw reply.Fault("results", "missing, and neither resultsCount nor count says that there are none");
    }

    /// <summary>As <see cref="CheckRows"/>; besides, bars are unadjusted and as many as announced.</summary>
    /// <param name="rows">Rows read.</param>
    public readonly void CheckBars(in ReplyReader reply, int rows)
    {
        CheckRows(reply);
        if (adjusted is true) throw reply.Fault("adjusted", "expected false, because unadjusted bars were asked; got true");
        if (ResultsCount is { } announced && announced != rows)
            throw reply.Fault("resultsCount", $"announces {announced} rows, but {rows} came");
    }

    public readonly void CheckStatus(in ReplyReader reply)
    {
        if (status is "OK" or "DELAYED") return;
        if (status is null) throw reply.Missing("status");
        throw new ProviderException(Refusal.FaultOfStatus(status, said ?? ""), reply.Endpoint,
            $"HTTP 200 with status {Rejections.Printable(status)}: {Rejections.Printable(said ?? "no text", 300)}");
    }
}
