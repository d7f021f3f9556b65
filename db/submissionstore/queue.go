package submissionstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/queue"
)

// queueRow is a line of the queue: columns that hold nothing personal.
type queueRow struct {
	ID           string `db:"id"`
	Number       string `db:"number"`
	Track        string `db:"track"`
	Citizenship  string `db:"citizenship"`
	Status       string `db:"status"`
	Lane         int    `db:"lane"`
	Holds        int    `db:"holds"`
	Raised       int    `db:"raised"`
	Notes        int    `db:"notes_count"`
	Round        int    `db:"round"`
	DueAt        int64  `db:"due_at"`
	Claimant     string `db:"claimant"`
	ClaimantName string `db:"claimant_name"`
	LeaseUntil   int64  `db:"lease_until"`
	Pending      int64  `db:"pending_effective_at"`
	FirstOutcome string `db:"first_outcome"`
	Arbiter      bool   `db:"arbiter"`
	ReservedFor  string `db:"reserved_for"`
	Reserved     int64  `db:"reserved_until"`
	ParkedBy     string `db:"parked_by"`
	Parked       int64  `db:"parked_until"`
	Appeal       bool   `db:"appeal"`
}

const queueColumns = `id, number, track, citizenship, status, lane, holds, raised, notes_count, round, due_at,
	claimant, claimant_name, lease_until, pending_effective_at, first_outcome, arbiter, reserved_for, reserved_until, parked_by, parked_until, appeal`

func (r queueRow) row() queue.Row {
	return queue.Row{
		ID: review.SubmissionID(r.ID), Number: review.CaseNumber(r.Number), Track: review.Track(r.Track), Citizenship: r.Citizenship,
		Status: review.Status(r.Status), Lane: review.Lane(r.Lane), Holds: r.Holds, Raised: r.Raised, Notes: r.Notes, Round: r.Round,
		DueAt: sqlite.Moment(r.DueAt), Holder: review.StaffID(r.Claimant), HolderName: r.ClaimantName, LeaseUntil: sqlite.Moment(r.LeaseUntil),
		Pending: r.Pending != 0, FirstOutcome: review.Outcome(r.FirstOutcome), Arbiter: r.Arbiter,
		ReservedFor: review.StaffID(r.ReservedFor), ReservedUntil: sqlite.Moment(r.Reserved), ParkedBy: review.StaffID(r.ParkedBy), ParkedUntil: sqlite.Moment(r.Parked), Appeal: r.Appeal,
	}
}

// The views of the queue. The texts repeat the conditions of the partial
// indexes word by word: that is how the planner finds them.
const (
	viewDesk     = `status IN ('queued', 'in-review')`
	viewReturned = viewDesk + ` AND round > 1`
	viewSecond   = `status = 'second-review'`
	viewMine     = `claimant = ? AND claimant <> ''`
	viewAppeals  = `appeal_due <> 0`

	freeDesk   = `status = 'queued'`
	freeSecond = `status = 'second-review' AND claimant = ''`
	freeAppeal = viewDesk + ` AND appeal <> 0 AND claimant = ''`

	// viewLost are open cases whose last message over some channel never arrived.
	// The plus has them found from the messages, which are fewer than open cases.
	viewLost = `+status IN ('queued', 'in-review', 'second-review', 'correction-requested') AND id IN (
		SELECT o.submission FROM outbox AS o INDEXED BY outbox_lost WHERE o.status = 'dead' AND o.submission <> '' AND NOT EXISTS (
			SELECT 1 FROM outbox AS n INDEXED BY outbox_submission WHERE n.submission = o.submission AND n.submission <> '' AND n.seq > o.seq AND n.channel = o.channel AND n.status = 'sent'))`
)

