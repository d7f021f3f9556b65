-- Uploaded documents. The bytes lie in the blob folder, sealed under the
-- submission's key; rows are written only after them.
CREATE TABLE documents (
  id          TEXT    PRIMARY KEY,
  submission  TEXT    NOT NULL REFERENCES submissions (id),
  slot        TEXT    NOT NULL,
  round       INTEGER NOT NULL,
  name        BLOB    NOT NULL, -- sealed
  format      TEXT    NOT NULL,
  bytes       BIGINT  NOT NULL,
  verdict     TEXT    NOT NULL,
  notes       TEXT    NOT NULL, -- JSON list of codes
  print       BLOB    NOT NULL, -- keyed hash of the file's SHA-256
  seen_before INTEGER NOT NULL,
  original    TEXT    NOT NULL,
  uploaded_at BIGINT  NOT NULL,
  retired_at  BIGINT  NOT NULL  -- 0 = the current document of its slot
);
CREATE UNIQUE INDEX documents_current  ON documents (submission, slot) WHERE retired_at = 0;
CREATE INDEX        documents_of       ON documents (submission, uploaded_at);
CREATE INDEX        documents_print    ON documents (print);
CREATE INDEX        documents_original ON documents (original);

-- Page images that we encoded ourselves.
CREATE TABLE pages (
  document TEXT    NOT NULL REFERENCES documents (id),
  number   INTEGER NOT NULL,
  width    INTEGER NOT NULL,
  height   INTEGER NOT NULL,
  image    TEXT    NOT NULL,
  thumb    TEXT    NOT NULL,
  PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE INDEX pages_image ON pages (image);
CREATE INDEX pages_thumb ON pages (thumb);

-- Every upload attempt of a submission, for the hourly limit; no names, no bytes.
CREATE TABLE upload_attempts (
  submission TEXT   NOT NULL REFERENCES submissions (id),
  at         BIGINT NOT NULL
);
CREATE INDEX upload_attempts_of ON upload_attempts (submission, at);
