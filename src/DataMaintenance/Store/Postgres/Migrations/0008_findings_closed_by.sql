-- Who closed a finding: the task whose look found it sound, or the person who accepted it, with the reason given.
ALTER TABLE data_findings ADD COLUMN closed_by text;
ALTER TABLE data_findings ADD COLUMN why text;
CREATE INDEX data_findings_open ON data_findings (dataset, date) WHERE state <> 'healed';
