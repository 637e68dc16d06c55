using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Looks from outside at who leads on a server, without taking part.</summary>
public sealed class LeaderWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly PostgresAddress server;

    /// <param name="options">Of a PostgreSQL store.</param>
    public LeaderWatch(StoreOptions options) => server = PostgresAddress.Of(options);

    /// <summary>What is looked at, for people: <c>localhost:5432/market, schema public</c>.</summary>
    public string Place => server.Place;

    /// <returns>Null when nobody's lease lasts.</returns>
    /// <exception cref="StoreException">The server does not answer within 5 s.</exception>
    public async Task<Leader?> FindAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await server.ConnectAsync(limit.Token);
            return (await PostgresLeadership.FindAsync(connection, server.Schema, limit.Token))?.Leader;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new StoreException($"PostgreSQL at {server.Place} does not answer: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => server.Source.DisposeAsync();
}
