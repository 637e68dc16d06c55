-- From first_date on the ticker is another security's; what is dated before is a former bearer's.
CREATE TABLE symbol_boundary (
    symbol text COLLATE "C" NOT NULL,
    first_date date NOT NULL,
    evidence text NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (symbol, first_date)
);

-- Splits of one bearer of a ticker leave the bars of another alone.
CREATE OR REPLACE VIEW split_adjustment AS
SELECT
    symbol,
    greatest(lead(execution_date) OVER newest_first, since) AS first_date,
    execution_date AS end_date,
    product(split_from) OVER newest_first / product(split_to) OVER newest_first AS price_factor,
    product(split_to) OVER newest_first / product(split_from) OVER newest_first AS volume_factor
FROM (
    SELECT split.symbol, execution_date, split_from, split_to, coalesce(max(boundary.first_date), DATE '-infinity') AS since
    FROM splits AS split
    LEFT JOIN symbol_boundary AS boundary ON boundary.symbol = split.symbol AND boundary.first_date <= execution_date
    WHERE NOT withdrawn AND NOT quarantined AND execution_date <= (SELECT day FROM adjustment_day)
    GROUP BY split.symbol, execution_date, split_from, split_to
) AS in_force
WINDOW newest_first AS (PARTITION BY symbol, since ORDER BY execution_date DESC, split_from DESC, split_to DESC ROWS UNBOUNDED PRECEDING);
