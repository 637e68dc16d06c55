using System.Collections;
using System.Text.RegularExpressions;

namespace DataMaintenance.Settings;

/// <summary>A setting and its value in force.</summary>
internal readonly partial record struct SettingOf(string Name, object? Value, bool Secret)
{
    /// <summary>As it would be written; empty when it has no value, <c>***</c> when it is secret.</summary>
    public string Show() => Value switch
    {
        null => "",
        _ when Secret => "***",
        string text => text,
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(SettingText.Format)),
        _ => SettingText.Format(Value),
    };

    /// <summary>
    /// The texts to blot out of logs: the secret, and the password inside a connection string. One that is of hosts and ports alone is none:
    /// what does not answer has to be named.
    /// </summary>
    public IEnumerable<string> SecretTexts()
    {
        if (!Secret || Value is not string { Length: > 0 } text || (Name.EndsWith("ConnectionString", StringComparison.Ordinal) && OnlyAddresses().IsMatch(text))) return [];
        return [text, .. PasswordInside().Matches(text).Select(m => m.Groups[1].Value.Trim('"', '\''))];
    }

    [GeneratedRegex(@"^[\w.:,\[\] -]+$")]
    private static partial Regex OnlyAddresses();

    [GeneratedRegex("""(?:password|pwd)\s*=\s*("[^"]*"|'[^']*'|[^;,]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordInside();
}
