using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Every rule, by name. A rule that is not listed holds nothing back.</summary>
public static class Rules
{
    public const string Daily = "daily", Slots = "slots", Splits = "splits";

    /// <summary>Rows that cannot be true are refused: not stored, the symbol's values held back while it has no other bar of the day.</summary>
    public static readonly IReadOnlyList<Rule> Refused =
    [
        new("bar.not_finite", Severity.Error, "every number of a bar", "NaN and infinity are no prices", Blocks.Daily),
        new("bar.price_not_positive", Severity.Error, "open, high, low, close", "nothing trades for nothing", Blocks.Daily),
        new("bar.high_below_low", Severity.Error, "high, low", "columns swapped, or a bad print", Blocks.Daily),
        new("bar.open_outside_range", Severity.Error, "open against low and high", "the open is one of the prices between them", Blocks.Daily),
        new("bar.close_outside_range", Severity.Error, "close against low and high", "the close is one of the prices between them", Blocks.Daily),
        new("bar.volume_negative", Severity.Error, "volume", "shares are counted upwards", Blocks.Daily),
        new("bar.trades_negative", Severity.Error, "number of trades", "trades are counted upwards", Blocks.Daily),
        new("daily.price", Severity.Error, "prices", "above 0 and at most 10,000,000 USD; corrupt replies have held 1e11", Blocks.Daily),
        new("daily.volume", Severity.Error, "volume", "at least 0 and at most 1e12 shares: beyond that it is no number of shares", Blocks.Daily),
        new("daily.trades", Severity.Error, "number of trades", "at least 0", Blocks.Daily),
        new("daily.wrong_day", Severity.Error, "the stamp of each row", "a row of another session is not of this one", Blocks.Daily),
        new("daily.symbol", Severity.Error, "the ticker's text", "1 to 24 printable ASCII characters; corrupt replies have held binary ones"),
        new("daily.not_a_ticker", Severity.Error, "the ticker's text", "nan, None, null, inf: what programs write where a ticker such as NA or NAN was lost"),
        new("daily.duplicate", Severity.Warning, "two different rows of one symbol", "the one with the larger volume is kept: the other is likelier an earlier state"),
    ];

    public static readonly Rule
        Vwap = new("bar.vwap_outside_range", Severity.Warning, "vwap against low and high", "vwap counts pre- and post-market trades, so a little outside is ordinary; by more than 5% from a million shares on, or 25% below, it is another number"),
        Spike = new("bar.spike", Severity.Error, "high against open and close, low against them", "a bad print: the high is four times both, or the low a quarter. On the whole market of May and June 2016 the farthest is 2.6", Blocks.Daily),
        Repeated = new("bar.repeated", Severity.Warning, "the bar against the symbol's ten before", "open, high, low, close and volume of an earlier day, 10,000 shares and more, not flat: the old row once more"),
        Absurd = new("price.absurd", Severity.Error, "open and close against the last close and the median of five, on the basis of the listed splits", "four times or a quarter of both, without the volume that news brings (five times its median): a wrong price, or a split that nobody lists", Blocks.Daily),
        Flat = new("bar.flat", Severity.Error, "high against low, of symbols that trade 100,000 shares a day at a dollar and more", "one price all day, where low and high lay 0.75% apart on each of the days before: a column copied over others. Of the whole market of 2016: none", Blocks.Daily),
        NoVolume = new("volume.none", Severity.Error, "volume of a symbol that trades 10,000 shares in the median", "a bar is made of trades: without a share its volume was lost", Blocks.Daily),
        MarketPrice = new("price.market", Severity.Warning, "every liquid symbol's open against its close before", "all moved by 3% or more and by nearly the same factor: prices on another basis. News spreads: on 24 June 2016 the market opened 3.7% lower, its tenths 5.8% apart", OfDay: true),
        Missing = new("set.missing", Severity.Warning, "who traded in each of the last five sessions, 10,000 shares in the median (in 200 trades, where trades are told), and is not known to be delisted", "it has no bar; thin symbols skip days, liquid ones hardly ever"),
        MissingMany = new("set.missing_many", Severity.Error, "how many are missing", "more than ten and than 1% of the liquid ones; the worst day of 2016 lacks 17 of 4,900", OfDay: true),
        TailMissing = new("set.tail_missing", Severity.Error, "the end of the alphabet", "the last ones that should be there, and nobody else, are missing: the file was cut off", OfDay: true),
        Stranger = new("set.stranger", Severity.Warning, "who traded, and is neither known nor in the provider's list", "a wrong ticker, or a list that is behind"),
        Case = new("set.case", Severity.Error, "a stranger that differs from a missing symbol in its letters' case only", "BCpC and BCPC are two securities; a file with its letters raised or lowered mixes them up"),
        RepeatedDay = new("day.repeated", Severity.Error, "share of symbols whose bar is one of an earlier session's", "yesterday's file once more: from 1% of those judged, and five, on; from half on nothing of it is taken", OfDay: true),
        MarketVolume = new("volume.market", Severity.Warning, "every liquid symbol's volume against its own median of ten", "the whole market moved up by 1.65 times or more without spreading: volume counted twice; or down to a third and less: in other units. A panic spreads: 24 June 2016 moved by 2.1, its tenths lay 1.96 apart in logarithms, ordinary days' 1.2 to 1.6", OfDay: true),
        ExchangeVolume = new("volume.exchange", Severity.Error, "the same by exchange, against the other exchanges", "one exchange's volume is counted twice: 1.65 times the others'. Of 2016 the widest apart are 1.2", OfDay: true),
        VolumePerTrade = new("volume.per_trade", Severity.Error, "shares a trade against the symbol's own median", "the whole market's doubled while its trades did not", OfDay: true);

