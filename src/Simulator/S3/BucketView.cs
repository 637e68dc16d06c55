using Market;
using Simulator.Faults;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.S3;

/// <summary>What the bucket holds at a moment, for a plan: which keys are there, and which of them may be read.</summary>
internal sealed class BucketView(SimulatedMarket market, SimulatorOptions options, FaultBook faults)
{
    /// <summary>Two days, as minute files of a bad week took.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromDays(2);
    private static readonly TimeOnly Revised = new(11, 0);
    private static readonly string[] Sets = [FileName.Days, FileName.Minutes];

    /// <summary>Whether the plan refuses the file; asked before whether it is there, as the provider does.</summary>
    internal bool IsRefused(FileName name, Moment now) =>
        !options.Files.Sets.Contains(name.Set) || options.Plan == Plan.Basic || options.Plan.Refuse(name.Date, name.Date, now.Today) is not null;

    /// <summary>Null when there is no such file, or not yet.</summary>
    internal TradingDay? Find(FileName name, Moment now)
    {
        if (!Sets.Contains(name.Set) || market.FindDay(name.Date) is not { } day) return null;
        var delay = Concerning(name).Any(static fault => fault.Kind == FaultKinds.Late) ? Late : TimeSpan.Zero;
        return now.Instant >= name.PublishedAt + delay ? day : null;
    }

    /// <summary>Faults that are in the bytes of the file as it lies there at the moment.</summary>
    internal IReadOnlyList<Fault> Content(FileName name, Moment now) =>
    [
        .. Concerning(name).Where(fault => fault.Kind switch
        {
            FaultKinds.Reissued => now.Instant < TradingCalendar.At(name.Date.AddDays(2), Revised),
            FaultKinds.Unsettled => name.Set == FileName.Days && now.Instant < TradingCalendar.At(name.Date.AddDays(1), new TimeOnly(10, 0)),
            _ => FaultKinds.InFiles.Contains(fault.Kind),
        }).DistinctBy(static fault => fault.Kind).OrderBy(static fault => fault.Kind, StringComparer.Ordinal),
    ];

    /// <summary>Published keys that begin with the prefix and come after the other, in byte order. Those the plan refuses are listed too.</summary>
    internal IEnumerable<FileName> Keys(string prefix, string after, Moment now)
    {
        foreach (var set in Sets)
        {
            var folder = $"us_stocks_sip/{set}/";
            if (!folder.StartsWith(prefix, StringComparison.Ordinal) && !prefix.StartsWith(folder, StringComparison.Ordinal)) continue;
            foreach (var day in market.Days(SimulatedMarket.FirstDay, now.Today))
            {
                var name = new FileName(set, day.Date);
                var key = name.Key;
                if (key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0 && Find(name, now) is not null) yield return name;
            }
        }
    }

    private IEnumerable<Fault> Concerning(FileName name) => faults.InForce.Where(fault =>
        fault.Route is null or "file" && fault.Symbol is null && (fault.Date is null || fault.Date == name.Date)
        && (fault.Rate >= 1 || Hash.Unit(Hash.Of(Hash.Of((ulong)options.Seed, name.Key), fault.Kind)) < fault.Rate));
}
