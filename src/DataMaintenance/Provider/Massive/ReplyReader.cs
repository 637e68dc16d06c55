using System.Globalization;
using System.Text.Json;

namespace DataMaintenance.Provider.Massive;

/// <summary>
/// Reads a JSON reply forward, field by field, without copying it, and says what is wrong by the field's place:
/// <c>results[17].c (AAPL): expected a number, got a string</c>. A body that ends too early is
/// <see cref="ProviderFault.Unavailable"/>, since another attempt can bring the rest; text that is no JSON throws <see cref="JsonException"/>.
/// </summary>
internal ref struct ReplyReader(ReadOnlySpan<byte> body, string endpoint)
{
    // Not the final block, so that a cut body is told apart from a garbled one.
    private Utf8JsonReader json = new(body, isFinalBlock: false, default);
    private string rows = "";
    private int row = -1;

    /// <summary>Whom the row is about, for errors; empty when not read yet.</summary>
    public ReadOnlySpan<byte> Subject;

    public readonly string Endpoint => endpoint;

    /// <summary>The name of the field that <see cref="NextField"/> found.</summary>
    public readonly ReadOnlySpan<byte> Name => json.ValueSpan;

    public readonly bool Is(ReadOnlySpan<byte> name) => json.ValueSpan.SequenceEqual(name);

    /// <summary>Rows begun so far in the array last entered.</summary>
    public readonly int Rows => row + 1;

    public void EnterObject(string field = "")
    {
        Advance();
        if (json.TokenType != JsonTokenType.StartObject) throw Wrong(field, "an object");
    }

    /// <returns>False when it is null.</returns>
    public bool EnterArray(string field)
    {
        Advance();
        if (json.TokenType == JsonTokenType.Null) return false;
        if (json.TokenType != JsonTokenType.StartArray) throw Wrong(field, "an array");
        (rows, row) = (field, -1);
        return true;
    }

    /// <summary>Moves to the next field of the object entered; false at its end.</summary>
    public bool NextField()
    {
        Advance();
        return json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Enters the next object of the array entered; false at its end.</summary>
    public bool NextRow()
    {
        Subject = default;
        Advance();
        if (json.TokenType == JsonTokenType.EndArray) return false;
        row++;
        if (json.TokenType != JsonTokenType.StartObject) throw Wrong("", "an object");
        return true;
    }

    /// <summary>Leaves the array: what follows is about the reply as a whole.</summary>
    public void LeaveRows() => rows = "";

    public double Number(string field)
    {
        Advance();
        return json.TokenType == JsonTokenType.Number && AsciiNumber.TryDouble(json.ValueSpan, out var value) ? value : throw Wrong(field, "a number");
    }

    public double? NumberOrNull(string field)
    {
        Advance();
        if (json.TokenType == JsonTokenType.Null) return null;
        return json.TokenType == JsonTokenType.Number && AsciiNumber.TryDouble(json.ValueSpan, out var value) ? value : throw Wrong(field, "a number");
    }

    public long Whole(string field) => WholeOrNull(field) ?? throw Wrong(field, "a whole number");

    public long? WholeOrNull(string field)
    {
        Advance();
        if (json.TokenType == JsonTokenType.Null) return null;
        return json.TokenType == JsonTokenType.Number && AsciiNumber.TryWhole(json.ValueSpan, out var value) ? value : throw Wrong(field, "a whole number");
    }

    public bool? FlagOrNull(string field)
    {
        Advance();
        return json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw Wrong(field, "true or false"),
        };
    }

    /// <summary>Null also for an empty text.</summary>
    public string? TextOrNull(string field)
    {
        Advance();
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.String) throw Wrong(field, "a text");
        try
        {
            return json.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(field, "a text in UTF-8");
        }
    }

    public string Text(string field) => TextOrNull(field) ?? throw Wrong(field, "a text that is not empty");

    /// <summary>A text as bytes; copied only when it holds escapes.</summary>
    public ReadOnlySpan<byte> Bytes(string field)
    {
        Advance();
        if (json.TokenType != JsonTokenType.String) throw Wrong(field, "a text");
        return json.ValueIsEscaped ? Unescaped() : json.ValueSpan;
    }

    /// <summary>A date at the start of a text: <c>2025-01-02</c>, or <c>2025-01-02T00:00:00Z</c>, of which the rest is ignored.</summary>
    public DateOnly? DateOrNull(string field)
    {
        if (TextOrNull(field) is not { } text) return null;
        return text.Length >= 10 && (text.Length == 10 || text[10] == 'T')
            && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : throw Wrong(field, "a date such as 2025-01-02");
    }

    public void Skip()
    {
        if (!json.TrySkip()) throw Torn();
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void End() => json.Read();

    public readonly ProviderException Missing(string field) => Fault(field, "missing");

    public readonly ProviderException Fault(string field, string what)
    {
        var place = row >= 0 && rows.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{rows}[{row}]{(field.Length > 0 ? "." : "")}{field}")
            : field.Length > 0 ? field : "the reply";
        var about = Subject.IsEmpty ? "" : $" ({Rejections.Printable(Subject)})";
        return new ProviderException(ProviderFault.Nonsense, endpoint, $"{place}{about}: {what}.");
    }

    private readonly ProviderException Wrong(string field, string expected) => Fault(field, $"expected {expected}, got {Got()}");

    private readonly string Got() => json.TokenType switch
    {
        JsonTokenType.String => json.ValueSpan.IsEmpty ? "an empty string" : "a string",
        JsonTokenType.Number => $"the number {Rejections.Printable(json.ValueSpan)}",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    private void Advance()
    {
        if (!json.Read()) throw Torn();
    }

    private readonly ProviderException Torn() => new(ProviderFault.Unavailable, endpoint,
        string.Create(CultureInfo.InvariantCulture, $"the body ends too early, after {json.BytesConsumed} bytes understood."));

    private readonly ReadOnlySpan<byte> Unescaped()
    {
        var target = new byte[json.ValueSpan.Length];
        return target.AsSpan(0, json.CopyString(target));
    }
}
