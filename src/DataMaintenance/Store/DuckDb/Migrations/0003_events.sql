-- What happened to the service outside of runs: a rebuilt cache, a change of leader, a pause, an alert sent. Rows are only added.
CREATE TABLE maintenance_event (
    id BIGINT NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    date DATE,
    text VARCHAR NOT NULL,
    instance VARCHAR NOT NULL,
    epoch BIGINT NOT NULL
);
