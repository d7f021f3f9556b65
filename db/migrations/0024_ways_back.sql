-- The ways back. A request to reset a member's access waits for a second
-- administrator; one to open an applicant's account again that "this was not me"
-- has closed waits for a day and for another member of staff. Times in
-- milliseconds since 1970, 0 = none.
ALTER TABLE staff ADD COLUMN reset_by TEXT   NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN reset_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE reinstatements (
  account TEXT   PRIMARY KEY REFERENCES accounts (id),
  staff   TEXT   NOT NULL,
  proof   TEXT   NOT NULL, -- code of what was seen
  at      BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX accounts_suspended  ON accounts (id) WHERE status = 'suspended';
CREATE INDEX disavowals_account  ON disavowals (account, at) WHERE account <> '';
