using System.Globalization;
using System.Text;
using Market;
using Simulator.Faults;

namespace Simulator.Rest;

/// <summary><c>GET /v2/aggs/ticker/{ticker}/range/{multiplier}/{timespan}/{from}/{to}</c>, paged by a cursor and a moved <c>from</c>.</summary>
internal sealed class RangeRoute(Tape tape)
{
    private const int DefaultLimit = 5_000, MaxLimit = 50_000;
    private static readonly string[] Timespans = ["minute", "hour", "day", "week", "month", "quarter", "year"];

    [ThreadStatic] private static List<Row>? scratch;

    internal Reply Answer(Call call)
    {
        var (ticker, timespan) = (call.Parts[0], call.Parts[2]);
        if (!int.TryParse(call.Parts[1], CultureInfo.InvariantCulture, out var multiplier) || multiplier < 1)
            return Reply.Error(400, call.RequestId, "The parameter 'multiplier' must be a whole number of 1 or more");
        if (Array.IndexOf(Timespans, timespan) < 0)
            return Reply.Error(400, call.RequestId, $"The parameter 'timespan' must be one of {string.Join(", ", Timespans)}; second bars are not simulated");
        if (!TryTime(call.Parts[3], end: false, out var from)) return BadTime(call, "from");
        if (!TryTime(call.Parts[4], end: true, out var to)) return BadTime(call, "to");
        if (to < from || call.Find(FaultKinds.ToBeforeFrom) is not null)
            return Reply.Error(400, call.RequestId, "The parameter 'to' cannot be a time that occurs before 'from'");
        if (call.Plan.Refuse(Date(from), Date(to), call.Now.Today) is { } refusal) return Reply.NotAuthorized(call.RequestId, refusal);

        var cursor = Cursor.Read(call["cursor"]);
        var descending = (call["sort"] ?? cursor["sort"]) == "desc";
        var limit = int.TryParse(call["limit"] ?? cursor["limit"], CultureInfo.InvariantCulture, out var asked) && asked > 0 ? Math.Min(asked, MaxLimit) : DefaultLimit;
        var adjusted = call.Flag("adjusted", otherwise: true);
        var windows = new Windows(multiplier, timespan);
        var rows = scratch ??= new List<Row>(2_048);
        rows.Clear();
        var reader = new BarReader(tape, windows, call.Now, adjusted, limit, descending);
        reader.Read(ticker, from, to, rows);
        RowFaults.Apply(call, rows);

        var body = new JsonBuffer(512 + (rows.Count * 112));
        BarText.Open(body, ticker, reader.BaseBars, rows.Count, adjusted);
        BarText.Rows(body, rows, stamp: null);
        var next = reader.More ? Next(call, reader, descending, limit) : null;
        BarText.Close(body, call.Plan.IsDelayed() ? "DELAYED" : "OK", call.RequestId, rows.Count, Cursor.Disturb(call, next));
        return new Reply(200, body);
    }

    private static Reply BadTime(Call call, string parameter) =>
        Reply.Error(400, call.RequestId, $"Could not parse the time parameter: '{parameter}'. Use YYYY-MM-DD or Unix MS Timestamps");

    private static string Next(Call call, BarReader reader, bool descending, int limit)
    {
        var parts = call.Parts;
        var (from, to) = descending
            ? (parts[3], (reader.NextStart - 1).ToString(CultureInfo.InvariantCulture))
            : (reader.NextStart.ToString(CultureInfo.InvariantCulture), parts[4]);
        var cursor = Cursor.Write($"limit={limit}&sort={(descending ? "desc" : "asc")}");
        return new StringBuilder(call.Root).Append("/v2/aggs/ticker/").Append(Uri.EscapeDataString(parts[0])).Append("/range/")
            .Append(parts[1]).Append('/').Append(parts[2]).Append('/').Append(from).Append('/').Append(to).Append("?cursor=").Append(cursor).ToString();
    }

    private static DateOnly Date(long milliseconds) => TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    // A date means its first or its last millisecond in New York.
    private static bool TryTime(string text, bool end, out long milliseconds)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue)
        {
            milliseconds = end ? Windows.Midnight(date.AddDays(1)) - 1 : Windows.Midnight(date);
            return true;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds) && milliseconds is > 10_000_000_000 and < 100_000_000_000_000;
    }
}
