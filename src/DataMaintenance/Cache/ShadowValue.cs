using System.Globalization;
using System.Text.Json;
using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>What a key of either service holds, by field.</summary>
/// <param name="Trouble">Why it cannot be compared by field; null when it can.</param>
internal sealed record ShadowValue(IReadOnlyDictionary<string, ShadowField> Fields, string? Trouble)
{
    /// <summary>Moves with every fetch, and says nothing of the security.</summary>
    private const string Clock = "updated_at";

    /// <returns>Null when the key is absent.</returns>
    public static async Task<ShadowValue?> ReadAsync(RedisConnection redis, RedisKey key, Family family, CancellationToken ct)
    {
        try
        {
            if (Documents.IsJson(family)) return Document(await redis.AskAsync(db => db.StringGetAsync(key), ct));
            var fields = await redis.AskAsync(db => db.HashGetAllAsync(key), ct);
            return fields.Length == 0 ? null : new(fields.ToDictionary(f => f.Name.ToString(), f => ShadowField.OfHash(f.Value.ToString()), StringComparer.Ordinal), null);
        }
        catch (RedisRefusedException e) when (RedisTrouble.Starts(e.InnerException!, "WRONGTYPE"))
        {
            return new(new Dictionary<string, ShadowField>(), "a key of another type");
        }
    }

    private static ShadowValue? Document(RedisValue text)
    {
        if (text.IsNull) return null;
        try
        {
            using var json = JsonDocument.Parse((string)text!);
            var fields = json.RootElement.EnumerateObject().Where(f => f.Name != Clock && f.Value.ValueKind != JsonValueKind.Null && f.Value.ToString().Length > 0);
            return new(fields.ToDictionary(f => f.Name, f => ShadowField.OfJson(f.Value), StringComparer.Ordinal), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new(new Dictionary<string, ShadowField>(), "no JSON object with each field once");
        }
    }
}

/// <param name="Number">Null for what is text.</param>
internal sealed record ShadowField(string Text, double? Number, bool IsText)
{
    /// <summary>The other service keeps prices with four decimals.</summary>
    private const double LastDecimal = 1e-4;

    /// <summary>The one service cuts a mean to whole shares, the other may round it.</summary>
    private const double OneShare = 1;

    public static ShadowField OfHash(string text) => new(text, Parsed(text), IsText: false);

    public static ShadowField OfJson(JsonElement value) => new(value.ToString(), Parsed(value.ToString()), IsText: value.ValueKind == JsonValueKind.String);

    /// <summary>Texts by ordinal, numbers within the tolerance; of a baseline an absent slot is 0.</summary>
    public static bool Agree(ShadowField? ours, ShadowField? theirs, Family family, double tolerance)
    {
        if (family == Family.Rvol) (ours, theirs) = (ours ?? Zero, theirs ?? Zero);
        if (ours is null || theirs is null) return false;
        if ((ours.IsText && theirs.IsText) || ours.Number is not { } left || theirs.Number is not { } right) return string.Equals(ours.Text, theirs.Text, StringComparison.Ordinal);
        var rounding = family is Family.Rvol or Family.AverageVolume ? OneShare : LastDecimal;
        return Math.Abs(left - right) <= Math.Max(rounding, tolerance * Math.Max(Math.Abs(left), Math.Abs(right))) * (1 + 1e-9);
    }

    private static ShadowField Zero { get; } = new("0", 0, IsText: false);

    private static double? Parsed(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
