using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace DataMaintenance.Logs;

/// <summary>
/// A log event as one flat JSON object and a line feed: <c>event</c>, <c>timestamp</c> (UTC), <c>level</c>, then the fields in snake case.
/// In a drill <c>drill_time</c> is what its clock showed; the timestamp stays the machine's.
/// The event is the name its <c>[LoggerMessage]</c> gives; without one, a property <c>event</c>; else the message itself.
/// </summary>
/// <param name="drill">The drill's clock; null while none is in force.</param>
internal sealed class JsonLine(Redaction redaction, TimeProvider? drill = null)
{
    private const string OwnSource = "DataMaintenance";
    private static readonly MessageTemplateTextFormatter Sentence = new("{Message:l}", CultureInfo.InvariantCulture);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public void Write(LogEvent log, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            var name = Name(log);
            Text(json, "event", name ?? Message(log));
            json.WriteString("timestamp", Instant(log.Timestamp));
            if (drill is not null) json.WriteString("drill_time", Instant(drill.GetUtcNow()));
            json.WriteString("level", Level(log.Level));
            Fields(json, log, name is not null);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Fields(Utf8JsonWriter json, LogEvent log, bool named)
    {
        var errorGiven = false;
        foreach (var (key, value) in log.Properties)
        {
            if (key is "EventId" or "SourceContext" or "event" or "timestamp" or "level") continue;
            var field = SnakeCase(key);
            errorGiven |= field == "error";
            json.WritePropertyName(field);
            Value(json, value);
        }

        if (Scalar(log, "SourceContext") is string source && !source.StartsWith(OwnSource, StringComparison.Ordinal))
        {
            Text(json, "source", source);
            if (named) Text(json, "message", Message(log));
        }

        if (log.Exception is not { } e) return;
        if (!errorGiven) Text(json, "error", $"{e.GetType().Name}: {e.Message}");
        Text(json, "stack", e.ToString());
    }

    private static string Message(LogEvent log)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Sentence.Format(log, text);
        return text.ToString();
    }

    private static string? Name(LogEvent log)
    {
        if (log.Properties.TryGetValue("EventId", out var id) && id is StructureValue parts)
            foreach (var part in parts.Properties)
                if (part is { Name: "Name", Value: ScalarValue { Value: string { Length: > 0 } name } }) return SnakeCase(name);
        return Scalar(log, "event") as string;
    }

    private static object? Scalar(LogEvent log, string name) => log.Properties.TryGetValue(name, out var value) && value is ScalarValue scalar ? scalar.Value : null;

    private void Value(Utf8JsonWriter json, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue scalar: Plain(json, scalar.Value); break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Elements) Value(json, item);
                json.WriteEndArray();
                break;
            case StructureValue structure:
                json.WriteStartObject();
                foreach (var part in structure.Properties)
                {
                    json.WritePropertyName(SnakeCase(part.Name));
                    Value(json, part.Value);
                }

                json.WriteEndObject();
                break;
            case DictionaryValue dictionary:
                json.WriteStartObject();
                foreach (var (key, item) in dictionary.Elements)
                {
                    json.WritePropertyName(redaction.Clean(Convert.ToString(key.Value, CultureInfo.InvariantCulture) ?? ""));
                    Value(json, item);
                }

                json.WriteEndObject();
                break;
            default: json.WriteStringValue(redaction.Clean(value.ToString())); break;
        }
    }

    private void Plain(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool b: json.WriteBooleanValue(b); break;
            case int i: json.WriteNumberValue(i); break;
            case long l: json.WriteNumberValue(l); break;
            case double d when double.IsFinite(d): json.WriteNumberValue(d); break;
            case float f when float.IsFinite(f): json.WriteNumberValue(f); break;
            case decimal m: json.WriteNumberValue(m); break;
            case uint or short or ushort or byte or sbyte: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong u: json.WriteNumberValue(u); break;
            case DateOnly day: json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset at: json.WriteStringValue(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)); break;
            case IFormattable f: json.WriteStringValue(redaction.Clean(f.ToString(null, CultureInfo.InvariantCulture))); break;
            default: json.WriteStringValue(redaction.Clean(value.ToString() ?? "")); break;
        }
    }

    private void Text(Utf8JsonWriter json, string name, string text) => json.WriteString(name, redaction.Clean(text));

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warning",
        LogEventLevel.Error => "error",
        _ => "critical",
    };
}
