namespace Simulator.Rest;

/// <summary><c>/v3/reference/tickers/types</c>.</summary>
internal static class TickerTypes
{
    private static readonly (string Code, string Description)[] Known =
    [
        ("CS", "Common Stock"), ("PFD", "Preferred Stock"), ("WARRANT", "Warrant"), ("RIGHT", "Rights"), ("BOND", "Corporate Bond"),
        ("ETF", "Exchange Traded Fund"), ("ETN", "Exchange Traded Note"), ("SP", "Structured Product"), ("ADRC", "American Depository Receipt Common"),
        ("ADRW", "American Depository Receipt Warrants"), ("ADRR", "American Depository Receipt Rights"), ("FUND", "Fund"), ("BASKET", "Basket"),
        ("UNIT", "Unit"), ("LT", "Liquidating Trust"),
    ];

    internal static Reply Answer(Call call) => ListingReply.Of(call, Known, next: null, counted: true, (json, type) =>
    {
        json.WriteStartObject();
        json.WriteString("code", type.Code);
        json.WriteString("description", type.Description);
        json.WriteString("asset_class", "stocks");
        json.WriteString("locale", "us");
        json.WriteEndObject();
    });
}
