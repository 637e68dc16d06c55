-- From first_date on the ticker is another security's; what is dated before is a former bearer's.
CREATE TABLE symbol_boundary (
    symbol VARCHAR NOT NULL,
    first_date DATE NOT NULL,
    evidence VARCHAR NOT NULL,
    found_at TIMESTAMPTZ NOT NULL
);

-- Splits of one bearer of a ticker leave the bars of another alone.
CREATE OR REPLACE VIEW split_adjustment AS
WITH in_force AS (
    SELECT split.symbol, execution_date, split_from, split_to, coalesce(max(first_date), DATE '0001-01-01') AS since
    FROM splits AS split
    LEFT JOIN symbol_boundary AS boundary ON boundary.symbol = split.symbol AND first_date <= execution_date
    WHERE NOT withdrawn AND NOT quarantined AND execution_date <= (SELECT day FROM adjustment_day)
    GROUP BY split.symbol, execution_date, split_from, split_to
), executed AS (
    SELECT symbol, since, execution_date, product(split_from) AS split_from, product(split_to) AS split_to
    FROM in_force
    GROUP BY symbol, since, execution_date
), onwards AS (
    SELECT
        symbol,
        greatest(lag(execution_date, 1, DATE '0001-01-01') OVER (PARTITION BY symbol, since ORDER BY execution_date), since) AS first_date,
        execution_date AS end_date,
        product(split_from) OVER (PARTITION BY symbol, since ORDER BY execution_date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS split_from,
        product(split_to) OVER (PARTITION BY symbol, since ORDER BY execution_date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS split_to
    FROM executed
)
SELECT symbol, first_date, end_date, split_from / split_to AS price_factor, split_to / split_from AS volume_factor
FROM onwards;
