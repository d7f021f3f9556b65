-- Sessions that nobody used for a while are found without reading all of them.
CREATE INDEX sessions_idle ON sessions (kind, seen_at);
