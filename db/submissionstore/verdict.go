package submissionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/verdict"
)

// recordDecisions keeps the list of decisions in step with the events of a change.
func (st *Store) recordDecisions(tx *sqlite.Tx, s *review.Submission, events []review.Event) error {
	for _, e := range events {
		var err error
		switch e.Type {
		case review.EventDecisionMade:
			_, err = tx.Exec(`INSERT INTO decisions (submission, version, staff, outcome, made_at, effective_at, state) VALUES (?, ?, ?, ?, ?, 0, 'pending')`,
				s.ID, e.Version, e.Actor, e.Detail["outcome"], e.At.UnixMilli())
		case review.EventDecisionUndone:
			_, err = tx.Exec(`UPDATE decisions SET state = 'undone' WHERE submission = ? AND state = 'pending'`, s.ID)
		case review.EventApproved, review.EventRejected, review.EventCorrectionRequested, review.EventSecondReview, review.EventEscalated, review.EventDisagreement:
			_, err = tx.Exec(`UPDATE decisions SET state = 'effective', effective_at = ? WHERE submission = ? AND state = 'pending'`, e.At.UnixMilli(), s.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const decisionsQuery = `
	SELECT d.submission, d.outcome, d.made_at, d.effective_at, d.state, s.number, s.track, s.status, s.pending_by, s.pending_effective_at
	FROM decisions AS d JOIN submissions AS s ON s.id = d.submission
	WHERE d.staff = ? AND d.made_at < ?
	ORDER BY d.made_at DESC, d.submission DESC LIMIT ?`

// Decisions lists what a member of staff decided before the given moment,
// newest first.
func (st *Store) Decisions(ctx context.Context, staff review.StaffID, before time.Time, limit int) (list []verdict.Made, err error) {
	var rows []struct {
		Submission  string `db:"submission"`
		Outcome     string `db:"outcome"`
		MadeAt      int64  `db:"made_at"`
		EffectiveAt int64  `db:"effective_at"`
		State       string `db:"state"`
		Number      string `db:"number"`
		Track       string `db:"track"`
		Status      string `db:"status"`
		PendingBy   string `db:"pending_by"`
		PendingAt   int64  `db:"pending_effective_at"`
	}
	if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, decisionsQuery, string(staff), before.UnixMilli(), limit)
	}); err != nil {
		return nil, err
	}
	for _, r := range rows {
		m := verdict.Made{
			Submission: review.SubmissionID(r.Submission), Number: review.CaseNumber(r.Number), Track: review.Track(r.Track), Status: review.Status(r.Status),
			Outcome: review.Outcome(r.Outcome), At: sqlite.Moment(r.MadeAt), EffectiveAt: sqlite.Moment(r.EffectiveAt), State: verdict.State(r.State),
		}
		if m.State == verdict.Pending && r.PendingBy == string(staff) {
			m.EffectiveAt = sqlite.Moment(r.PendingAt)
		}
		list = append(list, m)
	}
	return list, nil
}

const decidedQuery = `SELECT count(*) FROM (SELECT 1 FROM decisions INDEXED BY decisions_staff WHERE staff = ? AND state = 'effective' LIMIT ?)`

// DecidedBy counts the decisions of a member of staff that took effect, up to limit.
func (st *Store) DecidedBy(ctx context.Context, staff review.StaffID, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Get(&n, decidedQuery, string(staff), limit) })
	return n, err
}
