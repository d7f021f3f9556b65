package activitystore

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/activity"
)

// The parts of activity_sums: what their code stands for.
const (
	partDesk   = "desk"   // the whole desk, no code; lengths are waits for the first claim of a round
	partStaff  = "staff"  // a person; lengths run from the claim to the decision
	partFrom   = "from"   // a citizenship; lengths are the desk time of what was finally decided
	partReason = "reason" // a reason of corrections and refusals
)

// counters are the columns that count, in the order of [tally].
var counters = []string{
	"received", "resubmitted", "approved", "rejected", "corrections", "withdrawn", "expired",
	"passed_on", "disagreed", "released", "leases_lost", "first_pass", "rounds",
	"appealed", "appeals_upheld", "appeals_partly", "appeals_dismissed",
}

// Places in a tally that no kind of step has to itself.
const (
	firstPass = 11
	allRounds = 12
)

// placeOf is where a kind of step is counted. Claims are not: they have lengths only.
var placeOf = map[activity.Kind]int{
	activity.Received: 0, activity.Resubmitted: 1, activity.Approved: 2, activity.Rejected: 3, activity.Corrections: 4,
	activity.Withdrawn: 5, activity.Expired: 6, activity.PassedOn: 7, activity.Disagreed: 8, activity.Released: 9, activity.LeaseLost: 10,
	activity.Appealed: 13, activity.AppealUpheld: 14, activity.AppealPartly: 15, activity.AppealDismissed: 16,
}

// tally counts steps by column.
type tally [17]int64

// share is what one step adds to one row of the sums.
type share struct {
	part, code string
	counts     tally
	length     int64 // none when negative
}

// counting is what the sums need to know of a step.
type counting struct {
	Day         string        `db:"day"`
	Kind        activity.Kind `db:"kind"`
	Track       string        `db:"track"`
	Citizenship string        `db:"citizenship"`
	Actor       string        `db:"actor"`
	Round       int64         `db:"round"`
	Wait        int64         `db:"wait"`
	Spent       int64         `db:"spent"`
	Desk        int64         `db:"desk"`
}

// shares tells what a step adds where.
func (c counting) shares(reasons ...review.ReasonCode) (list []share) {
	var one tally
	place, counted := placeOf[c.Kind]
	if counted {
		one[place] = 1
	}
	decided := slices.Contains(activity.Decisions, c.Kind)
	final := c.Kind == activity.Approved || c.Kind == activity.Rejected

	desk := share{part: partDesk, counts: one, length: activity.None}
	if final {
		desk.counts[allRounds] = c.Round
	}
	if c.Kind == activity.Approved && c.Round == 1 {
		desk.counts[firstPass] = 1
	}
	if c.Kind == activity.Claimed {
		desk.length = c.Wait
	}
	if counted || desk.length >= 0 {
		list = append(list, desk)
	}
	if c.Actor != "" && (decided || c.Kind == activity.PassedOn || c.Kind == activity.Released || c.Kind == activity.LeaseLost) {
		s := share{part: partStaff, code: c.Actor, counts: one, length: activity.None}
		if decided {
			s.length = c.Spent
		}
		list = append(list, s)
	}
	if decided || c.Kind == activity.Received {
		s := share{part: partFrom, code: c.Citizenship, counts: one, length: activity.None}
		if final {
			s.length = c.Desk
		}
		list = append(list, s)
	}
	if c.Kind == activity.Corrections || c.Kind == activity.Rejected {
		for _, reason := range reasons {
			list = append(list, share{part: partReason, code: string(reason), counts: one, length: activity.None})
		}
	}
	return list
}

