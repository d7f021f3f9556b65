-- Members of staff. The generator's secret is sealed; an invitation is known by
-- the hash of its token. Times in milliseconds since 1970, 0 = none.
CREATE TABLE staff (
  id            TEXT    PRIMARY KEY,
  email         TEXT    NOT NULL,
  email_key     TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  roles         TEXT    NOT NULL,
  status        TEXT    NOT NULL CHECK (status IN ('invited', 'active', 'disabled')),
  password      TEXT    NOT NULL DEFAULT '',
  secret        BLOB    NOT NULL,
  step          BIGINT  NOT NULL DEFAULT 0, -- of the last code accepted
  failures      INTEGER NOT NULL DEFAULT 0,
  blocked_until BIGINT  NOT NULL DEFAULT 0,
  invite_hash   BLOB    UNIQUE,
  invite_ends   BIGINT  NOT NULL DEFAULT 0,
  created_at    BIGINT  NOT NULL,
  enrolled_at   BIGINT  NOT NULL DEFAULT 0,
  seen_at       BIGINT  NOT NULL DEFAULT 0, -- last sign-in
  version       BIGINT  NOT NULL
);
