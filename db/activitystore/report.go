package activitystore

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/activity"
)

// detail reads the only details that count: whose claim ended, and how an appeal
// was answered.
func detail(stored string) map[string]string {
	var d struct {
		Holder  string `json:"holder"`
		Outcome string `json:"outcome"`
	}
	if json.Unmarshal([]byte(stored), &d) != nil || d.Holder+d.Outcome == "" {
		return nil
	}
	return map[string]string{"holder": d.Holder, "outcome": d.Outcome}
}

// month is how a whole month is written as a span.
const month = "2006-01"

// spans cuts a period into whole months and the days at both ends.
func spans(q activity.Query) (list []string) {
	to, err := time.Parse(time.DateOnly, q.To)
	if err != nil {
		return nil
	}
	for d, err := time.Parse(time.DateOnly, q.From); err == nil && !d.After(to); {
		if end := d.AddDate(0, 1, -1); d.Day() == 1 && !end.After(to) {
			list = append(list, d.Format(month))
			d = end
		} else {
			list = append(list, d.Format(time.DateOnly))
		}
		d = d.AddDate(0, 0, 1)
	}
	return list
}

// line is a row of the sums.
type line struct {
	Span        string `db:"span"`
	Track       string `db:"track"`
	Code        string `db:"code"`
	Received    int    `db:"received"`
	Resubmitted int    `db:"resubmitted"`
	Approved    int    `db:"approved"`
	Rejected    int    `db:"rejected"`
	Corrections int    `db:"corrections"`
	Withdrawn   int    `db:"withdrawn"`
	Expired     int    `db:"expired"`
	PassedOn    int    `db:"passed_on"`
	Disagreed   int    `db:"disagreed"`
	Released    int    `db:"released"`
	LeasesLost  int    `db:"leases_lost"`
	FirstPass   int    `db:"first_pass"`
	Rounds      int    `db:"rounds"`

	Appealed         int `db:"appealed"`
	AppealsUpheld    int `db:"appeals_upheld"`
	AppealsPartly    int `db:"appeals_partly"`
	AppealsDismissed int `db:"appeals_dismissed"`

	Lengths []byte `db:"lengths"`
}

// empty reports whether everything that was once counted here has moved.
func (l line) empty() bool {
	return l.Received|l.Approved|l.Rejected|l.Corrections|l.PassedOn|l.Released|l.LeasesLost == 0
}

// The queries of a report. Each reads rows of the sums between two places of the
// primary key.
const (
	// Takes track, first and last day. Months lie between days and are passed over.
	perDay = `SELECT span, received, resubmitted, approved, rejected, corrections, withdrawn, expired, passed_on, disagreed, first_pass, rounds,
			appealed, appeals_upheld, appeals_partly, appeals_dismissed
		FROM activity_sums WHERE part = 'desk' AND track = ? AND code = '' AND span >= ? AND span <= ? AND length(span) = 10`
	// Take tracks and spans.
	waits       = `SELECT lengths FROM activity_sums WHERE part = 'desk' AND track IN (?) AND code = '' AND span IN (?)`
	perReviewer = `SELECT code, approved, rejected, corrections, passed_on, released, leases_lost, lengths
		FROM activity_sums WHERE part = 'staff' AND track IN (?) AND span IN (?)`
	perGroup = `SELECT track, code, received, approved, rejected, corrections, lengths
		FROM activity_sums WHERE part = 'from' AND track IN (?) AND span IN (?)`
	perReason = `SELECT code, rejected, corrections FROM activity_sums WHERE part = 'reason' AND track IN (?) AND span IN (?)`
)

// openAges takes the present moment and the track. Ages are whole seconds; the
// columns count those within each of activity.Limits, and all.
var openAges = func() string {
	var within []string
	for i, limit := range activity.Limits {
		within = append(within, fmt.Sprintf(`COALESCE(SUM(age <= %d), 0) AS within%d`, int64(limit/time.Second), i))
	}
	return `SELECT ` + strings.Join(within, `, `) + `, COUNT(*) AS total
		FROM (SELECT (? - running_since + used) / 1000 AS age FROM activity_state WHERE running_since <> 0 AND track = ?)`
}()

