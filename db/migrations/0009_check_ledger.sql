-- The check ledger. Which versions of the checks ran last stands with the submission,
-- so that what waits since before a rule was switched is found at once.
ALTER TABLE submissions ADD COLUMN rules TEXT NOT NULL DEFAULT '';
CREATE INDEX submissions_rules ON submissions (rules, id) WHERE status = 'queued';
CREATE INDEX submissions_sent  ON submissions (submitted_at, id) WHERE submitted_at <> 0;

-- Every run of the checks that found something new, as it was.
CREATE TABLE check_runs (
  submission TEXT    NOT NULL REFERENCES submissions (id),
  run        INTEGER NOT NULL,
  at         BIGINT  NOT NULL,
  rules      TEXT    NOT NULL,
  ledger     BLOB    NOT NULL, -- sealed: JSON, deflated
  PRIMARY KEY (submission, run)
);

-- The versions of the rules that differ from those of a new desk; an empty version
-- switches the check off.
CREATE TABLE check_rules (
  code    TEXT   PRIMARY KEY,
  version TEXT   NOT NULL,
  at      BIGINT NOT NULL
);

-- What people decided about two submissions that seemed to be of one person: the
-- smaller id first.
CREATE TABLE duplicate_pairs (
  a       TEXT   NOT NULL REFERENCES submissions (id),
  b       TEXT   NOT NULL REFERENCES submissions (id),
  verdict TEXT   NOT NULL CHECK (verdict IN ('same-person', 'relative', 'mistake')),
  staff   TEXT   NOT NULL,
  name    TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (a, b),
  CHECK (a < b)
) WITHOUT ROWID;
CREATE INDEX duplicate_pairs_b ON duplicate_pairs (b);
