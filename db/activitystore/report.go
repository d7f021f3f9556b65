package activitystore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/activity"
)

// holder reads the only detail that counts: whose claim ended.
func holder(detail string) map[string]string {
	var d struct {
		Holder string `json:"holder"`
	}
	if json.Unmarshal([]byte(detail), &d) != nil || d.Holder == "" {
		return nil
	}
	return map[string]string{"holder": d.Holder}
}

// The queries of a report. Each reads a covering index between two days; all
// take the first and the last day and twice the track.
const (
	// Beyond ten minutes whole minutes are exact enough, and keep the answers small.
	// They are rounded up: a limit of whole minutes then counts exactly.
	coarseWait  = `CASE WHEN wait <= 600 THEN wait ELSE (wait + 59) / 60 * 60 END`
	coarseSpent = `CASE WHEN spent <= 600 THEN spent ELSE (spent + 59) / 60 * 60 END`
	coarseDesk  = `CASE WHEN desk <= 600 THEN desk ELSE (desk + 59) / 60 * 60 END`

	inPeriod = ` AND day >= ? AND day <= ? AND (? = '' OR track = ?)`

	perDay = `SELECT kind, day, COUNT(*) AS n FROM activity
		WHERE kind IN ('received', 'resubmitted', 'approved', 'rejected', 'corrections', 'withdrawn', 'expired', 'passed-on', 'disagreed')` + inPeriod + `
		GROUP BY kind, day`
	waits = `SELECT ` + coarseWait + ` AS value, COUNT(*) AS n FROM activity
		WHERE kind = 'claimed'` + inPeriod + ` AND wait >= 0 GROUP BY value`
	rounds = `SELECT kind, round, COUNT(*) AS n FROM activity
		WHERE kind IN ('approved', 'rejected')` + inPeriod + ` GROUP BY kind, round`
	perReviewer = `SELECT actor, kind, ` + coarseSpent + ` AS value, COUNT(*) AS n FROM activity
		WHERE kind IN ('approved', 'rejected', 'corrections', 'passed-on', 'released', 'lease-lost')` + inPeriod + ` AND actor <> ''
		GROUP BY actor, kind, value`
	perGroup = `SELECT track, citizenship, kind, ` + coarseDesk + ` AS value, COUNT(*) AS n FROM activity
		WHERE kind IN ('received', 'approved', 'rejected', 'corrections')` + inPeriod + `
		GROUP BY track, citizenship, kind, value`
	perReason = `SELECT reason, kind, COUNT(*) AS n FROM activity_reasons
		WHERE kind IN ('corrections', 'rejected')` + inPeriod + ` GROUP BY reason, kind`
	// Takes the present moment and the track.
	openAges = `SELECT (? - running_since + used) / 1000 AS value, COUNT(*) AS n FROM activity_state
		WHERE running_since <> 0 AND track = ? GROUP BY value`
)

// counter is one line of any of the queries.
type counter struct {
	Kind        activity.Kind     `db:"kind"`
	Day         string            `db:"day"`
	Value       int64             `db:"value"`
	Round       int               `db:"round"`
	Actor       string            `db:"actor"`
	Track       string            `db:"track"`
	Citizenship string            `db:"citizenship"`
	Reason      review.ReasonCode `db:"reason"`
	N           int               `db:"n"`
}

// Report reads the figures of a period. All of them come from one moment.
func (st *Store) Report(ctx context.Context, q activity.Query, now time.Time) (r activity.Report, err error) {
	r.Query = q
	err = st.db.Read(ctx, func(rx *sqlite.Rx) error {
		for _, part := range []struct {
			query string
			fill  func([]counter)
		}{
			{perDay, func(rows []counter) { fillDays(&r, rows) }},
			{waits, func(rows []counter) { r.Claim = histogram(rows).Times() }},
			{rounds, func(rows []counter) { fillRounds(&r, rows) }},
			{perReviewer, func(rows []counter) { fillReviewers(&r, rows) }},
			{perGroup, func(rows []counter) { fillGroups(&r, rows) }},
			{perReason, func(rows []counter) { fillReasons(&r, rows) }},
		} {
			var rows []counter
			if err := rx.Select(&rows, part.query, q.From, q.To, q.Track, q.Track); err != nil {
				return err
			}
			part.fill(rows)
		}
		return fillOpen(rx, &r, now)
	})
	if err != nil {
		return activity.Report{}, fmt.Errorf("activity report: %w", err)
	}
	return r, nil
}

func fillDays(r *activity.Report, rows []counter) {
	at := map[string]int{}
	for i, day := range r.Query.Days() {
		at[day] = i
		r.Days = append(r.Days, activity.Day{Day: day})
	}
	for _, c := range rows {
		d := &r.Days[at[c.Day]]
		switch c.Kind {
		case activity.Received:
			r.Received, d.Received = r.Received+c.N, c.N
		case activity.Resubmitted:
			r.Resubmitted += c.N
		case activity.Approved:
			r.Approved, d.Approved = r.Approved+c.N, c.N
		case activity.Rejected:
			r.Rejected, d.Rejected = r.Rejected+c.N, c.N
		case activity.Corrections:
			r.Corrections, d.Corrections = r.Corrections+c.N, c.N
		case activity.Withdrawn:
			r.Withdrawn += c.N
		case activity.Expired:
			r.Expired += c.N
		case activity.PassedOn:
			r.PassedOn += c.N
		case activity.Disagreed:
			r.Disagreed += c.N
		}
	}
}