// Report reads the figures of a period. All of them come from one moment.
func (st *Store) Report(ctx context.Context, q activity.Query, now time.Time) (r activity.Report, err error) {
	r.Query = q
	tracks := []review.Track{review.ForeignCitizen, review.FromAbroad}
	if q.Track != "" {
		tracks = []review.Track{q.Track}
	}
	err = st.db.Read(ctx, func(rx *sqlite.Rx) error {
		if err := fillDays(rx, &r, tracks); err != nil {
			return err
		}
		for _, part := range []struct {
			query string
			fill  func([]line)
		}{
			{waits, func(lines []line) { r.Claim = histogram(lines).Times() }},
			{perReviewer, func(lines []line) { fillReviewers(&r, lines) }},
			{perGroup, func(lines []line) { fillGroups(&r, lines) }},
			{perReason, func(lines []line) { fillReasons(&r, lines) }},
		} {
			query, args, err := sqlx.In(part.query, tracks, spans(q))
			if err != nil {
				return err
			}
			var lines []line
			if err := rx.Select(&lines, query, args...); err != nil {
				return err
			}
			part.fill(lines)
		}
		return fillOpen(rx, &r, tracks, now)
	})
	if err != nil {
		return activity.Report{}, fmt.Errorf("activity report: %w", err)
	}
	return r, nil
}

func fillDays(rx *sqlite.Rx, r *activity.Report, tracks []review.Track) error {
	at := map[string]int{}
	for i, day := range r.Query.Days() {
		at[day] = i
		r.Days = append(r.Days, activity.Day{Day: day})
	}
	for _, track := range tracks {
		var lines []line
		if err := rx.Select(&lines, perDay, track, r.From, r.To); err != nil {
			return err
		}
		for _, l := range lines {
			d := &r.Days[at[l.Span]]
			d.Received, d.Approved = d.Received+l.Received, d.Approved+l.Approved
			d.Rejected, d.Corrections = d.Rejected+l.Rejected, d.Corrections+l.Corrections
			r.Received, r.Resubmitted = r.Received+l.Received, r.Resubmitted+l.Resubmitted
			r.Approved, r.Rejected, r.Corrections = r.Approved+l.Approved, r.Rejected+l.Rejected, r.Corrections+l.Corrections
			r.Withdrawn, r.Expired = r.Withdrawn+l.Withdrawn, r.Expired+l.Expired
			r.PassedOn, r.Disagreed = r.PassedOn+l.PassedOn, r.Disagreed+l.Disagreed
			r.Appealed, r.AppealsUpheld = r.Appealed+l.Appealed, r.AppealsUpheld+l.AppealsUpheld
			r.AppealsPartly, r.AppealsDismissed = r.AppealsPartly+l.AppealsPartly, r.AppealsDismissed+l.AppealsDismissed
			r.FirstPass, r.Rounds = r.FirstPass+l.FirstPass, r.Rounds+l.Rounds
		}
	}
	return nil
}

func histogram(lines []line) activity.Histogram {
	h := activity.Histogram{}
	for _, l := range lines {
		unpack(l.Lengths, h)
	}
	return h
}

// fillReviewers also takes the time to decide from the same lines.
func fillReviewers(r *activity.Report, lines []line) {
	all, own := activity.Histogram{}, map[string]activity.Histogram{}
	at := map[string]int{}
	for _, l := range lines {
		if l.empty() {
			continue
		}
		i, known := at[l.Code]
		if !known {
			i = len(r.Reviewers)
			at[l.Code], own[l.Code] = i, activity.Histogram{}
			r.Reviewers = append(r.Reviewers, activity.Reviewer{Staff: l.Code})
		}
		w := &r.Reviewers[i]
		w.Approved, w.Rejected, w.Corrections = w.Approved+l.Approved, w.Rejected+l.Rejected, w.Corrections+l.Corrections
		w.PassedOn, w.Released, w.LeasesLost = w.PassedOn+l.PassedOn, w.Released+l.Released, w.LeasesLost+l.LeasesLost
		unpack(l.Lengths, own[l.Code])
	}
	for i := range r.Reviewers {
		h := own[r.Reviewers[i].Staff]
		r.Reviewers[i].Decide = h.Times()
		for length, n := range h {
			all[length] += n
		}
	}
	r.Decide = all.Times()
	slices.SortFunc(r.Reviewers, func(a, b activity.Reviewer) int {
		return cmp.Or(b.Decided()-a.Decided(), cmp.Compare(a.Staff, b.Staff))
	})
}

