using System.Security.Cryptography;
using System.Text;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Whose values of a family are not to be replaced, because what they would be computed from is poisoned by an open finding.</summary>
internal sealed class HeldBack
{
    /// <summary>Bars the longest average looks at.</summary>
    private const int DailySessions = 30;

    private readonly IReadOnlyList<Finding> findings;

    private HeldBack(IReadOnlyList<Finding> findings)
    {
        this.findings = findings;
        Symbols = findings.Select(f => f.Symbol!.Value).ToHashSet();
    }

    public IReadOnlySet<Symbol> Symbols { get; }

    public static async Task<HeldBack> OfAsync(IStore store, TradingCalendar calendar, Family family, DateOnly asOf, int slotSessions, CancellationToken ct)
    {
        var (dataset, blocks, sessions) = family switch
        {
            Family.Atr or Family.AverageVolume => (Rules.Daily, Blocks.Daily, DailySessions),
            Family.Rvol => (Rules.Slots, Blocks.Slots, slotSessions),
            _ => ("", Blocks.Nothing, 0),
        };
        if (blocks == Blocks.Nothing) return new([]);
        var open = await store.OpenFindingsAsync(dataset, calendar.LastSessions(sessions, asOf)[0], asOf, ct);
        return new([.. open.Where(f => f is { Symbol: not null, Severity: Severity.Error } && Rules.Find(f.Rule)?.Blocks == blocks)]);
    }

    /// <summary>The values without those held back, and a fingerprint that changes when a finding is closed.</summary>
    public FamilyValues Without(FamilyValues values) => Symbols.Count == 0 ? values
        : values with { Items = [.. values.Items.Where(v => !Symbols.Contains(v.Symbol))], HeldBack = findings.GroupBy(f => f.Symbol!.Value).ToDictionary(f => f.Key, f => f.Min(one => one.Date)), Fingerprint = Mark(values.Fingerprint) };

    public string Mark(string fingerprint) => Symbols.Count == 0 ? fingerprint
        : $"{fingerprint}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Symbols.Select(s => s.Text).Order(StringComparer.Ordinal))))[..4])}";

    public string Words() => $"{Symbols.Count:N0} symbols keep their older values until the finding is settled: {Names.List(findings.Select(f => $"{f.Symbol} ({f.Rule} of {f.Date:yyyy-MM-dd})").Distinct(), 10)}";
}
