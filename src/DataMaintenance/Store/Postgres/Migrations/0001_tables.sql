-- Facts are unadjusted. Of the two large tables the wide columns come first, so that no row holds padding.
-- maintenance.layout is told by the service: 'hypertables' where TimescaleDB is there, else 'partitions'.
DO $$
DECLARE
    ranged CONSTANT text := CASE current_setting('maintenance.layout') WHEN 'partitions' THEN 'PARTITION BY RANGE (date)' ELSE '' END;
BEGIN
    EXECUTE 'CREATE TABLE market_data_daily_raw (
        open double precision NOT NULL,
        high double precision NOT NULL,
        low double precision NOT NULL,
        close double precision NOT NULL,
        volume double precision NOT NULL,
        vwap double precision,
        trades_count bigint,
        date date NOT NULL,
        symbol text COLLATE "C" NOT NULL,
        source text NOT NULL,
        PRIMARY KEY (date, symbol)
    )' || ranged;
    EXECUTE 'CREATE TABLE volume_slots_raw (
        slot_time time NOT NULL,
        volume double precision NOT NULL,
        volume_accumulated double precision NOT NULL,
        avg_price double precision,
        trades_count integer,
        date date NOT NULL,
        slot_number smallint NOT NULL,
        symbol text COLLATE "C" NOT NULL,
        source text NOT NULL,
        PRIMARY KEY (symbol, date, slot_number)
    )' || ranged;
    IF ranged = '' THEN
        PERFORM create_hypertable('market_data_daily_raw', by_range('date', INTERVAL '1 month'), create_default_indexes => false);
        PERFORM create_hypertable('volume_slots_raw', by_range('date', INTERVAL '1 day'), create_default_indexes => false);
    END IF;
END $$;

CREATE INDEX market_data_daily_raw_symbol ON market_data_daily_raw (symbol, date);

CREATE TABLE splits (
    symbol text COLLATE "C" NOT NULL,
    execution_date date NOT NULL,
    split_from double precision NOT NULL,
    split_to double precision NOT NULL,
    provider_id text,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    withdrawn boolean NOT NULL,
    quarantined boolean NOT NULL,
    PRIMARY KEY (symbol, execution_date, split_from, split_to)
);

CREATE TABLE ticker_universe (
    symbol text COLLATE "C" PRIMARY KEY,
    is_active boolean NOT NULL,
    type text,
    exchange text,
    first_seen date NOT NULL,
    last_seen date NOT NULL,
    delisted_on date
);

CREATE TABLE ticker_metadata (
    symbol text COLLATE "C" PRIMARY KEY,
    name text,
    exchange text,
    type text,
    sector text,
    industry text,
    sic_code text,
    market_cap double precision,
    float_shares bigint,
    shares_outstanding bigint,
    description text,
    list_date date,
    cik text,
    composite_figi text,
    homepage_url text,
    total_employees bigint,
    updated_at timestamptz,
    last_attempt_at timestamptz,
    last_error text
);

-- The row of symbol '*' stands for the whole day.
CREATE TABLE coverage (
    dataset text COLLATE "C" NOT NULL,
    date date NOT NULL,
    symbol text COLLATE "C" NOT NULL,
    rows bigint NOT NULL,
    source text NOT NULL,
    as_of timestamptz NOT NULL,
    final boolean NOT NULL,
    PRIMARY KEY (dataset, date, symbol)
);
CREATE INDEX coverage_day ON coverage (dataset, date) WHERE symbol = '*';

CREATE TABLE data_findings (
    id bigint PRIMARY KEY,
    dataset text NOT NULL,
    date date NOT NULL,
    symbol text COLLATE "C",
    rule text NOT NULL,
    severity text NOT NULL,
    value text NOT NULL,
    expectation text NOT NULL,
    state text NOT NULL,
    found_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX data_findings_rule ON data_findings (rule, date);

-- tasks, counts and checks are JSON.
CREATE TABLE maintenance_run (
    run_id bigint PRIMARY KEY,
    date date NOT NULL,
    plan text NOT NULL,
    trigger text NOT NULL,
    is_full boolean NOT NULL,
    tasks text NOT NULL,
    instance text NOT NULL,
    epoch bigint NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    success boolean
);
CREATE INDEX maintenance_run_date ON maintenance_run (date);

CREATE TABLE maintenance_task_run (
    run_id bigint NOT NULL,
    date date NOT NULL,
    task text NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    counts text NOT NULL,
    checks text NOT NULL,
    error text,
    PRIMARY KEY (run_id, task, attempt)
);
CREATE INDEX maintenance_task_run_task ON maintenance_task_run (task, date);

-- One row. The epoch is its key, so that a writer's lock on the key holds back the next leader, but not a renewal of the lease.
CREATE TABLE leadership (
    epoch bigint PRIMARY KEY,
    holder text NOT NULL,
    url text,
    expires_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX leadership_one_row ON leadership ((true));

-- One row, once the runner has told the session about to open.
CREATE TABLE adjustment_day (
    day date NOT NULL
);

-- One row: the name of the grid that slot_number counts on.
CREATE TABLE slot_grid (
    name text NOT NULL
);

-- One row a committed reply; its slots are in volume_slots_staging_<yyyyMMdd>, an unkeyed table a session, which becomes that session's partition.
CREATE TABLE volume_slots_staging (
    date date NOT NULL,
    symbol text COLLATE "C" NOT NULL,
    rows bigint NOT NULL,
    source text NOT NULL,
    as_of timestamptz NOT NULL,
    final boolean NOT NULL,
    PRIMARY KEY (date, symbol)
);
