-- The flat file a session was last read from: when the provider publishes it again, its ETag is another one.
CREATE TABLE source_file (
    dataset VARCHAR NOT NULL,
    date DATE NOT NULL,
    name VARCHAR NOT NULL,
    etag VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    last_modified TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ NOT NULL
);
