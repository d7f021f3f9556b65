package submissionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
)

func (st *Store) ids(ctx context.Context, query string, args ...any) (ids []review.SubmissionID, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&ids, query, args...) })
	return ids, err
}

// DueForExpiry lists drafts nobody touched for [review.DraftTerm] and
// corrections whose deadline is over, at most limit of each.
func (st *Store) DueForExpiry(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error) {
	drafts, err := st.ids(ctx, `SELECT id FROM submissions WHERE status = 'draft' AND changed_at <= ? ORDER BY changed_at LIMIT ?`,
		now.Add(-review.DraftTerm).UnixMilli(), limit)
	if err != nil {
		return nil, err
	}
	answers, err := st.ids(ctx, `SELECT id FROM submissions WHERE status = 'correction-requested' AND correction_due < ? ORDER BY correction_due LIMIT ?`,
		now.UnixMilli(), limit)
	return append(drafts, answers...), err
}

// DueForReminder lists submissions whose applicant has not sent the corrections
// and is to be reminded by now.
func (st *Store) DueForReminder(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error) {
	return st.ids(ctx, `SELECT id FROM submissions WHERE remind_at <> 0 AND remind_at <= ? ORDER BY remind_at LIMIT ?`, now.UnixMilli(), limit)
}

// DueForSettling lists submissions whose pending decision takes effect by now.
func (st *Store) DueForSettling(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error) {
	return st.ids(ctx, `SELECT id FROM submissions WHERE pending_effective_at <> 0 AND pending_effective_at <= ? ORDER BY pending_effective_at LIMIT ?`,
		now.UnixMilli(), limit)
}

// LeasesOver lists claimed submissions whose lease has run out. A claim with a
// pending decision is not among them.
func (st *Store) LeasesOver(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error) {
	return st.ids(ctx, `SELECT id FROM submissions WHERE claimant <> '' AND lease_until <= ? AND pending_effective_at = 0 ORDER BY lease_until LIMIT ?`,
		now.UnixMilli(), limit)
}

// WaitingForCheck lists submissions in the automatic check, oldest first.
func (st *Store) WaitingForCheck(ctx context.Context, limit int) ([]review.SubmissionID, error) {
	return st.ids(ctx, `SELECT id FROM submissions WHERE status = 'checking' ORDER BY due_at, id LIMIT ?`, limit)
}

// Clean lists queued submissions of track A in the green lane that were sent
// once and that nobody has taken, by their ids, from the one after the given.
func (st *Store) Clean(ctx context.Context, after review.SubmissionID, limit int) ([]review.SubmissionID, error) {
	return st.ids(ctx, `SELECT id FROM submissions WHERE status = 'queued' AND lane = 0 AND claimant = '' AND round = 1 AND track = 'foreign-citizen' AND id > ?
		ORDER BY id LIMIT ?`, after, limit)
}
