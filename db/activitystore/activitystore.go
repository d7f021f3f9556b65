// Package activitystore owns the tables activity, activity_reasons,
// activity_state and activity_sums: the figures behind the reports, kept current
// in the transaction of every step. Reports read the sums of whole months and of
// the days at both ends, so that a year costs no more than a month.
//
//	store := activitystore.New(db, zone)
//	err := store.Record(tx, s, events...) // by whoever writes the submission
//	report, err := store.Report(ctx, query, now)
//
// Nothing stands here that does not follow from the history; [Store.Rebuild]
// makes everything again from it.
package activitystore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/activity"
)

// Store keeps and reads the figures.
type Store struct {
	db   *sqlite.DB
	zone *time.Location
	bulk bool // the sums are made later
}

// New returns the store. The zone decides to which day a step belongs; it must
// stay the same for one database, or be followed by a Rebuild.
func New(db *sqlite.DB, zone *time.Location) *Store {
	if zone == nil {
		zone = time.UTC
	}
	return &Store{db, zone, false}
}

// Bulk returns a store that leaves the sums to [Store.Resum]: for filling an empty desk with very much.
func (st *Store) Bulk() *Store { return &Store{st.db, st.zone, true} }

// state is a row of activity_state.
type state struct {
	Submission   string `db:"submission"`
	Track        string `db:"track"`
	Citizenship  string `db:"citizenship"`
	Received     bool   `db:"received"`
	Waiting      bool   `db:"waiting"`
	Second       bool   `db:"second"`
	SentAt       int64  `db:"sent_at"`
	RunningSince int64  `db:"running_since"`
	Used         int64  `db:"used"`
	ClaimedAt    int64  `db:"claimed_at"`
}

const stateColumns = `submission, track, citizenship, received, waiting, second, sent_at, running_since, used, claimed_at`

func (s state) open() activity.State {
	return activity.State{
		Received: s.Received, Waiting: s.Waiting, Second: s.Second, SentAt: sqlite.Moment(s.SentAt), RunningSince: sqlite.Moment(s.RunningSince),
		Used: time.Duration(s.Used) * time.Millisecond, ClaimedAt: sqlite.Moment(s.ClaimedAt),
	}
}

func (s *state) keep(a activity.State) {
	s.Received, s.Waiting, s.Second = a.Received, a.Waiting, a.Second
	s.SentAt, s.RunningSince, s.ClaimedAt = sqlite.Millis(a.SentAt), sqlite.Millis(a.RunningSince), sqlite.Millis(a.ClaimedAt)
	s.Used = a.Used.Milliseconds()
}

// counted are the events that move a state.
var counted = []review.EventType{
	review.EventSubmitted, review.EventResubmitted, review.EventChecked, review.EventCheckBlocked,
	review.EventClaimed, review.EventReleased, review.EventLeaseExpired,
	review.EventEscalated, review.EventSecondReview, review.EventDisagreement,
	review.EventCorrectionRequested, review.EventApproved, review.EventRejected,
	review.EventWithdrawn, review.EventExpired, review.EventAppealMade, review.EventAppealAnswered,
}

// Record counts what the events of one submission mean, in the transaction
// that makes them true.
func (st *Store) Record(tx *sqlite.Tx, s *review.Submission, events ...review.Event) error {
	if !slices.ContainsFunc(events, func(e review.Event) bool { return slices.Contains(counted, e.Type) }) {
		return nil
	}
	return st.record(tx, string(s.ID), string(s.Track), s.Answers.Value(review.Citizenship), events)
}

