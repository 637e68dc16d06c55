-- What happened to the service outside of runs: a rebuilt cache, a change of leader, a pause, an alert sent. Rows are only added.
CREATE TABLE maintenance_event (
    id bigint PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    date date,
    text text NOT NULL,
    instance text NOT NULL,
    epoch bigint NOT NULL
);
CREATE INDEX maintenance_event_kind ON maintenance_event (kind, subject, id);
