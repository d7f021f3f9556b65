-- Second reviews that do not wait for a senior reviewer: others pass over no
-- long line of those that do.
CREATE INDEX submissions_second_plain ON submissions (lane, due_at, id)
  WHERE status = 'second-review' AND claimant = '' AND first_outcome <> 'escalate';