func (st *Store) record(tx *sqlite.Tx, id, track, citizenship string, events []review.Event) error {
	var row state
	err := tx.Get(&row, `SELECT `+stateColumns+` FROM activity_state WHERE submission = ?`, id)
	switch {
	case errors.Is(err, review.ErrNotFound):
		row = state{Submission: id, Track: track, Citizenship: citizenship}
	case err != nil:
		return err
	case row.Track != track || row.Citizenship != citizenship: // corrected: earlier steps move along
		row.Track, row.Citizenship = track, citizenship
		if err := st.move(tx, id, track, citizenship); err != nil {
			return err
		}
	}
	a := row.open()
	for _, e := range events {
		for _, step := range a.Apply(e) {
			if err := st.insert(tx, row, step); err != nil {
				return err
			}
		}
	}
	row.keep(a)
	_, err = tx.Exec(`
		INSERT INTO activity_state (`+stateColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (submission) DO UPDATE SET track = excluded.track, citizenship = excluded.citizenship,
			received = excluded.received, waiting = excluded.waiting, second = excluded.second, sent_at = excluded.sent_at,
			running_since = excluded.running_since, used = excluded.used, claimed_at = excluded.claimed_at`,
		row.Submission, row.Track, row.Citizenship, row.Received, row.Waiting, row.Second, row.SentAt, row.RunningSince, row.Used, row.ClaimedAt)
	return err
}

// move puts the earlier steps of a submission under another track or citizenship.
func (st *Store) move(tx *sqlite.Tx, id, track, citizenship string) error {
	var steps []struct {
		ID int64 `db:"id"`
		counting
	}
	if err := tx.Select(&steps, `SELECT id, day, kind, track, citizenship, actor, round, wait, spent, desk FROM activity WHERE submission = ? ORDER BY id`, id); err != nil {
		return err
	}
	for _, step := range steps {
		var reasons []review.ReasonCode
		if err := tx.Select(&reasons, `SELECT reason FROM activity_reasons WHERE kind = ? AND day = ? AND track = ? AND activity = ?`, step.Kind, step.Day, step.Track, step.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE activity_reasons SET track = ? WHERE kind = ? AND day = ? AND track = ? AND activity = ?`, track, step.Kind, step.Day, step.Track, step.ID); err != nil {
			return err
		}
		if st.bulk {
			continue
		}
		if err := sum(tx, step.counting, -1, reasons...); err != nil {
			return err
		}
		step.Track, step.Citizenship = track, citizenship
		if err := sum(tx, step.counting, 1, reasons...); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE activity SET track = ?, citizenship = ? WHERE submission = ?`, track, citizenship, id)
	return err
}

func (st *Store) insert(tx *sqlite.Tx, s state, step activity.Row) error {
	day := step.At.In(st.zone).Format(time.DateOnly)
	if !st.bulk {
		c := counting{day, step.Kind, s.Track, s.Citizenship, step.Actor, int64(step.Round), step.Wait, step.Spent, step.Desk}
		if err := sum(tx, c, 1, unique(step.Reasons)...); err != nil {
			return err
		}
	}
	res, err := tx.Exec(`
		INSERT INTO activity (submission, at, day, kind, track, citizenship, actor, round, second, wait, spent, desk)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Submission, step.At.UnixMilli(), day, step.Kind, s.Track, s.Citizenship, step.Actor, step.Round, step.Second, step.Wait, step.Spent, step.Desk)
	if err != nil || len(step.Reasons) == 0 {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	for _, reason := range step.Reasons {
		if _, err := tx.Exec(`INSERT INTO activity_reasons (kind, day, track, reason, activity) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			step.Kind, day, s.Track, reason, id); err != nil {
			return err
		}
	}
	return nil
}

// unique leaves out a reason that was given twice: a step counts it once.
func unique(reasons []review.ReasonCode) []review.ReasonCode {
	list := slices.Sorted(slices.Values(reasons))
	return slices.Compact(list)
}

// chunk bounds the history entries that a rebuild reads at once.
const chunk = 5000

// Rebuild forgets all figures and makes them again from the history, in one
// transaction. It reads history and submissions, which belong to others: their
// columns used here are part of the schema's promise.
func (st *Store) Rebuild(ctx context.Context) error {
	return st.db.Write(ctx, st.rebuild)
}

func (st *Store) rebuild(tx *sqlite.Tx) error {
	for _, table := range []string{"activity", "activity_reasons", "activity_state"} {
		if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
			return err
		}
	}
	var after int64
	for {
		n, last, err := st.Bulk().replay(tx, after)
		if err == nil && n == 0 {
			err = sumAll(tx)
		}
		if err != nil {
			return fmt.Errorf("rebuilding the activity figures: %w", err)
		}
		if n == 0 {
			return nil
		}
		after = last
	}
}

// entry is what a rebuild needs of a history entry.
type entry struct {
	Seq         int64  `db:"seq"`
	At          int64  `db:"at"`
	Type        string `db:"type"`
	Submission  string `db:"submission"`
	Actor       string `db:"actor"`
	Round       int    `db:"round"`
	Reasons     string `db:"reasons"`
	Detail      string `db:"detail"`
	Track       string `db:"track"`
	Citizenship string `db:"citizenship"`
}

func (st *Store) replay(tx *sqlite.Tx, after int64) (n int, last int64, err error) {
	var entries []entry
	if err := tx.Select(&entries, `
		SELECT h.seq, h.at, h.type, h.submission, h.actor, h.round, h.reasons, h.detail, s.track, s.citizenship
		FROM history h JOIN submissions s ON s.id = h.submission
		WHERE h.seq > ? ORDER BY h.seq LIMIT ?`, after, chunk); err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		last = e.Seq
		event := review.Event{Type: review.EventType(e.Type), At: sqlite.Moment(e.At), Actor: e.Actor, Round: e.Round, Detail: detail(e.Detail)}
		if !slices.Contains(counted, event.Type) {
			continue
		}
		if e.Reasons != "" {
			for code := range strings.SplitSeq(e.Reasons, ",") {
				event.Reasons = append(event.Reasons, review.ReasonCode(code))
			}
		}
		if err := st.record(tx, e.Submission, e.Track, e.Citizenship, []review.Event{event}); err != nil {
			return 0, 0, err
		}
	}
	return len(entries), last, nil
}
