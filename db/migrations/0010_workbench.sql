-- The workbench: cases kept for somebody or put aside, appeals, remarks that
-- name colleagues, linked cases, and each person's saved views of the queue.
ALTER TABLE submissions ADD COLUMN reserved_for   TEXT    NOT NULL DEFAULT ''; -- first refusal after corrections
ALTER TABLE submissions ADD COLUMN reserved_until BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN parked_until   BIGINT  NOT NULL DEFAULT 0;  -- put aside until
ALTER TABLE submissions ADD COLUMN parked_by      TEXT    NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN appeal         INTEGER NOT NULL DEFAULT 0;  -- refused before, looked at anew

-- The lines in the order in which they are served.
CREATE INDEX submissions_desk_line     ON submissions (lane, due_at, id) WHERE status IN ('queued', 'in-review');
CREATE INDEX submissions_returned_line ON submissions (lane, due_at, id) WHERE status IN ('queued', 'in-review') AND round > 1;
CREATE INDEX submissions_second_line   ON submissions (lane, due_at, id) WHERE status = 'second-review';
CREATE INDEX submissions_reserved      ON submissions (reserved_for, due_at, id) WHERE status = 'queued' AND reserved_for <> '';
CREATE INDEX submissions_appeals       ON submissions (due_at, id) WHERE status IN ('queued', 'in-review') AND appeal <> 0;

-- Messages that never arrived, by what they were about.
CREATE INDEX outbox_lost ON outbox (submission) WHERE status = 'dead' AND submission <> '';

CREATE TABLE mentions (
  note       TEXT   NOT NULL REFERENCES submission_notes (id),
  staff      TEXT   NOT NULL,
  submission TEXT   NOT NULL REFERENCES submissions (id),
  by_staff   TEXT   NOT NULL,
  at         BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL DEFAULT 0, -- 0 = not yet
  PRIMARY KEY (note, staff)
) WITHOUT ROWID;
CREATE INDEX mentions_of     ON mentions (staff, at, note);
CREATE INDEX mentions_unseen ON mentions (staff) WHERE seen_at = 0;

-- Two cases that belong together; one is the lesser id.
CREATE TABLE case_links (
  one      TEXT   NOT NULL REFERENCES submissions (id),
  other    TEXT   NOT NULL REFERENCES submissions (id),
  by_staff TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (one, other),
  CHECK (one < other)
) WITHOUT ROWID;
CREATE INDEX case_links_other ON case_links (other, one);

CREATE TABLE queue_views (
  staff TEXT   NOT NULL,
  name  TEXT   NOT NULL,
  query TEXT   NOT NULL, -- filters as they stand in the address: codes only
  at    BIGINT NOT NULL,
  PRIMARY KEY (staff, name)
) WITHOUT ROWID;
