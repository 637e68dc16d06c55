-- What the provider told otherwise later: one row a field. A slot's number is null for daily bars. Rows are only added.
CREATE TABLE data_revision (
    id bigint PRIMARY KEY,
    dataset text NOT NULL,
    date date NOT NULL,
    symbol text COLLATE "C" NOT NULL,
    slot_number integer,
    field text NOT NULL,
    kind text NOT NULL,
    old_value double precision,
    new_value double precision,
    old_source text NOT NULL,
    new_source text NOT NULL,
    noticed_at timestamptz NOT NULL,
    run_id bigint NOT NULL
);
CREATE INDEX data_revision_symbol ON data_revision (symbol, date);
CREATE INDEX data_revision_date ON data_revision (date);
