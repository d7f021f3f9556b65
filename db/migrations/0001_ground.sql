-- Data keys: one per owner of personal data, wrapped by the vault's keyset.
-- destroyed_at set = the key is gone, and with it everything sealed under it.
CREATE TABLE sealing_keys (
  owner_kind   TEXT   NOT NULL,
  owner_id     TEXT   NOT NULL,
  wrapped      BLOB   NOT NULL,
  created_at   BIGINT NOT NULL,
  destroyed_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (owner_kind, owner_id)
);

-- History: what happened, once, in order. Times in milliseconds since 1970.
CREATE TABLE history (
  seq        INTEGER PRIMARY KEY,
  at         BIGINT  NOT NULL,
  type       TEXT    NOT NULL,
  submission TEXT    NOT NULL,
  account    TEXT    NOT NULL,
  actor      TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  before     TEXT    NOT NULL,
  after      TEXT    NOT NULL,
  version    BIGINT  NOT NULL,
  round      INTEGER NOT NULL,
  reasons    TEXT    NOT NULL,
  detail     TEXT    NOT NULL,
  session    TEXT    NOT NULL,
  request_id TEXT    NOT NULL,
  prev_hash  BLOB    NOT NULL,
  hash       BLOB    NOT NULL
);
CREATE INDEX history_submission ON history (submission, seq) WHERE submission <> '';
CREATE INDEX history_account    ON history (account, seq) WHERE account <> '';
CREATE INDEX history_actor      ON history (actor, seq) WHERE actor <> '';
CREATE INDEX history_type       ON history (type, at);

CREATE TRIGGER history_next BEFORE INSERT ON history
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM history)
BEGIN SELECT RAISE(ABORT, 'history: entries follow one another'); END;
CREATE TRIGGER history_keep BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_stay BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Hashes of the Merkle tree over the history, in the order in which they are complete.
CREATE TABLE history_tree (
  idx  INTEGER PRIMARY KEY,
  hash BLOB    NOT NULL
);
CREATE TRIGGER history_tree_next BEFORE INSERT ON history_tree
WHEN NEW.idx <> (SELECT COALESCE(MAX(idx), -1) + 1 FROM history_tree)
BEGIN SELECT RAISE(ABORT, 'history: tree hashes follow one another'); END;
CREATE TRIGGER history_tree_keep BEFORE UPDATE ON history_tree
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_tree_stay BEFORE DELETE ON history_tree
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Signed statements "the history had this size and this root at this time".
CREATE TABLE checkpoints (
  id   INTEGER PRIMARY KEY,
  size BIGINT  NOT NULL,
  at   BIGINT  NOT NULL,
  note TEXT    NOT NULL
);
CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

-- Messages to be sent. Address, parameters and items are sealed together in body.
CREATE TABLE outbox (
  seq         INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  kind        TEXT    NOT NULL,
  channel     TEXT    NOT NULL,
  account     TEXT    NOT NULL,
  submission  TEXT    NOT NULL,
  language    TEXT    NOT NULL,
  stream      BLOB    NOT NULL, -- keyed hash of the recipient: order is kept within it
  owner_kind  TEXT    NOT NULL,
  owner_id    TEXT    NOT NULL,
  body        BLOB    NOT NULL,
  status      TEXT    NOT NULL CHECK (status IN ('queued', 'leased', 'sent', 'dead')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  next_at     BIGINT  NOT NULL,
  lease_until BIGINT  NOT NULL DEFAULT 0,
  created_at  BIGINT  NOT NULL,
  sent_at     BIGINT  NOT NULL DEFAULT 0,
  expires_at  BIGINT  NOT NULL DEFAULT 0,
  last_error  TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX outbox_open       ON outbox (next_at) WHERE status IN ('queued', 'leased');
CREATE INDEX outbox_stream     ON outbox (stream, seq) WHERE status IN ('queued', 'leased');
CREATE INDEX outbox_dead       ON outbox (seq) WHERE status = 'dead';
CREATE INDEX outbox_submission ON outbox (submission, seq) WHERE submission <> '';
