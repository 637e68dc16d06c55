namespace DataMaintenance.Provider.Massive;

/// <summary>One page of a listing.</summary>
internal sealed record ListPage<T>(List<T> Rows, string? NextUrl);

/// <summary>Reads one row's fields to their end; null leaves the row out, after it has been logged.</summary>
internal delegate T? ListRow<out T>(ref ReplyReader reply) where T : class;

internal static class ListPage
{
    public static ListPage<T> Parse<T>(ReadOnlySpan<byte> body, string endpoint, ListRow<T> read) where T : class
    {
        var reply = new ReplyReader(body, endpoint);
        var envelope = default(Envelope);
        var rows = new List<T>(1_000);
        reply.EnterObject();
        while (reply.NextField())
        {
            if (!reply.Is("results"u8))
            {
                envelope.Take(ref reply);
                continue;
            }
            if (!envelope.EnterResults(ref reply)) continue;
            while (reply.NextRow())
            {
                if (read(ref reply) is { } row) rows.Add(row);
            }
            reply.LeaveRows();
        }
        reply.End();
        envelope.CheckRows(reply);
        return new ListPage<T>(rows, envelope.NextUrl);
    }
}