// where returns the condition of the query's filters on top of the view; due is
// the column of its deadline.
func where(view string, args []any, q queue.Query) (string, []any) {
	due := dueOf(q.Tab)
	parts := []string{view}
	add := func(condition string, values ...any) {
		parts, args = append(parts, condition), append(args, values...)
	}
	if q.Track != "" {
		add(`track = ?`, string(q.Track))
	}
	if q.Citizenship != "" {
		add(`citizenship = ?`, q.Citizenship)
	}
	if q.Lane != nil {
		add(`lane = ?`, int(*q.Lane))
	}
	if !q.DueBefore.IsZero() {
		add(due+` < ?`, q.DueBefore.UnixMilli())
	}
	if q.After.ID != "" {
		add(`(`+due+`, id) > (?, ?)`, q.After.Due.UnixMilli(), string(q.After.ID))
	}
	return strings.Join(parts, ` AND `), args
}

// dueOf is the column by which a view is ordered.
func dueOf(t queue.Tab) string {
	if t == queue.Appeals {
		return `appeal_due`
	}
	return `due_at`
}

// stages are the conditions of the parts of a line, in the order in which they
// are served; see [queue.StageOf].
func stage(n int, urgent int64) (condition string, args []any) {
	switch n {
	case queue.StageUrgent:
		return `lane = ? AND due_at < ?`, []any{int(review.LaneAttention), urgent}
	case queue.StageGreen:
		return `lane = ?`, []any{int(review.LaneGreen)}
	case queue.StageNormal:
		return `lane = ?`, []any{int(review.LaneNormal)}
	default:
		return `lane = ? AND due_at >= ?`, []any{int(review.LaneAttention), urgent}
	}
}

// listQuery is one part of a view; the part is ignored for views by deadline.
func listQuery(q queue.Query, part int) (string, []any) {
	var view, use string
	var args []any
	switch q.Tab {
	case queue.Mine:
		view, args, use = viewMine, []any{string(q.Staff)}, sqlite.Use(`submissions_claim`)
	case queue.Unreachable:
		view, use = viewLost, ` `
	case queue.Appeals:
		view, use = viewAppeals, sqlite.Use(`submissions_appeal`)
	case queue.Returned:
		view, use = viewReturned, sqlite.Use(`submissions_returned_line`)
	case queue.Second:
		view, use = viewSecond, sqlite.Use(`submissions_second_line`)
	default:
		view, use = viewDesk, sqlite.Use(`submissions_desk_line`)
		if q.Citizenship != "" {
			use = sqlite.Use(`submissions_desk_from`)
		}
	}
	if q.Tab.Served() {
		condition, more := stage(part, q.Urgent.UnixMilli())
		view, args = view+` AND `+condition, append(args, more...)
	}
	condition, args := where(view, args, q)
	due := dueOf(q.Tab)
	columns := strings.Replace(queueColumns, ` due_at,`, ` `+due+` AS due_at,`, 1)
	return `SELECT ` + columns + ` FROM submissions` + use + `WHERE ` + condition + ` ORDER BY submissions.` + due + `, id LIMIT ?`, append(args, q.Limit)
}

// List returns a page of the queue: in the order in which cases are served, or
// by deadline where nothing is served.
func (st *Store) List(ctx context.Context, q queue.Query) (rows []queue.Row, err error) {
	first, last := queue.StageUrgent, queue.StageAttention
	if q.After.ID != "" {
		first = q.After.Stage
	}
	if !q.Tab.Served() {
		last = first
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		part := q
		for n := first; n <= last && part.Limit > 0; n++ {
			var found []queueRow
			text, args := listQuery(part, n)
			if err := rx.Select(&found, text, args...); err != nil {
				return err
			}
			for _, r := range found {
				rows = append(rows, r.row())
			}
			part.Limit -= len(found)
			part.After = queue.Cursor{} // the next part begins at its beginning
		}
		return nil
	})
	return rows, err
}

// lostQuery counts, up to a thousand, cases whose messages do not arrive.
const lostQuery = `SELECT count(*) FROM (SELECT 1 FROM submissions WHERE ` + viewLost + ` LIMIT 1000)`

