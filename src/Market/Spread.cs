namespace Market;

/// <summary>Where the middle of many numbers lies, and how wide they are spread around it.</summary>
/// <param name="Low">The tenth percentile.</param>
/// <param name="High">The ninetieth.</param>
public readonly record struct Spread(int Count, double Low, double Median, double High)
{
    public double Width => High - Low;

    /// <param name="values">Any order; sorted afterwards.</param>
    public static Spread Of(List<double> values)
    {
        if (values.Count == 0) return default;
        values.Sort();
        return new(values.Count, values[(values.Count - 1) / 10], values[(values.Count - 1) / 2], values[(values.Count - 1) * 9 / 10]);
    }
}
