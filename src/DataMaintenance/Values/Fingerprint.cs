using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataMaintenance.Store;

namespace DataMaintenance.Values;

/// <summary>A short hash over lines that say what went into a family's values: the same lines, the same values, on any machine and after any restart.</summary>
internal sealed class Fingerprint : IDisposable
{
    private const int Characters = 16;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public static async Task<string> OfAsync(Family family, IStore store, Inputs inputs, ValuesOptions options, CancellationToken ct)
    {
        using var print = new Fingerprint();
        switch (family)
        {
            case Family.Atr:
                print.Line($"atr {Atr.Formula} {options.AtrPeriod} {options.AtrSmoothing}");
                await print.DailyAsync(store, inputs, ct);
                break;
            case Family.AverageVolume:
                print.Line($"avg_volume {AverageVolumes.Formula}");
                await print.DailyAsync(store, inputs, ct);
                break;
            case Family.Rvol:
                print.Line($"rvol {Rvol.Formula} {options.RvolSessions} {options.RvolLookbackSessions} {options.Grid.Name}");
                var first = inputs.Calendar.LastSessions(options.RvolLookbackSessions, inputs.AsOf)[0];
                await print.FactsAsync(store, Dataset.Slots, first, inputs, ct);
                break;
            case Family.Metadata:
                print.Line($"metadata {Metadata.Formula}");
                foreach (var value in await Universe.ActiveAsync(store, null, ct)) print.Line($"active {value.Symbol}");
                foreach (var known in await store.MetadataAsync(null, ct)) print.Line($"{Metadata.Published(known)}");
                break;
            case Family.Universe:
                print.Line($"universe {Universe.Formula}");
                foreach (var value in await Universe.ActiveAsync(store, null, ct)) print.Line($"active {value.Symbol}");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(family), family, "not a family of derived values");
        }

        return print.Text();
    }

    /// <summary>Of bars as they are read for <paramref name="inputs"/>, whatever is computed from them.</summary>
    public static async Task<string> OfBarsAsync(IStore store, Inputs inputs, CancellationToken ct)
    {
        using var print = new Fingerprint();
        print.Line($"adjusted to {inputs.AdjustTo:yyyy-MM-dd}");
        await print.DailyAsync(store, inputs, ct);
        return print.Text();
    }

    public void Dispose() => hash.Dispose();

    /// <summary>A symbol that trades seldom reaches back to any session, so all of them count.</summary>
    private Task DailyAsync(IStore store, Inputs inputs, CancellationToken ct) => FactsAsync(store, Dataset.Daily, DateOnly.MinValue, inputs, ct);

    private async Task FactsAsync(IStore store, Dataset dataset, DateOnly from, Inputs inputs, CancellationToken ct)
    {
        Line($"as of {inputs.AsOf:yyyy-MM-dd}");
        foreach (var day in await store.DayCoverageAsync(dataset, from, inputs.AsOf, ct))
            Line($"{dataset} {day.Date:yyyy-MM-dd} {day.Rows} {day.AsOf.UtcTicks / TimeSpan.TicksPerMicrosecond}");
        // A split executed before the first session is behind every bar; one on that session already is.
        foreach (var split in inputs.Splits.Where(s => s.ExecutionDate > from).OrderBy(s => s.Symbol).ThenBy(s => s.ExecutionDate).ThenBy(s => s.From).ThenBy(s => s.To))
            Line($"split {split.Symbol} {split.ExecutionDate:yyyy-MM-dd} {split.From:R} {split.To:R}");
        foreach (var boundary in inputs.Boundaries.Where(b => b.FirstDate > from)) Line($"boundary {boundary.Symbol} {boundary.FirstDate:yyyy-MM-dd}");
    }

    private void Line(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));

    private string Text() => Convert.ToHexStringLower(hash.GetHashAndReset())[..Characters];
}