// fillGroups counts by track and by citizenship, and the desk time of what was
// finally decided.
func fillGroups(r *activity.Report, lines []line) {
	type part struct {
		group activity.Group
		desk  activity.Histogram
	}
	tracks, citizenships := map[string]*part{}, map[string]*part{}
	for _, l := range lines {
		if l.empty() {
			continue
		}
		c := citizenships[l.Code]
		if c == nil {
			c = &part{activity.Group{Code: l.Code}, activity.Histogram{}}
			citizenships[l.Code] = c
		}
		t := tracks[l.Track]
		if t == nil {
			t = &part{activity.Group{Code: l.Track}, activity.Histogram{}}
			tracks[l.Track] = t
		}
		for _, p := range []*part{c, t} {
			g := &p.group
			g.Received, g.Approved = g.Received+l.Received, g.Approved+l.Approved
			g.Rejected, g.Corrections = g.Rejected+l.Rejected, g.Corrections+l.Corrections
			unpack(l.Lengths, p.desk)
		}
	}
	list := func(parts map[string]*part) (groups []activity.Group) {
		for _, p := range parts {
			p.group.Desk = p.desk.Times()
			groups = append(groups, p.group)
		}
		slices.SortFunc(groups, func(a, b activity.Group) int {
			return cmp.Or(b.Decided()-a.Decided(), b.Received-a.Received, cmp.Compare(a.Code, b.Code))
		})
		return groups
	}
	r.Tracks, r.Citizenships = list(tracks), list(citizenships)
	all := activity.Histogram{}
	for _, p := range tracks {
		for length, n := range p.desk {
			all[length] += n
		}
	}
	r.Desk = all.Times()
	for _, limit := range activity.Limits {
		r.Within = append(r.Within, activity.Within{Limit: limit, N: all.Within(limit)})
	}
}

func fillReasons(r *activity.Report, lines []line) {
	at := map[string]int{}
	for _, l := range lines {
		if l.empty() {
			continue
		}
		i, known := at[l.Code]
		if !known {
			i = len(r.Reasons)
			at[l.Code] = i
			r.Reasons = append(r.Reasons, activity.ReasonCount{Code: review.ReasonCode(l.Code)})
		}
		r.Reasons[i].Rejections += l.Rejected
		r.Reasons[i].Corrections += l.Corrections
	}
	slices.SortFunc(r.Reasons, func(a, b activity.ReasonCount) int {
		return cmp.Or(b.Total()-a.Total(), cmp.Compare(a.Code, b.Code))
	})
}

// fillOpen counts what waits for the desk now, by the desk time it has used.
func fillOpen(rx *sqlite.Rx, r *activity.Report, tracks []review.Track, now time.Time) error {
	for _, limit := range activity.Limits {
		r.Open = append(r.Open, activity.Age{Limit: limit})
	}
	r.Open = append(r.Open, activity.Age{})
	for _, track := range tracks {
		rows, err := rx.Query(openAges, now.UnixMilli(), track)
		if err != nil {
			return err
		}
		within := make([]int, len(r.Open)) // up to each limit, the last without any
		to := make([]any, len(within))
		for i := range within {
			to[i] = &within[i]
		}
		for rows.Next() {
			if err = rows.Scan(to...); err != nil {
				break
			}
		}
		rows.Close()
		if err = errors.Join(err, rows.Err()); err != nil {
			return err
		}
		below := 0
		for i, n := range within {
			r.Open[i].N += n - below
			below = n
		}
	}
	return nil
}
