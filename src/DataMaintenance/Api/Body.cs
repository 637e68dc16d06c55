using System.Text.Json;

namespace DataMaintenance.Api;

/// <summary>Reads the JSON body of a request strictly: what is misspelled is told, not ignored.</summary>
internal static class Body
{
    /// <returns>The body; <paramref name="absent"/> when there is none.</returns>
    /// <exception cref="BadRequestException">No JSON, an unknown or repeated field, a value of the wrong kind.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, T absent, CancellationToken ct) where T : class
    {
        using var text = new MemoryStream();
        await request.Body.CopyToAsync(text, ct);
        if (text.ToArray().AsSpan().Trim(" \t\r\n"u8).IsEmpty) return absent;
        try
        {
            return JsonSerializer.Deserialize<T>(text.ToArray(), ApiJson.Strict) ?? throw new BadRequestException("the body: expected a JSON object, got null");
        }
        catch (JsonException e)
        {
            throw new BadRequestException(Why<T>(e));
        }
    }

    private static string Why<T>(JsonException e)
    {
        var path = e.Path?.TrimStart('$').TrimStart('.') ?? "";
        var fields = typeof(T).GetProperties().Select(p => (Name: JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), p.PropertyType)).ToArray();
        if (e.InnerException is JsonException) return $"the body is no JSON, from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on; expected an object with fields of {string.Join(", ", fields.Select(f => f.Name))}, such as {{\"{fields[0].Name}\":…}}";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"{path}: unknown; the fields are {string.Join(", ", fields.Select(f => f.Name))}";
        if (e.Message.Contains("missing required", StringComparison.Ordinal)) return $"expected the fields {string.Join(" and ", Required<T>())}, some are missing";
        if (e.Message.Contains("Duplicate property", StringComparison.Ordinal)) return $"{path}: given twice";
        var field = Array.Find(fields, f => path == f.Name || path.StartsWith(f.Name + "[", StringComparison.Ordinal));
        if (field.Name is not null) return $"{path}: expected {Expected(field.PropertyType)}";
        return path.Length == 0 ? "the body: expected a JSON object" : $"{path}: expected another kind of value";
    }

    private static IEnumerable<string> Required<T>() =>
        typeof(T).GetConstructors().SelectMany(c => c.GetParameters()).Where(p => !p.HasDefaultValue).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name!));

    private static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : Nullable.GetUnderlyingType(type) == typeof(DateOnly) || type == typeof(DateOnly) ? "a date like 2025-12-01"
        : type == typeof(string) ? "text"
        : type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "a list of names"
        : "another kind of value";
}
