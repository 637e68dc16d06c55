using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Api;

/// <summary>How answers are spelled: snake_case, instants in UTC with <c>Z</c>, days as yyyy-MM-dd.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Applied(new(JsonSerializerDefaults.Web));

    /// <summary>For bodies: unknown and repeated fields are refused.</summary>
    internal static JsonSerializerOptions Strict { get; } = Applied(new(JsonSerializerOptions.Strict));

    /// <summary>The answer as the tree that the command line shows.</summary>
    public static JsonNode ToNode<T>(T answer) => JsonSerializer.SerializeToNode(answer, Options)!;

    /// <summary>The tree as it is sent: letters and quotes as they are, not as numbers.</summary>
    internal static string Text(JsonNode node) => node.ToJsonString(Options);

    internal static JsonSerializerOptions Applied(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new Instant());
        return options;
    }

    private sealed class Instant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDateTimeOffset();
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(StatusDocument.Instant(value));
    }
}
