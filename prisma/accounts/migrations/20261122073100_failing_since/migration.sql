-- When the first of a step's failures in a row was: patience counts from here, not from the start of the run.
ALTER TABLE workflow.run ADD COLUMN failing_since timestamptz(3);
