-- The report counts appeals. What was counted before is counted anew at the next
-- start, with the appeals of then.
ALTER TABLE activity_sums ADD COLUMN appealed          INTEGER NOT NULL DEFAULT 0; -- made
ALTER TABLE activity_sums ADD COLUMN appeals_upheld    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity_sums ADD COLUMN appeals_partly    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity_sums ADD COLUMN appeals_dismissed INTEGER NOT NULL DEFAULT 0;
DELETE FROM activity_summed;
