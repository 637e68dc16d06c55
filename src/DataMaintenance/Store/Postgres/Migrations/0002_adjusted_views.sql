CREATE AGGREGATE product(double precision) (sfunc = float8mul, stype = double precision, initcond = 1);

-- What a price, and a volume, of the symbol dated first_date up to, not including, end_date is multiplied by. A symbol without splits in force
-- has no row. Of two splits of one day one row has an empty range, the other the product of both.
CREATE VIEW split_adjustment AS
SELECT
    symbol,
    coalesce(lead(execution_date) OVER newest_first, DATE '-infinity') AS first_date,
    execution_date AS end_date,
    product(split_from) OVER newest_first / product(split_to) OVER newest_first AS price_factor,
    product(split_to) OVER newest_first / product(split_from) OVER newest_first AS volume_factor
FROM splits
WHERE NOT withdrawn AND NOT quarantined AND execution_date <= (SELECT day FROM adjustment_day)
WINDOW newest_first AS (PARTITION BY symbol ORDER BY execution_date DESC, split_from DESC, split_to DESC ROWS UNBOUNDED PRECEDING);

CREATE VIEW market_data_daily AS
SELECT
    raw.date,
    raw.symbol,
    raw.open * coalesce(split.price_factor, 1) AS open,
    raw.high * coalesce(split.price_factor, 1) AS high,
    raw.low * coalesce(split.price_factor, 1) AS low,
    raw.close * coalesce(split.price_factor, 1) AS close,
    raw.volume * coalesce(split.volume_factor, 1) AS volume,
    raw.vwap * coalesce(split.price_factor, 1) AS vwap,
    raw.trades_count,
    raw.source
FROM market_data_daily_raw AS raw
LEFT JOIN split_adjustment AS split
    ON split.symbol = raw.symbol AND raw.date >= split.first_date AND raw.date < split.end_date;

CREATE VIEW volume_slots AS
SELECT
    raw.date,
    raw.symbol,
    raw.slot_number,
    raw.slot_time,
    raw.volume * coalesce(split.volume_factor, 1) AS volume,
    raw.volume_accumulated * coalesce(split.volume_factor, 1) AS volume_accumulated,
    raw.trades_count,
    raw.avg_price * coalesce(split.price_factor, 1) AS avg_price,
    raw.source
FROM volume_slots_raw AS raw
LEFT JOIN split_adjustment AS split
    ON split.symbol = raw.symbol AND raw.date >= split.first_date AND raw.date < split.end_date;
