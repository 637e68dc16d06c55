namespace DataMaintenance.Store;

/// <summary>Values of one of their rows that make no sense: they become absent, and are counted and named. A 0 where only more makes sense says nothing, and is not odd.</summary>
/// <param name="row">For people: symbol, or symbol and date.</param>
internal readonly struct LegacyValues(string row, LegacyLeftOut leftOut)
{
    /// <summary>Pre- and post-market trades count in a vwap but not in low and high, so one outside of them is true now and then; beyond this factor it is none.</summary>
    private const double VwapBeyond = 2;

    /// <summary>The first stocks were listed in New York.</summary>
    private const int FirstListing = 1792;

    public double? Vwap(double? value, double low, double high)
    {
        const string Column = "market_data_daily.vwap";
        if (Positive(Column, value) is not { } vwap) return null;
        if (vwap < low / VwapBeyond || vwap > high * VwapBeyond) return Absent<double>(Column, "below half the low or above twice the high; absent here", Told(vwap));
        if (vwap < low || vwap > high) leftOut.AddValue(Column, "outside low and high, where trades before and after the session may put it; kept", $"{row} ({Told(vwap)})");
        return vwap;
    }

    /// <summary>Absent for 0 too.</summary>
    public double? Positive(string column, double? value) => value switch
    {
        null or 0 => null,
        { } number when double.IsFinite(number) && number > 0 => number,
        { } number => Absent<double>(column, "expected above 0; absent here", Told(number)),
    };

    public long? Count(string column, long? value) => value < 0 ? Absent<long>(column, "expected 0 or more; absent here", Told(value.Value)) : value;

    /// <param name="session">The present, by the calendar.</param>
    public DateOnly? Day(string column, DateOnly? value, DateOnly session)
    {
        if (value is not { } day || (day.Year >= FirstListing && day.Year <= session.Year + 1)) return value;
        return Absent<DateOnly>($"tickers_unified.{column}", "no day a listing can have; absent here", day == DateOnly.MaxValue ? "infinity" : day == DateOnly.MinValue ? "-infinity" : $"{day:yyyy-MM-dd}");
    }

    public DateTimeOffset? Instant(string column, DateTimeOffset? value)
    {
        if (value is not { } at || (at.Year > 1 && at.Year < 9999)) return value;
        return Absent<DateTimeOffset>($"tickers_unified.{column}", "no instant; absent here", at.Year == 9999 ? "infinity" : "-infinity");
    }

    public bool Active(bool? value)
    {
        if (value is null) leftOut.AddValue("tickers_unified.is_active", "neither true nor false; inactive here until the provider lists it", row);
        return value == true;
    }

    private T? Absent<T>(string column, string why, string value) where T : struct
    {
        leftOut.AddValue(column, why, $"{row} ({value})");
        return null;
    }

    private static string Told(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
