-- What the reports count: one row per step of a submission that matters to
-- them, written in the transaction of the step. Everything here follows from
-- the history and can be made again from it. Lengths are seconds, -1 = none.
CREATE TABLE activity (
  id          INTEGER PRIMARY KEY,
  submission  TEXT    NOT NULL,
  at          BIGINT  NOT NULL,
  day         TEXT    NOT NULL, -- YYYY-MM-DD in the desk's zone
  kind        TEXT    NOT NULL,
  track       TEXT    NOT NULL,
  citizenship TEXT    NOT NULL,
  actor       TEXT    NOT NULL, -- whose work it was
  round       INTEGER NOT NULL,
  second      INTEGER NOT NULL, -- a second pair of eyes was at work
  wait        BIGINT  NOT NULL, -- from sending to the first claim of the round
  spent       BIGINT  NOT NULL, -- from the claim to the decision
  desk        BIGINT  NOT NULL  -- desk time of the submission up to here
);
-- Covers every report, so that none reads the table itself.
CREATE INDEX activity_report ON activity (kind, day, track, citizenship, actor, round, second, wait, spent, desk);
CREATE INDEX activity_of     ON activity (submission, id);

CREATE TABLE activity_reasons (
  kind     TEXT    NOT NULL,
  day      TEXT    NOT NULL,
  track    TEXT    NOT NULL,
  reason   TEXT    NOT NULL,
  activity INTEGER NOT NULL,
  PRIMARY KEY (kind, day, track, reason, activity)
) WITHOUT ROWID;

-- Where each submission stands between two steps. Times in milliseconds, 0 = none.
CREATE TABLE activity_state (
  submission    TEXT    PRIMARY KEY,
  track         TEXT    NOT NULL,
  citizenship   TEXT    NOT NULL,
  received      INTEGER NOT NULL,
  waiting       INTEGER NOT NULL,
  second        INTEGER NOT NULL,
  sent_at       BIGINT  NOT NULL,
  running_since BIGINT  NOT NULL,
  used          BIGINT  NOT NULL,
  claimed_at    BIGINT  NOT NULL
);
CREATE INDEX activity_open ON activity_state (track, running_since, used) WHERE running_since <> 0;
