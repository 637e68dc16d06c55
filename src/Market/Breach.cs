namespace Market;

/// <summary>How much a breach weighs: Error = the number cannot be true, Warning = it is odd but known to occur.</summary>
public enum Severity { Info, Warning, Error }

/// <summary>A number that broke a rule of the market.</summary>
/// <param name="Rule">Stable name, area and rule: <c>bar.high_below_low</c>.</param>
/// <param name="Value">What came.</param>
/// <param name="Expectation">What the rule expects of it.</param>
public sealed record Breach(string Rule, Severity Severity, string Value, string Expectation);
