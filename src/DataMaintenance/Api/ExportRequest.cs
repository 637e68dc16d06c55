using System.Globalization;
using Market;

namespace DataMaintenance.Api;

/// <param name="Kind">One of <see cref="Exports.Kinds"/>.</param>
/// <param name="From">First session, inclusive; null = the oldest held, for derived values the newest.</param>
/// <param name="To">Last session, inclusive; null = the newest held.</param>
/// <param name="Symbols">Null = all.</param>
/// <param name="Raw">Daily and slots as fetched.</param>
/// <param name="AsOf">Splits executed up to this day adjust; null = every one executed by now.</param>
public sealed record ExportRequest(string Kind, DateOnly? From, DateOnly? To, IReadOnlySet<Symbol>? Symbols, bool Raw, DateOnly? AsOf)
{
    /// <summary>The same request as a path of the HTTP API.</summary>
    public string Path()
    {
        var query = new List<string> { $"raw={(Raw ? "true" : "false")}" };
        if (From is { } from) query.Add($"from={Day(from)}");
        if (To is { } to) query.Add($"to={Day(to)}");
        if (AsOf is { } asOf) query.Add($"as_of={Day(asOf)}");
        if (Symbols is not null) query.Add($"symbols={Uri.EscapeDataString(string.Join(',', Symbols))}");
        return $"/api/export/{Kind}?{string.Join('&', query)}";
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
