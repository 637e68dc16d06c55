-- Facts are unadjusted and have no primary keys: a day or a symbol is replaced whole, in one transaction.
CREATE TABLE market_data_daily_raw (
    date DATE NOT NULL,
    symbol VARCHAR NOT NULL,
    open DOUBLE NOT NULL,
    high DOUBLE NOT NULL,
    low DOUBLE NOT NULL,
    close DOUBLE NOT NULL,
    volume DOUBLE NOT NULL,
    vwap DOUBLE,
    trades_count BIGINT,
    source VARCHAR NOT NULL
);

CREATE TABLE volume_slots_raw (
    date DATE NOT NULL,
    symbol VARCHAR NOT NULL,
    slot_number SMALLINT NOT NULL,
    slot_time TIME NOT NULL,
    volume DOUBLE NOT NULL,
    volume_accumulated DOUBLE NOT NULL,
    trades_count INTEGER,
    avg_price DOUBLE,
    source VARCHAR NOT NULL
);

CREATE TABLE splits (
    symbol VARCHAR NOT NULL,
    execution_date DATE NOT NULL,
    split_from DOUBLE NOT NULL,
    split_to DOUBLE NOT NULL,
    provider_id VARCHAR,
    first_seen TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    quarantined BOOLEAN NOT NULL
);

CREATE TABLE ticker_universe (
    symbol VARCHAR NOT NULL,
    is_active BOOLEAN NOT NULL,
    type VARCHAR,
    exchange VARCHAR,
    first_seen DATE NOT NULL,
    last_seen DATE NOT NULL,
    delisted_on DATE
);

CREATE TABLE ticker_metadata (
    symbol VARCHAR NOT NULL,
    name VARCHAR,
    exchange VARCHAR,
    type VARCHAR,
    sector VARCHAR,
    industry VARCHAR,
    sic_code VARCHAR,
    market_cap DOUBLE,
    float_shares BIGINT,
    shares_outstanding BIGINT,
    description VARCHAR,
    list_date DATE,
    cik VARCHAR,
    composite_figi VARCHAR,
    homepage_url VARCHAR,
    total_employees BIGINT,
    updated_at TIMESTAMPTZ,
    last_attempt_at TIMESTAMPTZ,
    last_error VARCHAR
);

-- The row of symbol '*' stands for the whole day.
CREATE TABLE coverage (
    dataset VARCHAR NOT NULL,
    date DATE NOT NULL,
    symbol VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    final BOOLEAN NOT NULL
);

CREATE TABLE data_findings (
    id BIGINT NOT NULL,
    dataset VARCHAR NOT NULL,
    date DATE NOT NULL,
    symbol VARCHAR,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    found_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ
);

-- tasks, counts and checks are JSON.
CREATE TABLE maintenance_run (
    run_id BIGINT NOT NULL,
    date DATE NOT NULL,
    plan VARCHAR NOT NULL,
    trigger VARCHAR NOT NULL,
    is_full BOOLEAN NOT NULL,
    tasks VARCHAR NOT NULL,
    instance VARCHAR NOT NULL,
    epoch BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    success BOOLEAN
);

CREATE TABLE maintenance_task_run (
    run_id BIGINT NOT NULL,
    date DATE NOT NULL,
    task VARCHAR NOT NULL,
    attempt INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    counts VARCHAR NOT NULL,
    checks VARCHAR NOT NULL,
    error VARCHAR
);

-- One row. A file has one owner, so its lead ends with the owner and has no expiry.
CREATE TABLE leadership (
    epoch BIGINT NOT NULL,
    holder VARCHAR NOT NULL,
    expires_at TIMESTAMPTZ
);

-- One row, once the runner has told the session about to open.
CREATE TABLE adjustment_day (
    day DATE NOT NULL
);

-- One row: the name of the grid that slot_number counts on.
CREATE TABLE slot_grid (
    name VARCHAR NOT NULL
);

-- One row a committed reply; its slots are in staging.volume_slots_<yyyyMMdd>, a table a session, so that emptying one costs nothing.
CREATE SCHEMA staging;

CREATE TABLE staging.volume_slots_coverage (
    date DATE NOT NULL,
    symbol VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    final BOOLEAN NOT NULL
);