func histogram(rows []counter) activity.Histogram {
	h := activity.Histogram{}
	for _, c := range rows {
		h[c.Value] += c.N
	}
	return h
}

func fillRounds(r *activity.Report, rows []counter) {
	for _, c := range rows {
		r.Rounds += c.Round * c.N
		if c.Kind == activity.Approved && c.Round == 1 {
			r.FirstPass += c.N
		}
	}
}

// fillReviewers also takes the time to decide from the same lines.
func fillReviewers(r *activity.Report, rows []counter) {
	all, own := activity.Histogram{}, map[string]activity.Histogram{}
	at := map[string]int{}
	for _, c := range rows {
		i, known := at[c.Actor]
		if !known {
			i = len(r.Reviewers)
			at[c.Actor], own[c.Actor] = i, activity.Histogram{}
			r.Reviewers = append(r.Reviewers, activity.Reviewer{Staff: c.Actor})
		}
		w := &r.Reviewers[i]
		switch c.Kind {
		case activity.Approved:
			w.Approved += c.N
		case activity.Rejected:
			w.Rejected += c.N
		case activity.Corrections:
			w.Corrections += c.N
		case activity.PassedOn:
			w.PassedOn += c.N
		case activity.Released:
			w.Released += c.N
		case activity.LeaseLost:
			w.LeasesLost += c.N
		}
		if slices.Contains(activity.Decisions, c.Kind) && c.Value >= 0 {
			own[c.Actor][c.Value] += c.N
			all[c.Value] += c.N
		}
	}
	for i := range r.Reviewers {
		r.Reviewers[i].Decide = own[r.Reviewers[i].Staff].Times()
	}
	r.Decide = all.Times()
	slices.SortFunc(r.Reviewers, func(a, b activity.Reviewer) int {
		return cmp.Or(b.Decided()-a.Decided(), cmp.Compare(a.Staff, b.Staff))
	})
}

// fillGroups counts by track and by citizenship, and the desk time of what was
// finally decided.
func fillGroups(r *activity.Report, rows []counter) {
	type part struct {
		group activity.Group
		desk  activity.Histogram
	}
	all := activity.Histogram{}
	tracks, citizenships := map[string]*part{}, map[string]*part{}
	for _, c := range rows {
		final := c.Kind == activity.Approved || c.Kind == activity.Rejected
		if final {
			all[c.Value] += c.N
		}
		for _, x := range []struct {
			parts map[string]*part
			code  string
		}{{tracks, c.Track}, {citizenships, c.Citizenship}} {
			p := x.parts[x.code]
			if p == nil {
				p = &part{activity.Group{Code: x.code}, activity.Histogram{}}
				x.parts[x.code] = p
			}
			switch c.Kind {
			case activity.Received:
				p.group.Received += c.N
			case activity.Approved:
				p.group.Approved += c.N
			case activity.Rejected:
				p.group.Rejected += c.N
			case activity.Corrections:
				p.group.Corrections += c.N
			}
			if final {
				p.desk[c.Value] += c.N
			}
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
	r.Desk = all.Times()
	for _, limit := range activity.Limits {
		r.Within = append(r.Within, activity.Within{Limit: limit, N: all.Within(limit)})
	}
}

func fillReasons(r *activity.Report, rows []counter) {
	for _, c := range rows {
		i := slices.IndexFunc(r.Reasons, func(x activity.ReasonCount) bool { return x.Code == c.Reason })
		if i < 0 {
			i = len(r.Reasons)
			r.Reasons = append(r.Reasons, activity.ReasonCount{Code: c.Reason})
		}
		if c.Kind == activity.Rejected {
			r.Reasons[i].Rejections += c.N
		} else {
			r.Reasons[i].Corrections += c.N
		}
	}
	slices.SortFunc(r.Reasons, func(a, b activity.ReasonCount) int {
		return cmp.Or(b.Total()-a.Total(), cmp.Compare(a.Code, b.Code))
	})
}

// fillOpen counts what waits for the desk now, by the desk time it has used.
func fillOpen(rx *sqlite.Rx, r *activity.Report, now time.Time) error {
	for _, limit := range activity.Limits {
		r.Open = append(r.Open, activity.Age{Limit: limit})
	}
	r.Open = append(r.Open, activity.Age{})
	tracks := []review.Track{review.ForeignCitizen, review.FromAbroad}
	if r.Track != "" {
		tracks = []review.Track{r.Track}
	}
	for _, track := range tracks {
		var rows []counter
		if err := rx.Select(&rows, openAges, now.UnixMilli(), track); err != nil {
			return err
		}
		for _, c := range rows {
			age := time.Duration(c.Value) * time.Second
			i := slices.IndexFunc(r.Open, func(a activity.Age) bool { return a.Limit == 0 || age <= a.Limit })
			r.Open[i].N += c.N
		}
	}
	return nil
}
