-- The flat file a session was last read from: when the provider publishes it again, its ETag is another one.
CREATE TABLE source_file (
    dataset text NOT NULL,
    date date NOT NULL,
    name text NOT NULL,
    etag text NOT NULL,
    bytes bigint NOT NULL,
    last_modified timestamptz NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (dataset, date)
);
