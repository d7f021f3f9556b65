-- Search by keyed hashes. An entry is a submission that was sent; entries are
-- numbered in the order of their first sending, so that the newest stand last
-- under every hash. keys holds the entry's hashes, 16 bytes each, to take them
-- away again when the answers change.
CREATE TABLE search_entries (
  entry      INTEGER PRIMARY KEY,
  submission TEXT    NOT NULL UNIQUE REFERENCES submissions (id),
  keys       BLOB    NOT NULL
);
CREATE TABLE search_keys (
  hash  BLOB    NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (hash, entry)
) WITHOUT ROWID;
-- One row when everything sent before this schema has its entry.
CREATE TABLE search_filled (
  at BIGINT NOT NULL
);

-- What the activity report reads: figures of whole months and of single days.
-- part is desk (code empty), staff (code is the person), from (citizenship) or
-- reason. lengths packs how often each length of time occurred: at the desk from
-- sending to the first claim, of staff from the claim to the decision, of a
-- citizenship the desk time of what was finally decided.
CREATE TABLE activity_sums (
  span        TEXT    NOT NULL, -- YYYY-MM or YYYY-MM-DD in the desk's zone
  part        TEXT    NOT NULL,
  track       TEXT    NOT NULL,
  code        TEXT    NOT NULL,
  received    INTEGER NOT NULL,
  resubmitted INTEGER NOT NULL,
  approved    INTEGER NOT NULL,
  rejected    INTEGER NOT NULL,
  corrections INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL,
  expired     INTEGER NOT NULL,
  passed_on   INTEGER NOT NULL,
  disagreed   INTEGER NOT NULL,
  released    INTEGER NOT NULL,
  leases_lost INTEGER NOT NULL,
  first_pass  INTEGER NOT NULL, -- approved in the first round
  rounds      INTEGER NOT NULL, -- of what was finally decided, added up
  lengths     BLOB    NOT NULL,
  PRIMARY KEY (part, span, track, code)
) WITHOUT ROWID;
-- One row when the sums hold everything that was counted before this schema.
CREATE TABLE activity_summed (
  at BIGINT NOT NULL
);

-- The log by date, alone and together with a person or a kind of event.
CREATE INDEX history_at         ON history (at);
CREATE INDEX history_actor_at   ON history (actor, at) WHERE actor <> '';
CREATE INDEX history_actor_type ON history (actor, type, at) WHERE actor <> '';
DROP INDEX history_actor;

-- The queue's filters are answered from the index; nothing else is read for a
-- row that does not pass them.
DROP INDEX submissions_desk;
CREATE INDEX submissions_desk ON submissions (due_at, id, track, citizenship, lane) WHERE status IN ('queued', 'in-review');
DROP INDEX submissions_desk_from;
CREATE INDEX submissions_desk_from ON submissions (citizenship, due_at, id, track, lane) WHERE status IN ('queued', 'in-review');

-- How many cases stand in each view of the queue, kept with every change.
CREATE TABLE queue_counts (
  view TEXT    PRIMARY KEY,
  n    INTEGER NOT NULL
);
INSERT INTO queue_counts (view, n)
  SELECT 'queue', COUNT(*) FROM submissions WHERE status IN ('queued', 'in-review')
  UNION ALL SELECT 'returned', COUNT(*) FROM submissions WHERE status IN ('queued', 'in-review') AND round > 1
  UNION ALL SELECT 'second', COUNT(*) FROM submissions WHERE status = 'second-review';
CREATE TRIGGER queue_counts_in AFTER INSERT ON submissions
WHEN NEW.status IN ('queued', 'in-review', 'second-review')
BEGIN
  UPDATE queue_counts SET n = n + 1 WHERE view = 'queue' AND NEW.status IN ('queued', 'in-review');
  UPDATE queue_counts SET n = n + 1 WHERE view = 'returned' AND NEW.status IN ('queued', 'in-review') AND NEW.round > 1;
  UPDATE queue_counts SET n = n + 1 WHERE view = 'second' AND NEW.status = 'second-review';
END;
CREATE TRIGGER queue_counts_out AFTER DELETE ON submissions
WHEN OLD.status IN ('queued', 'in-review', 'second-review')
BEGIN
  UPDATE queue_counts SET n = n - 1 WHERE view = 'queue' AND OLD.status IN ('queued', 'in-review');
  UPDATE queue_counts SET n = n - 1 WHERE view = 'returned' AND OLD.status IN ('queued', 'in-review') AND OLD.round > 1;
  UPDATE queue_counts SET n = n - 1 WHERE view = 'second' AND OLD.status = 'second-review';
END;
CREATE TRIGGER queue_counts_moved AFTER UPDATE OF status, round ON submissions
WHEN OLD.status <> NEW.status OR OLD.round <> NEW.round
BEGIN
  UPDATE queue_counts SET n = n + (NEW.status IN ('queued', 'in-review')) - (OLD.status IN ('queued', 'in-review')) WHERE view = 'queue';
  UPDATE queue_counts SET n = n + (NEW.status IN ('queued', 'in-review') AND NEW.round > 1) - (OLD.status IN ('queued', 'in-review') AND OLD.round > 1) WHERE view = 'returned';
  UPDATE queue_counts SET n = n + (NEW.status = 'second-review') - (OLD.status = 'second-review') WHERE view = 'second';
END;
