-- A row that others point to is looked for by them when it changes.
CREATE INDEX mentions_submission ON mentions (submission);
