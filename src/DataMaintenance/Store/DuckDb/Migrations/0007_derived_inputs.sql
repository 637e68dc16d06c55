-- What the published values of a family came from: a line "symbol digest" each in prints.
CREATE TABLE derived_inputs (
    family VARCHAR NOT NULL,
    session DATE NOT NULL,
    fingerprint VARCHAR NOT NULL,
    prints VARCHAR NOT NULL
);
