-- What the provider told otherwise later: one row a field. A slot's number is null for daily bars. Rows are only added.
CREATE TABLE data_revision (
    id BIGINT NOT NULL,
    dataset VARCHAR NOT NULL,
    date DATE NOT NULL,
    symbol VARCHAR NOT NULL,
    slot_number INTEGER,
    field VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    old_value DOUBLE,
    new_value DOUBLE,
    old_source VARCHAR NOT NULL,
    new_source VARCHAR NOT NULL,
    noticed_at TIMESTAMPTZ NOT NULL,
    run_id BIGINT NOT NULL
);
