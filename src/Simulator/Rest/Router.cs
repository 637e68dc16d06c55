namespace Simulator.Rest;

/// <summary>From a path to a route and its variable parts, and from a call to its reply.</summary>
internal sealed class Router(Tape tape)
{
    internal static readonly string[] Names =
    [
        "grouped", "range", "prev", "open-close", "tickers", "ticker", "types", "splits", "dividends", "float", "events", "status", "upcoming", "snapshot",
        "file", "file-head", "files",
    ];

    private readonly DayRoutes days = new(tape);
    private readonly RangeRoute range = new(tape);
    private readonly TickerRoutes tickers = new(tape.Market);
    private readonly SplitRoutes splits = new(tape.Market);
    private readonly CompanyRoutes companies = new(tape.Market);
    private readonly StatusRoutes status = new(tape.Market.Calendar);
    private readonly SnapshotRoute snapshot = new(tape);

    /// <returns>The route's short name and the path's variable parts; null for a path the provider does not have.</returns>
    internal static (string Route, string[] Parts)? Match(string path)
    {
        var parts = path.Split('/');
        return parts switch
        {
            ["", "v2", "aggs", "ticker", var ticker, "range", var multiplier, var timespan, var from, var to] => ("range", [ticker, multiplier, timespan, from, to]),
            ["", "v2", "aggs", "grouped", "locale", "us", "market", "stocks", var date] => ("grouped", [date]),
            ["", "v2", "aggs", "ticker", var ticker, "prev"] => ("prev", [ticker]),
            ["", "v1", "open-close", var ticker, var date] => ("open-close", [ticker, date]),
            ["", "v3", "reference", "tickers"] => ("tickers", []),
            ["", "v3", "reference", "tickers", "types"] => ("types", []),
            ["", "v3", "reference", "tickers", var ticker] => ("ticker", [ticker]),
            ["", "v3", "reference", "splits"] or ["", "stocks", "v1", "splits"] => ("splits", []),
            ["", "v3", "reference", "dividends"] or ["", "stocks", "v1", "dividends"] => ("dividends", []),
            ["", "stocks", "vX", "float"] => ("float", []),
            ["", "vX", "reference", "tickers", var id, "events"] => ("events", [id]),
            ["", "v1", "marketstatus", "now"] => ("status", []),
            ["", "v1", "marketstatus", "upcoming"] => ("upcoming", []),
            ["", "v2", "snapshot", "locale", "us", "markets", "stocks", "tickers"] => ("snapshot", []),
            ["", "v2", "snapshot", "locale", "us", "markets", "stocks", "tickers", var ticker] => ("snapshot", [ticker]),
            _ => null,
        };
    }

    internal Reply Answer(Call call) => call.Route switch
    {
        "range" => range.Answer(call),
        "grouped" => days.Grouped(call),
        "prev" => days.Previous(call),
        "open-close" => days.OpenClose(call),
        "tickers" => tickers.List(call),
        "ticker" => tickers.Details(call),
        "types" => TickerTypes.Answer(call),
        "splits" when call.Path.StartsWith("/v3", StringComparison.Ordinal) => splits.Old(call),
        "splits" => splits.New(call),
        "dividends" when call.Path.StartsWith("/v3", StringComparison.Ordinal) => companies.OldDividends(call),
        "dividends" => companies.NewDividends(call),
        "float" => companies.Float(call),
        "events" => companies.Events(call),
        "status" => status.Now(call),
        "upcoming" => status.Upcoming(call),
        "snapshot" when call.Parts.Length == 0 => snapshot.All(call),
        "snapshot" => snapshot.One(call),
        _ => Reply.UnknownPath(),
    };
}
