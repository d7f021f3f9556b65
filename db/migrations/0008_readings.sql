-- What the inspection found out about a page: the machine-readable lines, the
-- portrait, suggested texts. Sealed under the submission's key.
CREATE TABLE page_reports (
  document TEXT    NOT NULL REFERENCES documents (id),
  number   INTEGER NOT NULL,
  report   BLOB    NOT NULL, -- sealed JSON
  PRIMARY KEY (document, number)
) WITHOUT ROWID;

-- Pictures that look alike: the difference hash of a page under a secret mask
-- and order of bits, which keep the distance of two hashes and nothing else,
-- cut into bands. Two hashes at most 40 bits apart agree in one of the fourteen
-- bands up to two bits.
CREATE TABLE page_looks (
  band     INTEGER NOT NULL,
  value    INTEGER NOT NULL,
  document TEXT    NOT NULL REFERENCES documents (id),
  number   INTEGER NOT NULL,
  look     BLOB    NOT NULL,
  PRIMARY KEY (band, value, document, number)
) WITHOUT ROWID;
CREATE INDEX page_looks_of ON page_looks (document);
