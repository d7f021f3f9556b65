-- The desk: indexes of the queue's views, and who decided what.
CREATE INDEX submissions_desk          ON submissions (due_at, id) WHERE status IN ('queued', 'in-review');
CREATE INDEX submissions_desk_from     ON submissions (citizenship, due_at, id) WHERE status IN ('queued', 'in-review');
CREATE INDEX submissions_desk_returned ON submissions (due_at, id) WHERE status IN ('queued', 'in-review') AND round > 1;
CREATE INDEX submissions_desk_news     ON submissions (changed_at) WHERE status = 'queued';
CREATE INDEX submissions_second_list   ON submissions (due_at, id) WHERE status = 'second-review';
CREATE INDEX submissions_second_next   ON submissions (lane, due_at, id) WHERE status = 'second-review' AND claimant = '';
CREATE INDEX submissions_second_news   ON submissions (changed_at) WHERE status = 'second-review' AND claimant = '';

-- Every decision that was made, also those that were taken back. Reasons and
-- notes are sealed with the submission; here are work data only.
CREATE TABLE decisions (
  submission   TEXT   NOT NULL REFERENCES submissions (id),
  version      BIGINT NOT NULL, -- of the submission after the decision was made
  staff        TEXT   NOT NULL,
  outcome      TEXT   NOT NULL,
  made_at      BIGINT NOT NULL,
  effective_at BIGINT NOT NULL, -- 0 while it may be taken back
  state        TEXT   NOT NULL CHECK (state IN ('pending', 'undone', 'effective')),
  PRIMARY KEY (submission, version)
) WITHOUT ROWID;
CREATE INDEX decisions_staff ON decisions (staff, made_at, submission);