    public static readonly Rule
        Share = new("slots.share", Severity.Error, "the slots' volume against the daily bar's, from a million shares on", "recorded shares lie between 0.77 and 1.21; below 0.62 minutes are missing or the day is counted twice, above 1.45 the minutes are", Blocks.Slots),
        Price = new("slots.price", Severity.Error, "mean prices of the regular session's slots against the day's low and high", "a twentieth of the volume outside by more than 0.5%: minutes of another day or symbol, or on another split's basis. In recorded minutes: none", Blocks.Slots),
        Shifted = new("slots.shifted", Severity.Error, "where in the day a liquid symbol's volume lies", "15% more of it would lie in the session, and that would open with a burst, were the day moved by whole hours: a wrong time zone", Blocks.Slots),
        Extremes = new("slots.extremes", Severity.Warning, "the day's open, high, low and close against the mean prices of the regular session's slots, from a million shares on", "in recorded data high, low and open lie at most 2.2% beyond the nearest slot's mean, the close 0.5%; by 30% (high, low) or 15% (open, close) the bar holds a print that the minutes do not know"),
        DayShifted = new("slots.day_shifted", Severity.Error, "the same for all symbols together", "10% more", Blocks.Slots, OfDay: true),
        DayShare = new("slots.day_share", Severity.Error, "the median share by class of liquidity and by exchange", "never equality; outside 0.62 to 1.45 a file is doubled, halved or of another day", Blocks.Slots, OfDay: true),
        DayClose = new("slots.day_close", Severity.Error, "the last slot's mean price against the daily close, in the median", "0.03% apart in recorded data; beyond 0.5% the minutes are of another day, or the day's open and close are swapped", OfDay: true),
        Gap = new("slots.gap", Severity.Error, "a silence of 15 minutes and more of a symbol that else trades all the time, or a closing auction that is not there, from 100,000 shares on; from a million on no trade before the open", "its slots hold less of the daily volume than in the sessions before, by about what that part of the day holds otherwise: minutes are missing. A halt lacks them on both sides", Blocks.Slots),
        Hole = new("slots.hole", Severity.Error, "how many of the symbols that trade all the time are silent in a slot, or in a minute of a file", "a tenth of them silent together, and far more than beside it, or ten of them with `slots.gap`: minutes dropped for everybody. A halt of the market is none", Blocks.Slots, OfDay: true),
        SlotsSame = new("slots.same", Severity.Error, "a symbol's slots, five and more, against its session before", "the same slots to the share: the old rows once more", Blocks.Slots),
        SlotsRepeated = new("slots.repeated", Severity.Error, "everybody in a night, else a sample of forty symbols, against the session before", "the same slots to the share: yesterday's file once more", Blocks.Slots, OfDay: true),
        Untold = new("slots.without_bar", Severity.Warning, "symbols with 10,000 shares in slots of the session and no daily bar that the day's whole list should hold", "one of the two is wrong; the daily bar is asked again with its session");

