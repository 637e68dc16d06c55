using System.Globalization;

namespace Simulator.Faults;

/// <summary>One thing that goes wrong, where and how often. Conditions left null hold for every request.</summary>
public sealed record Fault
{
    /// <summary>One of <see cref="FaultKinds"/>, or a status such as <c>429</c>.</summary>
    public required string Kind { get; init; }
    /// <summary>Share of the requests it strikes, 0 to 1; chosen by the seed from the request's path and how often it was asked.</summary>
    public double Rate { get; init; } = 1;
    /// <summary>How many times it strikes before it is spent; for <c>throttle</c> the calls a window allows. Null: no end.</summary>
    public int? Count { get; init; }
    /// <summary>A route's short name: grouped, range, tickers, ticker, splits, ….</summary>
    public string? Route { get; init; }
    /// <summary>Only requests about this ticker, case-sensitive.</summary>
    public string? Symbol { get; init; }
    /// <summary>Only requests about this day, or rows of it.</summary>
    public DateOnly? Date { get; init; }
    /// <summary>Status of <c>poison</c>; default 500.</summary>
    public int? Status { get; init; }
    /// <summary>Milliseconds of <c>latency</c>; default 250.</summary>
    public int? Latency { get; init; }
    /// <summary>Seconds told with a 429; null sends no header.</summary>
    public int? RetryAfter { get; init; }
    /// <summary>Seconds of a <c>throttle</c> window; default 60.</summary>
    public int? Window { get; init; }

    /// <summary>Reads <c>kind=rate[@route]</c>; for <c>poison</c> the value is the symbol: <c>429=0.1@range</c>, <c>latency=1</c>, <c>poison=AAPL</c>.</summary>
    /// <exception cref="FormatException">The text is none of these, the kind is unknown, or the rate is not 0 to 1.</exception>
    public static Fault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (rule, route) = Cut(text, '@');
        var (kind, value) = Cut(rule, '=');
        var fault = new Fault { Kind = kind, Route = route };
        if (kind == FaultKinds.Poison) fault = fault with { Symbol = value };
        else if (value is not null)
            fault = fault with { Rate = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : double.NaN };
        return fault.Problem() is { } problem ? throw new FormatException($"Fault '{text}': {problem}") : fault;
    }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    internal string? Problem()
    {
        if (!FaultKinds.All.Contains(Kind) && FaultKinds.StatusOf(Kind) is null)
            return $"unknown kind; expected a status from 400 to 599 or one of {string.Join(", ", FaultKinds.All)}.";
        if (!(Rate >= 0 && Rate <= 1)) return "the rate must be a number from 0 to 1.";
        if (Kind == FaultKinds.Poison && string.IsNullOrEmpty(Symbol)) return "poison needs a symbol.";
        if (Route is not null && !Rest.Router.Names.Contains(Route)) return $"unknown route; expected one of {string.Join(", ", Rest.Router.Names)}.";
        return null;
    }

    private static (string, string?) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
