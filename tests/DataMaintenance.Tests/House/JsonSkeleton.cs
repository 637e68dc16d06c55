using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.House;

/// <summary>A JSON schema as people read it: the document with a word in the place of each value.</summary>
internal static class JsonSkeleton
{
    public static string Of(JsonNode schema) => Of(schema, "");

    private static string Of(JsonNode? schema, string indent)
    {
        if (schema is not JsonObject shape) return "anything";
        if (shape["$ref"] is not null) return "as above";
        var types = shape["type"] switch { JsonArray many => many.Select(t => t!.GetValue<string>()).ToArray(), JsonValue one => [one.GetValue<string>()], _ => [] };
        var orNull = types.Contains("null") ? " or null" : "";
        var inner = indent + "  ";
        if (types.Contains("object") && shape["properties"] is JsonObject fields)
        {
            var required = shape["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
            return $"{{\n{string.Join(",\n", fields.Select(f => $"{inner}\"{f.Key}\"{(required.Contains(f.Key) ? "" : "?")}: {Of(f.Value, inner)}"))}\n{indent}}}{orNull}";
        }

        if (types.Contains("object")) return $"{{ name: {Of(shape["additionalProperties"], indent)}, … }}{orNull}";
        if (types.Contains("array")) return $"[ {Of(shape["items"], indent)}, … ]{orNull}";
        return Word(types, shape["format"]?.GetValue<string>()) + orNull;
    }

    private static string Word(string[] types, string? format) => format switch
    {
        "date" => "date",
        "date-time" => "instant",
        "time" => "time",
        _ => types.Contains("string") ? "text" : types.Contains("integer") ? "whole number" : types.Contains("number") ? "number" : types.Contains("boolean") ? "true or false" : "anything",
    };
}
