-- How a member of staff likes the desk: theme, density, keys. JSON, no personal data.
ALTER TABLE staff ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
