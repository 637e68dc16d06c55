-- When the present term of leadership began.
ALTER TABLE leadership ADD COLUMN since TIMESTAMPTZ;
