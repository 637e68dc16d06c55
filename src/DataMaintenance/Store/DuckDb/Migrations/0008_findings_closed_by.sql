-- Who closed a finding: the task whose look found it sound, or the person who accepted it, with the reason given.
ALTER TABLE data_findings ADD COLUMN closed_by VARCHAR;
ALTER TABLE data_findings ADD COLUMN why VARCHAR;
