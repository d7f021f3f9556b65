-- Forms that were sent after the session had ended, until the same account signs
-- in again; sealed with a key of which the browser holds a part. One per account.
CREATE TABLE held_posts (
  hash     BLOB   NOT NULL PRIMARY KEY, -- of the browser's secret
  account  TEXT   NOT NULL UNIQUE,
  until_at BIGINT NOT NULL,
  size     BIGINT NOT NULL,
  body     BLOB   NOT NULL
) WITHOUT ROWID;
CREATE INDEX held_posts_until ON held_posts (until_at);
