using System.Globalization;
using System.Text.Json;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>Everything the provider tells about one security; what it has not for a kind is absent, not null.</summary>
internal static class TickerDetails
{
    internal static Reply Of(Security security, DateOnly date, Call call) => Reply.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("request_id", call.RequestId);
        json.WriteStartObject("results");
        Identity(json, security);
        if (security.Type is "CS" or "ADRC") Company(json, security, date);
        json.WriteString("ticker_root", Root(security.Ticker));
        if (security.Ticker.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) json.WriteString("ticker_suffix", security.Ticker[(dot + 1)..]);
        json.WriteString("list_date", security.FirstListed.ToString("O", CultureInfo.InvariantCulture));
        json.WriteNumber("round_lot", security.BasePrice > 10_000 ? 1 : 100);
        if (security.Type is not ("WARRANT" or "UNIT" or "RIGHT")) json.WriteNumber("share_class_shares_outstanding", security.SharesOutstanding(date));
        json.WriteEndObject();
        json.WriteString("status", "OK");
        json.WriteEndObject();
    });

    private static void Identity(Utf8JsonWriter json, Security security)
    {
        json.WriteString("ticker", security.Ticker);
        json.WriteString("name", security.Name);
        json.WriteString("market", "stocks");
        json.WriteString("locale", "us");
        json.WriteString("primary_exchange", security.Exchange);
        json.WriteString("type", security.Type);
        json.WriteBoolean("active", true);
        json.WriteString("currency_name", "usd");
        if (security.Cik is { } cik) json.WriteString("cik", cik);
        if (security.CompositeFigi is { } figi) json.WriteString("composite_figi", figi);
        if (security.ShareClassFigi is { } share) json.WriteString("share_class_figi", share);
    }

    private static void Company(Utf8JsonWriter json, Security security, DateOnly date)
    {
        var shares = security.SharesOutstanding(date);
        if (security.MarketCap(date) is { } marketCap) json.WriteNumber("market_cap", marketCap);
        json.WriteString("phone_number", string.Create(CultureInfo.InvariantCulture, $"({200 + (security.Key % 700)}) 555-{security.Key % 10_000:D4}"));
        json.WriteStartObject("address");
        json.WriteString("address1", string.Create(CultureInfo.InvariantCulture, $"{1 + (security.Key % 990)} MARKET STREET"));
        json.WriteString("city", "NEW YORK");
        json.WriteString("state", "NY");
        json.WriteString("postal_code", string.Create(CultureInfo.InvariantCulture, $"{10_000 + (security.Key % 280)}"));
        json.WriteEndObject();
        json.WriteString("description", $"{security.Name} is a simulated company under the ticker {security.Ticker}.");
        if (security.Industry is { } industry && security.Key % 59 != 0)
        {
            json.WriteString("sic_code", industry.SicCode);
            json.WriteString("sic_description", industry.Description);
        }
        json.WriteString("homepage_url", $"https://www.{Root(security.Ticker).ToLowerInvariant()}.example");
        json.WriteNumber("total_employees", 10 + (security.Key % 40_000));
        json.WriteStartObject("branding");
        json.WriteString("logo_url", $"{Images}{security.Key:x16}/images/logo.svg");
        json.WriteString("icon_url", $"{Images}{security.Key:x16}/images/icon.png");
        json.WriteEndObject();
        json.WriteNumber("weighted_shares_outstanding", shares);
    }

    private const string Images = "https://api.massive.com/v1/reference/company-branding/";

    private static string Root(string ticker)
    {
        var end = ticker.AsSpan().IndexOfAny('.', 'p');
        return end > 0 ? ticker[..end] : ticker;
    }
}
