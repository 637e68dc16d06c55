using System.Globalization;
using System.Text;

namespace Simulator.Rest;

/// <summary>A listing as asked: filters, order and page size, from the query or, on later pages, frozen in the cursor.</summary>
internal sealed class Listing
{
    private static readonly string[] Operators = ["", ".gt", ".gte", ".lt", ".lte", ".any_of"];

    private readonly Call call;
    private readonly Cursor cursor;
    private readonly string[] filters;

    /// <param name="filters">Names that may be filtered; each also with .gt, .gte, .lt, .lte, .any_of.</param>
    internal Listing(Call call, int defaultLimit, int maxLimit, params string[] filters)
    {
        (this.call, this.filters) = (call, filters);
        cursor = Cursor.Read(call["cursor"]);
        Limit = defaultLimit;
        if (this["limit"] is { } text)
            Problem = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked >= 1 && asked <= maxLimit
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"The parameter 'limit' must be a number from 1 to {maxLimit}");
        if (Problem is null && this["limit"] is { } good) Limit = int.Parse(good, CultureInfo.InvariantCulture);
        if (call["cursor"] is not null && cursor.IsEmpty) Problem = "The parameter 'cursor' is invalid";
    }

    internal int Limit { get; }
    /// <summary>Why the request is refused with 400; null when it is not.</summary>
    internal string? Problem { get; }

    internal string? this[string name] => cursor.IsEmpty ? call[name] : cursor[name];

    /// <summary>Rows to pass over, by the offset form of cursors.</summary>
    internal int Offset => int.TryParse(cursor["ap"], CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    /// <summary>Whether the value passes every filter on the name; by ordinal, so that ISO dates compare as dates.</summary>
    internal bool Passes(string name, string? value)
    {
        foreach (var suffix in Operators)
        {
            if (this[name + suffix] is not { } bound) continue;
            if (value is null) return false;
            var order = string.CompareOrdinal(value, bound);
            var passes = suffix switch
            {
                ".gt" => order > 0,
                ".gte" => order >= 0,
                ".lt" => order < 0,
                ".lte" => order <= 0,
                ".any_of" => Array.IndexOf(bound.Split(','), value) >= 0,
                _ => order == 0,
            };
            if (!passes) return false;
        }
        return true;
    }

    /// <summary>The next page's address, with every filter in the cursor and no key.</summary>
    internal string Next(params (string Name, string Value)[] position)
    {
        var pairs = new List<(string Name, string Value)>(position) { ("limit", Limit.ToString(CultureInfo.InvariantCulture)) };
        foreach (var filter in filters)
            foreach (var suffix in Operators)
                if (this[filter + suffix] is { } value && !position.Any(own => own.Name == filter + suffix)) pairs.Add((filter + suffix, value));
        pairs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var text = new StringBuilder();
        foreach (var (name, value) in pairs) text.Append(text.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return call.Root + call.Path + "?cursor=" + Cursor.Write(text.ToString());
    }

    internal string NextOffset(int offset) => Next(("ap", offset.ToString(CultureInfo.InvariantCulture)), ("as", ""));
}
