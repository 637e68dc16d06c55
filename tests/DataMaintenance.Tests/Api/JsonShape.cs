using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.Api;

/// <summary>Holds an answer against a schema of an OpenAPI document: types, required fields, and no field that is not documented.</summary>
internal sealed class JsonShape(JsonNode document)
{
    private readonly List<string> wrong = [];

    /// <summary>Where the answer is not as documented, by path.</summary>
    public static IReadOnlyList<string> Differences(JsonNode document, JsonNode schema, JsonNode? answer)
    {
        var shape = new JsonShape(document);
        shape.Check(schema, answer, "$");
        return shape.wrong;
    }

    private void Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            Check(reference[2..].Split('/').Aggregate(document, (node, name) => node[name]!), value, path);
            return;
        }

        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            if (!choices.Any(c => Differences(document, c!, value).Count == 0)) wrong.Add($"{path}: is none of what it may be: {(value is null ? "null" : Differences(document, choices[^1]!, value)[0])}");
            return;
        }

        var allowed = schema["type"] switch { JsonArray many => many.Select(t => t!.GetValue<string>()).ToArray(), JsonValue one => [one.GetValue<string>()], _ => [] };
        if (allowed.Length > 0 && !Kinds(value).Any(allowed.Contains))
        {
            wrong.Add($"{path}: expected {string.Join(" or ", allowed)}, got {value?.ToJsonString() ?? "null"}");
            return;
        }

        if (value is JsonObject fields) CheckFields(schema, fields, path);
        if (value is JsonArray items && schema["items"] is { } item)
            for (var i = 0; i < items.Count; i++) Check(item, items[i], $"{path}[{i}]");
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String) CheckFormat(schema["format"]?.GetValue<string>(), text.GetValue<string>(), path);
    }

    private void CheckFields(JsonNode schema, JsonObject fields, string path)
    {
        foreach (var name in schema["required"]?.AsArray().Select(r => r!.GetValue<string>()) ?? [])
            if (!fields.ContainsKey(name)) wrong.Add($"{path}.{name}: required, and absent");
        foreach (var (name, value) in fields)
        {
            if (schema["properties"]?[name] is { } property) Check(property, value, $"{path}.{name}");
            else if (schema["additionalProperties"] is JsonObject others) Check(others, value, $"{path}.{name}");
            else if (schema["properties"] is not null) wrong.Add($"{path}.{name}: not documented");
        }
    }

    private void CheckFormat(string? format, string text, string path)
    {
        var fits = format switch
        {
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
            "date-time" => DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _) && text.EndsWith('Z'),
            "time" => TimeOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (!fits) wrong.Add($"{path}: expected a {format}, got '{text}'");
    }

    private static string[] Kinds(JsonNode? value) => value is null ? ["null"] : value.GetValueKind() switch
    {
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny(".eE") ? ["number"] : ["integer", "number"],
        _ => ["boolean"],
    };
}