    /// <summary>Rows of minutes and five-minute bars that were refused.</summary>
    public static readonly IReadOnlyList<Rule> RefusedSlots =
    [
        new("slot.symbol", Severity.Error, "the ticker's text", "1 to 24 printable ASCII characters"),
        new("slot.price", Severity.Error, "prices", "above 0 and at most 10,000,000 USD", Blocks.Slots),
        new("slot.volume", Severity.Error, "volume", "at least 0 and at most 1e12 shares: beyond that it is no number of shares", Blocks.Slots),
        new("slot.trades", Severity.Error, "number of trades", "at least 0, at most 100 million", Blocks.Slots),
        new("slot.wrong_day", Severity.Error, "the stamp of each row", "a row of another session is not of this one", Blocks.Slots),
        new("slot.weekend", Severity.Error, "the stamp of each row", "nothing trades then", Blocks.Slots),
        new("slot.misaligned", Severity.Error, "the stamp of each row", "windows start on full minutes", Blocks.Slots),
        new("slot.outside_grid", Severity.Warning, "the stamp of each row", "04:00 to 20:00 New York"),
        new("slot.duplicate", Severity.Warning, "two different rows of one minute", "the one with more trades is kept"),
    ];

    /// <summary>Of the overnight steps against the listed splits.</summary>
    public static readonly IReadOnlyList<Rule> Steps =
    [
        new("split.without_step", Severity.Error, "the step over a listed split", "the price did not move: the split is quarantined, not applied"),
        new("split.other_ratio", Severity.Error, "the step over a listed split", "it moved, but beyond what is listed; a warning where a collapse could be the reason"),
        new("split.listed_twice", Severity.Warning, "several listings between two bars", "the price bears out a part of them clearly better than all: the surplus one is quarantined"),
        new("split.not_listed", Severity.Warning, "steps without a listed split", "near 2 or 3, or beyond 4, of which the day's close keeps half, without the volume that news brings and in a market that is none too thin; it only warns, since a price that halves may look the same"),
    ];

    private static readonly Rule[] Looked =
    [
        Vwap, Spike, Repeated, Absurd, Flat, NoVolume, MarketPrice, Missing, MissingMany, TailMissing, Stranger, Case, RepeatedDay, MarketVolume, ExchangeVolume, VolumePerTrade,
        Share, Price, Shifted, Extremes, DayShifted, DayShare, DayClose, Gap, Hole, SlotsSame, SlotsRepeated, Untold,
    ];

    public static IEnumerable<Rule> All => [.. Refused, .. Looked, .. RefusedSlots, .. Steps];

    private static readonly Dictionary<string, Rule> ByName = All.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Whether a rule refuses rows of daily bars.</summary>
    public static bool IsRefusal(string name) => Refused.Any(r => r.Name == name);

    public static Rule? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What a look at a session's daily bars judges.</summary>
    public static readonly IReadOnlyList<string> OfDailyLook =
        [.. Refused.Concat([Vwap, Spike, Repeated, Absurd, Flat, NoVolume, MarketPrice, Missing, MissingMany, TailMissing, Case, RepeatedDay, MarketVolume, ExchangeVolume, VolumePerTrade]).Select(r => r.Name)];

    /// <summary>What a look at one symbol's slots judges, and what one at the whole session does.</summary>
    public static readonly IReadOnlyList<string> OfSymbolSlots = [.. RefusedSlots.Concat([Share, Price, Shifted, Extremes, Gap, SlotsSame, Untold]).Select(r => r.Name)],
        OfDaySlots = [DayShifted.Name, DayShare.Name, DayClose.Name, Hole.Name, SlotsRepeated.Name];
}