// appealsQuery counts, up to a thousand, appeals that wait.
const appealsQuery = `SELECT count(*) FROM (SELECT 1 FROM submissions INDEXED BY submissions_appeal WHERE ` + viewAppeals + ` LIMIT 1000)`

// Counts counts each view of the queue, exactly. What is common to everybody is
// kept by triggers with every change of a submission; one's own cases are few.
func (st *Store) Counts(ctx context.Context, staff review.StaffID) (queue.Counts, error) {
	counts := queue.Counts{}
	err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		var views []struct {
			View queue.Tab `db:"view"`
			N    int       `db:"n"`
		}
		if err := rx.Select(&views, `SELECT view, n FROM queue_counts`); err != nil {
			return err
		}
		for _, v := range views {
			counts[v.View] = v.N
		}
		var mine int
		err := rx.Get(&mine, mineQuery, string(staff))
		counts[queue.Mine] = mine
		if err != nil {
			return err
		}
		for view, query := range map[queue.Tab]string{queue.Unreachable: lostQuery, queue.Appeals: appealsQuery} {
			var n int
			if err := rx.Get(&n, query); err != nil {
				return err
			}
			counts[view] = n
		}
		return nil
	})
	return counts, err
}

const mineQuery = `SELECT count(*) FROM submissions WHERE ` + viewMine

// citizenshipsQuery walks from one code to the next through the index instead
// of reading every entry.
var citizenshipsQuery = `
	WITH RECURSIVE next (code) AS (
		SELECT (SELECT min(citizenship) FROM submissions` + sqlite.Use(`submissions_desk_from`) + `WHERE ` + viewDesk + `)
		UNION ALL
		SELECT (SELECT min(citizenship) FROM submissions` + sqlite.Use(`submissions_desk_from`) + `WHERE ` + viewDesk + ` AND citizenship > next.code) FROM next WHERE next.code IS NOT NULL
	)
	SELECT code FROM next WHERE code IS NOT NULL AND code <> ''`

// Citizenships lists the codes that occur in the open queue.
func (st *Store) Citizenships(ctx context.Context) (codes []string, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&codes, citizenshipsQuery) })
	return codes, err
}

func newsQuery(q queue.Query, since time.Time) (string, []any) {
	q.After = queue.Cursor{}
	view, index := freeDesk, `submissions_desk_news`
	switch q.Tab {
	case queue.Returned:
		view += ` AND round > 1`
	case queue.Second:
		view, index = freeSecond, `submissions_second_news`
	}
	condition, args := where(view+` AND changed_at > ?`, []any{since.UnixMilli()}, q)
	return `SELECT count(*) FROM (SELECT 1 FROM submissions` + sqlite.Use(index) + `WHERE ` + condition + ` LIMIT 1000)`, args
}

// News counts, up to a thousand, what became free to take after since.
func (st *Store) News(ctx context.Context, q queue.Query, since time.Time) (n int, err error) {
	if q.Tab == queue.Mine || q.Tab == queue.Unreachable || q.Tab == queue.Appeals {
		return 0, nil
	}
	text, args := newsQuery(q, since)
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Get(&n, text, args...) })
	return n, err
}

// candidate is a submission that somebody could take.
type candidate struct {
	ID          string `db:"id"`
	Lane        int    `db:"lane"`
	DueAt       int64  `db:"due_at"`
	SubmittedAt int64  `db:"submitted_at"`
	ReservedFor string `db:"reserved_for"`
}

// candidates is how many are looked at before the next page of them.
const candidates = 16

