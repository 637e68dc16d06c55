using System.Collections.Concurrent;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>
/// Asks for many symbols side by side, in passes: those that failed for a passing reason are asked again, until a pass brings
/// nothing. A refusal that concerns everything (401, 403) ends it at once; when nothing answers any more, the rest of a pass is not asked.
/// </summary>
internal sealed partial class SlotPasses(int lanes, ILogger log)
{
    /// <summary>So many failures in a row, each after all its attempts, mean that the service is gone, not that calls fail at times.</summary>
    private const int Hopeless = 64;

    private int failuresInARow;

    /// <param name="ask">Asks for one symbol and hands its reply over.</param>
    public async Task<IReadOnlyList<SymbolFailure>> RunAsync(IReadOnlyList<Symbol> symbols, Func<Symbol, CancellationToken, Task> ask, CancellationToken ct)
    {
        var lasting = new List<SymbolFailure>();
        for (var pass = 1; ; pass++)
        {
            var failed = await PassAsync(symbols, ask, ct);
            lasting.AddRange(failed.Where(static failure => !failure.Error.Transient));
            var again = failed.Where(static failure => failure.Error.Transient).ToArray();
            if (again.Length == 0 || failed.Count == symbols.Count)
            {
                lasting.AddRange(again);
                lasting.Sort(static (left, right) => left.Symbol.CompareTo(right.Symbol));
                return lasting;
            }
            WillPassAgain(pass, again.Length, symbols.Count, again[0].Error.Message);
            symbols = [.. again.Select(static failure => failure.Symbol).Order()];
        }
    }

    private async Task<IReadOnlyCollection<SymbolFailure>> PassAsync(
        IReadOnlyList<Symbol> symbols, Func<Symbol, CancellationToken, Task> ask, CancellationToken ct)
    {
        var failed = new ConcurrentBag<SymbolFailure>();
        ProviderException? gone = null;
        failuresInARow = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = ct };
        await Parallel.ForEachAsync(symbols, options, async (symbol, token) =>
        {
            if (Volatile.Read(ref gone) is { } reason)
            {
                failed.Add(new SymbolFailure(symbol, reason));
                return;
            }
            try
            {
                await ask(symbol, token);
                Volatile.Write(ref failuresInARow, 0);
            }
            catch (ProviderException error) when (!ConcernsAll(error.Fault))
            {
                failed.Add(new SymbolFailure(symbol, error));
                if (!error.Transient || Interlocked.Increment(ref failuresInARow) < Hopeless) return;
                Volatile.Write(ref gone, new ProviderException(error.Fault, error.Endpoint,
                    $"not asked any more, because {Hopeless} symbols in a row failed; the last: {error.Reason}"));
            }
        });
        return failed;
    }

    private static bool ConcernsAll(ProviderFault fault) =>
        fault is ProviderFault.Unauthorized or ProviderFault.NotEntitled or ProviderFault.TooOld or ProviderFault.NotYet;

    [LoggerMessage(LogLevel.Warning, "Pass {Pass} left {Failed} of {Asked} symbols without an answer, asking them again; one of them: {Error}")]
    private partial void WillPassAgain(int pass, int failed, int asked, string error);
}
