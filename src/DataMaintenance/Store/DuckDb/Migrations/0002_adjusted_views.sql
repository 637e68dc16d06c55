-- What prices and volumes of the symbol dated first_date up to, not including, end_date are multiplied by. A symbol without splits in force has no row.
CREATE VIEW split_adjustment AS
WITH executed AS (
    SELECT symbol, execution_date, product(split_from) AS split_from, product(split_to) AS split_to
    FROM splits
    WHERE NOT withdrawn AND NOT quarantined AND execution_date <= (SELECT day FROM adjustment_day)
    GROUP BY symbol, execution_date
), onwards AS (
    SELECT
        symbol,
        lag(execution_date, 1, DATE '0001-01-01') OVER (PARTITION BY symbol ORDER BY execution_date) AS first_date,
        execution_date AS end_date,
        product(split_from) OVER (PARTITION BY symbol ORDER BY execution_date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS split_from,
        product(split_to) OVER (PARTITION BY symbol ORDER BY execution_date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS split_to
    FROM executed
)
SELECT symbol, first_date, end_date, split_from / split_to AS price_factor, split_to / split_from AS volume_factor
FROM onwards;

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
