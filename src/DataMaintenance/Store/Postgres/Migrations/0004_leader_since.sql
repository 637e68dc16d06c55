-- When the present term of leadership began, by the database's clock.
ALTER TABLE leadership ADD COLUMN since timestamptz;
