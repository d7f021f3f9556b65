-- Submissions: work data in the open, personal data sealed under the
-- submission's own key. Times in milliseconds since 1970, 0 = not yet.
CREATE TABLE submissions (
  id                   TEXT    PRIMARY KEY,
  number               TEXT    NOT NULL UNIQUE,
  account              TEXT    NOT NULL,
  track                TEXT    NOT NULL,
  status               TEXT    NOT NULL,
  version              BIGINT  NOT NULL,
  language             TEXT    NOT NULL,
  citizenship          TEXT    NOT NULL, -- for filters
  lane                 INTEGER NOT NULL,
  holds                INTEGER NOT NULL, -- raised checks that need a note
  raised               INTEGER NOT NULL, -- raised checks of any kind
  notes_count          INTEGER NOT NULL,
  round                INTEGER NOT NULL,
  requests             INTEGER NOT NULL,
  arbiter              INTEGER NOT NULL,
  claimant             TEXT    NOT NULL,
  claimant_name        TEXT    NOT NULL,
  claimed_since        BIGINT  NOT NULL,
  lease_until          BIGINT  NOT NULL,
  first_claimed_at     BIGINT  NOT NULL, -- of this round
  pending_by           TEXT    NOT NULL,
  pending_outcome      TEXT    NOT NULL,
  pending_effective_at BIGINT  NOT NULL,
  first_by             TEXT    NOT NULL, -- who gave the first verdict, while a second is awaited
  first_against        TEXT    NOT NULL, -- who disagreed with it
  first_outcome        TEXT    NOT NULL,
  created_at           BIGINT  NOT NULL,
  changed_at           BIGINT  NOT NULL,
  submitted_at         BIGINT  NOT NULL,
  due_at               BIGINT  NOT NULL,
  closed_at            BIGINT  NOT NULL,
  remaining            BIGINT  NOT NULL, -- milliseconds of the service budget left while it is paused
  used                 BIGINT  NOT NULL, -- milliseconds of desk time in closed stretches
  running_since        BIGINT  NOT NULL,
  correction_due       BIGINT  NOT NULL,
  consents             TEXT    NOT NULL, -- JSON: purposes, versions, hashes, times
  answers              BLOB    NOT NULL, -- sealed
  desk                 BLOB    NOT NULL  -- sealed: checks, decisions, corrections, marks
);
-- One open submission per account.
CREATE UNIQUE INDEX submissions_open ON submissions (account)
  WHERE status NOT IN ('approved', 'rejected', 'withdrawn', 'expired');
CREATE INDEX submissions_account ON submissions (account, created_at);
CREATE INDEX submissions_queue   ON submissions (status, lane, due_at, id) WHERE status = 'queued';
CREATE INDEX submissions_second  ON submissions (status, arbiter, due_at, id) WHERE status = 'second-review';
CREATE INDEX submissions_status  ON submissions (status, due_at, id);
CREATE INDEX submissions_filter  ON submissions (status, citizenship, due_at, id);
CREATE INDEX submissions_claim   ON submissions (claimant, due_at, id) WHERE claimant <> '';
CREATE INDEX submissions_lease   ON submissions (lease_until) WHERE claimant <> '';
CREATE INDEX submissions_pending ON submissions (pending_effective_at) WHERE pending_effective_at <> 0;
CREATE INDEX submissions_draft   ON submissions (status, changed_at) WHERE status = 'draft';
CREATE INDEX submissions_answer  ON submissions (status, correction_due) WHERE status = 'correction-requested';
CREATE INDEX submissions_closed  ON submissions (closed_at) WHERE closed_at <> 0;

-- Keyed hashes of what must be found by its value: document (citizenship and
-- number), snils, inn, oms, birth. Written when a submission is sent.
CREATE TABLE submission_keys (
  kind       TEXT NOT NULL,
  hash       BLOB NOT NULL,
  submission TEXT NOT NULL REFERENCES submissions (id),
  PRIMARY KEY (kind, hash, submission)
) WITHOUT ROWID;
CREATE INDEX submission_keys_of ON submission_keys (submission);

-- Internal remarks of the staff.
CREATE TABLE submission_notes (
  id         TEXT   PRIMARY KEY,
  submission TEXT   NOT NULL REFERENCES submissions (id),
  by_staff   TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  at         BIGINT NOT NULL,
  text       BLOB   NOT NULL -- sealed
);
CREATE INDEX submission_notes_of ON submission_notes (submission, at);

-- What was sent in each round: answers, and which documents stood with them.
CREATE TABLE submission_snapshots (
  submission TEXT    NOT NULL REFERENCES submissions (id),
  round      INTEGER NOT NULL,
  at         BIGINT  NOT NULL,
  documents  TEXT    NOT NULL, -- JSON list of document ids
  answers    BLOB    NOT NULL, -- sealed
  PRIMARY KEY (submission, round)
);
