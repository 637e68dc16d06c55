using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>What a key holds for a derived value: JSON text, or the fields of a hash.</summary>
internal static class Documents
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the family is published as JSON text; else as a hash.</summary>
    public static bool IsJson(Family family) => family is Family.Metadata or Family.AverageVolume;

    /// <summary>A baseline below one whole share has no slot to publish and so no key.</summary>
    public static bool HasKey(IDerivedValue value) => value is not RvolValue rvol || RvolValue.Whole(rvol.AverageVolume[^1]) > 0;

    public static string Json(IDerivedValue value) => value switch
    {
        MetadataValue v => Write(w => Metadata(w, v.Metadata)),
        AverageVolumeValue v => Write(w =>
        {
            Shares(w, "avg_volume_30d", v.Days30);
            Shares(w, "avg_volume_10d", v.Days10);
            Shares(w, "avg_volume_5d", v.Days5);
        }),
        _ => throw new ArgumentException($"{value.GetType().Name} is no JSON document.", nameof(value)),
    };

    public static HashEntry[] Fields(IDerivedValue value) => value switch
    {
        AtrValue v => [new("atr", Text(v.Atr)), new("atr_percent", Text(v.AtrPercent)), new("date", Keys.Text(v.Session))],
        RvolValue v => Slots(v),
        _ => throw new ArgumentException($"{value.GetType().Name} is no hash.", nameof(value)),
    };

    /// <summary>Whether the fields read are those of the value, no more and no less; in any order.</summary>
    public static bool Matches(IDerivedValue value, HashEntry[] found)
    {
        if (value is not RvolValue rvol)
        {
            var expected = Fields(value);
            return expected.Length == found.Length && Array.TrueForAll(expected, e => Array.Exists(found, f => f.Name == e.Name && f.Value == e.Value));
        }

        var means = rvol.AverageVolume;
        foreach (var field in found)
        {
            if (!field.Name.TryParse(out int slot) || slot < 0 || slot >= means.Length || !field.Value.TryParse(out long shares)) return false;
            if (shares == 0 || shares != RvolValue.Whole(means[slot])) return false;
        }

        return found.Length == Published(means);
    }

    public static string Derived(DerivedState state) => Write(w =>
    {
        w.WriteString("session", Keys.Text(state.Session));
        w.WriteNumber("epoch", state.Epoch);
        w.WriteNumber("count", state.Count);
        w.WriteString("published_at", Instant(state.PublishedAt));
        w.WriteString("fingerprint", state.Fingerprint);
    });

    /// <summary>UTC with <c>Z</c>, to the millisecond.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    public static string Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Metadata(Utf8JsonWriter w, Store.TickerMetadata m)
    {
        w.WriteString("symbol", m.Symbol.Text);
        Text(w, "name", m.Name);
        Text(w, "exchange", m.Exchange);
        Text(w, "type", m.Type);
        Text(w, "sector", m.Sector);
        Text(w, "industry", m.Industry);
        Text(w, "sic_code", m.SicCode);
        if (m.MarketCap is { } cap) w.WriteNumber("market_cap", cap);
        Number(w, "float_shares", m.FloatShares);
        Number(w, "shares_outstanding", m.SharesOutstanding);
        Text(w, "description", m.Description);
        Text(w, "list_date", m.ListDate is { } listed ? Keys.Text(listed) : null);
        Text(w, "cik", m.Cik);
        Text(w, "composite_figi", m.CompositeFigi);
        Text(w, "homepage_url", m.HomepageUrl);
        Number(w, "total_employees", m.TotalEmployees);
        Text(w, "updated_at", m.UpdatedAt is { } updated ? Instant(updated) : null);
    }

    private static HashEntry[] Slots(RvolValue value)
    {
        var means = value.AverageVolume;
        var fields = new HashEntry[Published(means)];
        for (int slot = 0, next = 0; slot < means.Length; slot++)
            if (RvolValue.Whole(means[slot]) is > 0 and var shares) fields[next++] = new(slot, shares);
        return fields;
    }

    private static int Published(double[] means)
    {
        var count = 0;
        foreach (var mean in means) if (RvolValue.Whole(mean) > 0) count++;
        return count;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void Text(Utf8JsonWriter w, string name, string? value)
    {
        if (value is not null) w.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter w, string name, long? value)
    {
        if (value is { } number) w.WriteNumber(name, number);
    }

    private static void Shares(Utf8JsonWriter w, string name, double? mean)
    {
        if (mean is { } shares) w.WriteNumber(name, RvolValue.Whole(shares));
    }
}
