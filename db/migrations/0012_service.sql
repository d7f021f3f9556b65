-- Reminders of corrections, appeals, looking a case up, "this was not me", and
-- how many of the codes sent by SMS were entered. Times in milliseconds since
-- 1970, 0 = none.
ALTER TABLE submissions ADD COLUMN remind_at  BIGINT NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN appeal_due BIGINT NOT NULL DEFAULT 0; -- while an appeal waits for its answer
CREATE INDEX submissions_remind ON submissions (remind_at) WHERE remind_at <> 0;
CREATE INDEX submissions_appeal ON submissions (appeal_due, id) WHERE appeal_due <> 0;

-- The case that a flow asks about.
ALTER TABLE flows ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- Messages whose recipient said that they were not meant: each counts once.
CREATE TABLE disavowals (
  message TEXT   PRIMARY KEY,
  account TEXT   NOT NULL,
  at      BIGINT NOT NULL
) WITHOUT ROWID;

-- Codes sent by SMS, by the keyed hash of the number's beginning.
CREATE TABLE sms_codes (
  id      TEXT    PRIMARY KEY,
  prefix  BLOB    NOT NULL,
  sent_at BIGINT  NOT NULL,
  entered INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX sms_codes_prefix ON sms_codes (prefix, sent_at, entered);
CREATE INDEX sms_codes_sent   ON sms_codes (sent_at);
