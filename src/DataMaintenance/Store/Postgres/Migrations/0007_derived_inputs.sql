-- What the published values of a family came from: a line "symbol digest" each in prints.
CREATE TABLE derived_inputs (
    family text PRIMARY KEY,
    session date NOT NULL,
    fingerprint text NOT NULL,
    prints text NOT NULL
);