// upsert adds to a row of the sums; with lengths they are replaced.
func upsert(lengths bool) string {
	var sets []string
	for _, c := range counters {
		sets = append(sets, c+` = activity_sums.`+c+` + excluded.`+c)
	}
	if lengths {
		sets = append(sets, `lengths = excluded.lengths`)
	}
	return `INSERT INTO activity_sums (span, part, track, code, ` + strings.Join(counters, `, `) + `, lengths)
		VALUES (?, ?, ?, ?` + strings.Repeat(`, ?`, len(counters)) + `, ?)
		ON CONFLICT (part, span, track, code) DO UPDATE SET ` + strings.Join(sets, `, `)
}

var (
	addCounts  = upsert(false)
	addLengths = upsert(true)
)

// sum adds a step to the sums of its day and its month, or takes it away again.
func sum(tx *sqlite.Tx, c counting, sign int64, reasons ...review.ReasonCode) error {
	for _, s := range c.shares(reasons...) {
		for _, span := range []string{c.Day, c.Day[:len("2006-01")]} {
			if err := s.add(tx, span, c.Track, sign); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s share) add(tx *sqlite.Tx, span, track string, sign int64) error {
	query, packed := addCounts, []byte{}
	if s.length >= 0 {
		var old []byte
		err := tx.Get(&old, `SELECT lengths FROM activity_sums WHERE part = ? AND span = ? AND track = ? AND code = ?`, s.part, span, track, s.code)
		if err != nil && review.KindOf(err) != review.NotFound {
			return err
		}
		h := activity.Histogram{}
		unpack(old, h)
		h[coarse(s.length)] += int(sign)
		query, packed = addLengths, pack(h)
	}
	for i := range s.counts {
		s.counts[i] *= sign
	}
	_, err := tx.Exec(query, s.row(span, track, packed)...)
	return err
}

func (s share) row(span, track string, packed []byte) []any {
	args := []any{span, s.part, track, s.code}
	for _, n := range s.counts {
		args = append(args, n)
	}
	return append(args, packed)
}

// coarse is exact to ten minutes; beyond, whole minutes are enough and keep the
// sums small. They are rounded up: a limit of whole minutes then counts exactly.
func coarse(seconds int64) int64 {
	if seconds <= 600 {
		return seconds
	}
	return (seconds + 59) / 60 * 60
}

// pack writes lengths and how often they occur, both as varints, the lengths as
// steps from one to the next: seconds to ten minutes, then minutes.
func pack(h activity.Histogram) []byte {
	b := []byte{}
	last := uint64(0)
	for _, seconds := range slices.Sorted(maps.Keys(h)) {
		if h[seconds] == 0 {
			continue
		}
		at := uint64(seconds)
		if at > 600 {
			at = 600 + at/60 - 10
		}
		b = binary.AppendUvarint(b, at-last)
		b = binary.AppendVarint(b, int64(h[seconds]))
		last = at
	}
	return b
}

// unpack adds packed lengths to a histogram. What is cut off is left out: sums
// can be made again.
func unpack(b []byte, h activity.Histogram) {
	last := uint64(0)
	for len(b) > 0 {
		step, n := binary.Uvarint(b)
		if n <= 0 {
			return
		}
		count, m := binary.Varint(b[n:])
		if m <= 0 {
			return
		}
		b = b[n+m:]
		if last += step; last <= 600 {
			h[int64(last)] += int(count)
		} else {
			h[int64(last-600+10)*60] += int(count)
		}
	}
}

// CatchUp makes all figures anew where the schema counts what it did not count
// before, once.
func (st *Store) CatchUp(ctx context.Context, now time.Time) error {
	return st.db.Write(ctx, func(tx *sqlite.Tx) error {
		var done int
		if err := tx.Get(&done, `SELECT COUNT(*) FROM activity_summed`); err != nil || done > 0 {
			return err
		}
		if err := st.rebuild(tx); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO activity_summed (at) VALUES (?)`, now.UnixMilli())
		return err
	})
}

// Resum makes the sums anew, after [Store.Bulk].
func (st *Store) Resum(ctx context.Context) error { return st.db.Write(ctx, sumAll) }

// sumAll forgets the sums and makes them again from the steps, a month at a time.
func sumAll(tx *sqlite.Tx) error {
	if _, err := tx.Exec(`DELETE FROM activity_sums`); err != nil {
		return err
	}
	first, last := "", ""
	for _, kind := range allKinds {
		var ends struct {
			First string `db:"first"`
			Last  string `db:"last"`
		}
		if err := tx.Get(&ends, `SELECT COALESCE((SELECT MIN(day) FROM activity WHERE kind = ?), '') AS first, COALESCE((SELECT MAX(day) FROM activity WHERE kind = ?), '') AS last`, kind, kind); err != nil {
			return err
		}
		if ends.First != "" && (first == "" || ends.First < first) {
			first = ends.First
		}
		last = max(last, ends.Last)
	}
	if first == "" {
		return nil
	}
	for month := first[:7]; month <= last[:7]; month = nextMonth(month) {
		if err := sumMonth(tx, month); err != nil {
			return err
		}
	}
	return nil
}

var allKinds = []activity.Kind{
	activity.Received, activity.Resubmitted, activity.Claimed, activity.Released, activity.LeaseLost, activity.PassedOn,
	activity.Disagreed, activity.Corrections, activity.Approved, activity.Rejected, activity.Withdrawn, activity.Expired,
	activity.Appealed, activity.AppealUpheld, activity.AppealPartly, activity.AppealDismissed,
}

func nextMonth(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return "9999-99" // no month that a step can have; ends every walk
	}
	return t.AddDate(0, 1, 0).Format("2006-01")
}

// sumKey names a row of the sums.
type sumKey struct{ span, part, track, code string }

func sumMonth(tx *sqlite.Tx, month string) error {
	counts, lengths := map[sumKey]*tally{}, map[sumKey]activity.Histogram{}
	put := func(c counting, n int64, shares []share) {
		for _, s := range shares {
			for _, span := range []string{c.Day, month} {
				k := sumKey{span, s.part, c.Track, s.code}
				if counts[k] == nil {
					counts[k], lengths[k] = &tally{}, activity.Histogram{}
				}
				for i, x := range s.counts {
					counts[k][i] += x * n
				}
				if s.length >= 0 {
					lengths[k][coarse(s.length)] += int(n)
				}
			}
		}
	}
	from, to := month+"-01", month+"-31"
	for _, kind := range allKinds {
		rows, err := tx.Query(`SELECT day, kind, track, citizenship, actor, round, wait, spent, desk FROM activity
			WHERE kind = ? AND day >= ? AND day <= ?`, kind, from, to)
		if err != nil {
			return err
		}
		for rows.Next() {
			var c counting
			if err := rows.Scan(&c.Day, &c.Kind, &c.Track, &c.Citizenship, &c.Actor, &c.Round, &c.Wait, &c.Spent, &c.Desk); err != nil {
				rows.Close()
				return err
			}
			put(c, 1, c.shares())
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
		var reasons []struct {
			Day    string            `db:"day"`
			Track  string            `db:"track"`
			Reason review.ReasonCode `db:"reason"`
			N      int64             `db:"n"`
		}
		if err := tx.Select(&reasons, `SELECT day, track, reason, COUNT(*) AS n FROM activity_reasons
			WHERE kind = ? AND day >= ? AND day <= ? GROUP BY day, track, reason`, kind, from, to); err != nil {
			return err
		}
		for _, r := range reasons {
			c := counting{Day: r.Day, Kind: kind, Track: r.Track}
			put(c, r.N, slices.DeleteFunc(c.shares(r.Reason), func(s share) bool { return s.part != partReason }))
		}
	}
	for k, n := range counts {
		s := share{part: k.part, code: k.code, counts: *n}
		if _, err := tx.Exec(addLengths, s.row(k.span, k.track, pack(lengths[k]))...); err != nil {
			return err
		}
	}
	return nil
}
