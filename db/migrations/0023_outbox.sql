-- The outbox is tidied often and grows for ever: each step finds its few rows.
CREATE INDEX outbox_leased   ON outbox (lease_until) WHERE status = 'leased';
CREATE INDEX outbox_expiring ON outbox (expires_at)  WHERE status = 'queued' AND expires_at > 0;
CREATE INDEX outbox_tried    ON outbox (attempts)    WHERE status = 'queued';