// nextQueries are the lines in which submissions wait: what is kept for the
// person, urgent attention items, appeals and all, of first and of second reviews.
func nextQueries(p queue.Pick) (list []struct {
	text string
	args []any
}) {
	const order = ` LIMIT ? OFFSET ?`
	urgent := p.Now.Add(queue.Overtake).UnixMilli()
	add := func(index, condition, by string, args ...any) {
		list = append(list, struct {
			text string
			args []any
		}{`SELECT id, lane, due_at, submitted_at, reserved_for FROM submissions` + sqlite.Use(index) + `WHERE ` + condition + ` ORDER BY ` + by + order, args})
	}
	const byLane, byDue = `lane, due_at, id`, `due_at, id`
	const open = ` AND parked_until <= ? AND (reserved_until <= ? OR reserved_for = ?)`
	now, me := p.Now.UnixMilli(), string(p.Staff)
	add(`submissions_reserved`, freeDesk+` AND reserved_for <> '' AND reserved_for = ? AND reserved_until > ? AND parked_until <= ?`, byDue, me, now, now)
	add(`submissions_queue`, freeDesk+` AND lane = ? AND due_at < ?`+open, byLane, int(review.LaneAttention), urgent, now, now, me)
	add(`submissions_queue`, freeDesk+open, byLane, now, now, me)
	add(`submissions_appeals`, freeAppeal+open, byDue, now, now, me)
	if !p.Second && !p.Arbiter {
		return list
	}
	mine := ` AND first_by <> ? AND first_against <> ?`
	args := []any{me, me}
	switch {
	case !p.Arbiter:
		mine += ` AND arbiter = 0`
	case !p.Second:
		mine += ` AND arbiter <> 0`
	}
	index := `submissions_second_next`
	if !p.Senior {
		index = `submissions_second_plain`
		mine += ` AND first_outcome <> 'escalate'`
	}
	add(index, freeSecond+` AND lane = ? AND due_at < ?`+mine, byLane, append([]any{int(review.LaneAttention), urgent}, args...)...)
	add(index, freeSecond+mine, byLane, args...)
	return list
}

// waiting returns the next candidates in the order in which they are served:
// corrections kept for the person, then by part of the line, remaining time and age.
func (st *Store) waiting(rx *sqlite.Rx, p queue.Pick, offset int) (all []candidate, err error) {
	for _, q := range nextQueries(p) {
		var some []candidate
		if err := rx.Select(&some, q.text, append(slices.Clone(q.args), candidates, offset)...); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	place := func(c candidate) int {
		if c.ReservedFor != "" && c.ReservedFor == string(p.Staff) {
			return -1
		}
		return queue.StageOf(review.Lane(c.Lane), sqlite.Moment(c.DueAt), p.Now.Add(queue.Overtake))
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.SubmittedAt, b.SubmittedAt), strings.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(all, func(a, b candidate) bool { return a.ID == b.ID }), nil
}

// Next chooses a submission and claims it, both in one write transaction: two
// reviewers never get the same one. Candidates that the domain refuses are
// passed over. It returns [queue.ErrEmpty] when nothing is left.
func (st *Store) Next(ctx context.Context, p queue.Pick, change func(*review.Submission) (review.Change, error)) (s *review.Submission, err error) {
	err = st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if p.Held >= 0 {
			var held []claimed
			if err := tx.Select(&held, heldQuery, string(p.Staff), p.Now.UnixMilli()); err != nil {
				return err
			}
			if len(held) > p.Held { // the button was pressed twice
				newest := slices.MaxFunc(held, func(a, b claimed) int { return cmp.Compare(a.Since, b.Since) })
				s, _, err = st.load(tx.Rx, review.SubmissionID(newest.ID))
				return err
			}
		}
		for offset := 0; ; offset += candidates {
			list, err := st.waiting(tx.Rx, p, offset)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return queue.ErrEmpty
			}
			for _, c := range list {
				s, err = st.UpdateTx(tx, review.SubmissionID(c.ID), 0, change)
				if k := review.KindOf(err); err == nil || k != review.Forbidden && k != review.Conflict {
					return err
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// claimed is a live claim without a decision.
type claimed struct {
	ID    string `db:"id"`
	Since int64  `db:"claimed_since"`
}

const heldQuery = `SELECT id, claimed_since FROM submissions WHERE ` + viewMine + ` AND lease_until > ? AND pending_effective_at = 0`
