-- A run whose process died, or whose store was away when it ended: success is false, and ended_at says when that was found.
ALTER TABLE maintenance_run ADD COLUMN cut_off BOOLEAN DEFAULT false;
