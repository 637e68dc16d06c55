using System.Diagnostics.CodeAnalysis;
using System.Text;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>A key name with one place in it for a symbol or a date, and what the service puts there.</summary>
public sealed class KeyTemplate
{
    private readonly string before;
    private readonly string after;

    /// <exception cref="ArgumentException"><paramref name="template"/> does not hold <paramref name="placeholder"/> exactly once.</exception>
    public KeyTemplate(string prefix, string template, string placeholder)
    {
        var parts = template.Split(placeholder);
        if (parts.Length != 2) throw new ArgumentException($"A key template holds {placeholder} exactly once; got '{template}'.", nameof(template));
        (before, after) = (prefix + parts[0], parts[1]);
    }

    public RedisKey Of(string name) => string.Concat(before, name, after);

    public RedisKey Of(Symbol symbol) => Of(symbol.Text);

    /// <summary>What SCAN MATCHes these keys with; characters that SCAN takes for wildcards are escaped.</summary>
    public string Pattern => $"{Escape(before)}*{Escape(after)}";

    /// <summary>The symbol in a key of this form. A name with a colon is another program's key: no ticker has one.</summary>
    public bool TrySymbol(string key, [MaybeNullWhen(false)] out Symbol symbol)
    {
        symbol = default;
        if (key.Length <= before.Length + after.Length) return false;
        if (!key.StartsWith(before, StringComparison.Ordinal) || !key.EndsWith(after, StringComparison.Ordinal)) return false;
        var name = key[before.Length..^after.Length];
        if (name.Contains(':', StringComparison.Ordinal) || !Symbol.IsValid(name)) return false;
        symbol = new Symbol(name);
        return true;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text) _ = (c is '*' or '?' or '[' or ']' or '\\' ? escaped.Append('\\') : escaped).Append(c);
        return escaped.ToString();
    }
}
