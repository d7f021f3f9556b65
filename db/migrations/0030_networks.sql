-- From which network something was sent, by keyed hash, for a while.
CREATE TABLE sent_from (
  hash       BLOB   NOT NULL,
  at         BIGINT NOT NULL,
  submission TEXT   NOT NULL REFERENCES submissions (id),
  account    TEXT   NOT NULL,
  PRIMARY KEY (hash, at, submission)
) WITHOUT ROWID;
CREATE INDEX sent_from_at ON sent_from (at);
CREATE INDEX sent_from_of ON sent_from (submission, at);
