-- Accounts of applicants and account holders. Times in milliseconds since 1970,
-- 0 = none. Contacts are sealed; the keyed hashes beside them make them unique.
CREATE TABLE accounts (
  id            TEXT    PRIMARY KEY,
  status        TEXT    NOT NULL CHECK (status IN ('pending', 'active', 'suspended', 'closed')),
  level         TEXT    NOT NULL CHECK (level IN ('simplified', 'standard')),
  track         TEXT    NOT NULL,
  language      TEXT    NOT NULL,
  created_at    BIGINT  NOT NULL,
  activated_at  BIGINT  NOT NULL DEFAULT 0,
  email         BLOB    NOT NULL,
  email_key     BLOB    NOT NULL UNIQUE,
  phone         BLOB    NOT NULL,
  phone_key     BLOB    NOT NULL UNIQUE,
  password      TEXT    NOT NULL,
  password_at   BIGINT  NOT NULL,
  failures      INTEGER NOT NULL DEFAULT 0, -- wrong passwords in a row
  blocked_until BIGINT  NOT NULL DEFAULT 0,
  code_failures INTEGER NOT NULL DEFAULT 0  -- wrong codes in a row, over all flows
);
CREATE INDEX accounts_created ON accounts (created_at);

-- Browsers that have signed in before, by the hash of their token.
CREATE TABLE devices (
  hash          BLOB    NOT NULL,
  account       TEXT    NOT NULL REFERENCES accounts (id),
  failures      INTEGER NOT NULL DEFAULT 0,
  blocked_until BIGINT  NOT NULL DEFAULT 0,
  seen_at       BIGINT  NOT NULL,
  PRIMARY KEY (hash, account)
);
CREATE INDEX devices_account ON devices (account, seen_at);

-- Unfinished registrations, resets and contact changes. Contacts lie sealed in
-- body; of a code only a keyed hash is kept.
CREATE TABLE flows (
  id              TEXT    PRIMARY KEY,
  kind            TEXT    NOT NULL,
  account         TEXT    NOT NULL,
  track           TEXT    NOT NULL,
  language        TEXT    NOT NULL,
  started_at      BIGINT  NOT NULL,
  body            BLOB    NOT NULL,
  email_confirmed INTEGER NOT NULL DEFAULT 0,
  phone_confirmed INTEGER NOT NULL DEFAULT 0,
  failures        INTEGER NOT NULL DEFAULT 0,
  version         BIGINT  NOT NULL,
  code_id         TEXT    NOT NULL DEFAULT '',
  code_purpose    TEXT    NOT NULL DEFAULT '',
  code_hash       BLOB    NOT NULL DEFAULT x'',
  code_sent_at    BIGINT  NOT NULL DEFAULT 0,
  code_expires_at BIGINT  NOT NULL DEFAULT 0,
  code_again_at   BIGINT  NOT NULL DEFAULT 0,
  code_tries      INTEGER NOT NULL DEFAULT 0,
  code_used       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX flows_started ON flows (started_at);
CREATE INDEX flows_account ON flows (account, kind) WHERE account <> '';

-- Sessions by the hash of their token.
CREATE TABLE sessions (
  hash       BLOB   PRIMARY KEY,
  kind       TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  print      TEXT   NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL
);
CREATE INDEX sessions_subject ON sessions (subject, kind, started_at);
CREATE INDEX sessions_ends    ON sessions (ends_at);

-- Token buckets. full_at, in microseconds, is when the bucket is full again.
CREATE TABLE limits (
  name    TEXT   NOT NULL,
  key     BLOB   NOT NULL,
  full_at BIGINT NOT NULL,
  PRIMARY KEY (name, key)
);
CREATE INDEX limits_full ON limits (full_at);
