package activitystore_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"okno/review"
	"okno/review/activity"
)

// recount makes the report from what the test saw, in the plainest way.
func (w *world) recount(q activity.Query) (r activity.Report) {
	r.Query = q
	day := func(t time.Time) string { return t.In(msk).Format(time.DateOnly) }
	in := func(t time.Time) bool { return day(t) >= q.From && day(t) <= q.To }
	for _, d := range q.Days() {
		r.Days = append(r.Days, activity.Day{Day: d})
	}
	line := func(t time.Time) *activity.Day {
		return &r.Days[slices.IndexFunc(r.Days, func(d activity.Day) bool { return d.Day == day(t) })]
	}
	sent, claimed := map[review.SubmissionID]time.Time{}, map[review.SubmissionID]time.Time{}
	received, waiting := map[review.SubmissionID]bool{}, map[review.SubmissionID]bool{}
	citizenship := map[review.SubmissionID]string{}
	for _, e := range w.log {
		citizenship[e.Submission] = e.citizenship
	}
	var waits, decides, desks []time.Duration
	people, people2 := map[string]*activity.Reviewer{}, map[string][]time.Duration{}
	tracks, countries := map[string]*activity.Group{}, map[string]*activity.Group{}
	groupDesks := map[string][]time.Duration{}
	person := func(id string) *activity.Reviewer {
		if people[id] == nil {
			people[id] = &activity.Reviewer{Staff: id}
		}
		return people[id]
	}
	groups := func(e told) []*activity.Group {
		a, b := string(e.track), citizenship[e.Submission]
		if tracks[a] == nil {
			tracks[a] = &activity.Group{Code: a}
		}
		if countries[b] == nil {
			countries[b] = &activity.Group{Code: b}
		}
		return []*activity.Group{tracks[a], countries[b]}
	}
	reasons := map[review.ReasonCode]*activity.ReasonCount{}
	for _, e := range w.log {
		id := e.Submission
		counts := in(e.At) && (q.Track == "" || q.Track == e.track)
		switch e.Type {
		case review.EventSubmitted, review.EventResubmitted:
			sent[id], waiting[id] = e.At, true
		case review.EventChecked:
			if q.Track != "" && q.Track != e.track || !in(sent[id]) {
				received[id] = true
				break
			}
			if received[id] {
				r.Resubmitted++
				break
			}
			received[id] = true
			r.Received++
			line(sent[id]).Received++
			for _, g := range groups(e) {
				g.Received++
			}
		case review.EventClaimed:
			if waiting[id] && counts {
				waits = append(waits, e.At.Sub(sent[id]))
			}
			waiting[id], claimed[id] = false, e.At
		case review.EventReleased, review.EventLeaseExpired:
			if counts && e.Type == review.EventReleased {
				person(e.Detail["holder"]).Released++
			} else if counts {
				person(e.Detail["holder"]).LeasesLost++
			}
		case review.EventSecondReview, review.EventEscalated:
			if counts {
				r.PassedOn++
				person(e.Actor).PassedOn++
			}
		case review.EventDisagreement:
			if counts {
				r.Disagreed++
			}
		case review.EventAppealMade:
			if counts {
				r.Appealed++
			}
		case review.EventAppealAnswered:
			outcome := review.AppealOutcome(e.Detail["outcome"])
			if outcome != review.AppealDismissed {
				claimed[id] = e.At
			}
			if counts {
				*map[review.AppealOutcome]*int{review.AppealUpheld: &r.AppealsUpheld, review.AppealPartly: &r.AppealsPartly, review.AppealDismissed: &r.AppealsDismissed}[outcome]++
			}
		case review.EventWithdrawn, review.EventExpired:
			if counts && received[id] && e.Type == review.EventWithdrawn {
				r.Withdrawn++
			} else if counts && received[id] {
				r.Expired++
			}
		case review.EventApproved, review.EventRejected, review.EventCorrectionRequested:
			if !counts {
				break
			}
			p, d := person(e.Actor), line(e.At)
			spent := e.At.Sub(claimed[id])
			decides = append(decides, spent)
			people2[e.Actor] = append(people2[e.Actor], spent)
			for _, code := range e.Reasons {
				if reasons[code] == nil {
					reasons[code] = &activity.ReasonCount{Code: code}
				}
				if e.Type == review.EventRejected {
					reasons[code].Rejections++
				} else {
					reasons[code].Corrections++
				}
			}
			for _, g := range groups(e) {
				switch e.Type {
				case review.EventApproved:
					g.Approved++
				case review.EventRejected:
					g.Rejected++
				default:
					g.Corrections++
				}
			}
			if e.Type == review.EventCorrectionRequested {
				r.Corrections++
				p.Corrections++
				d.Corrections++
				break
			}
			desks = append(desks, e.desk)
			groupDesks[string(e.track)] = append(groupDesks[string(e.track)], e.desk)
			groupDesks[citizenship[id]] = append(groupDesks[citizenship[id]], e.desk)
			r.Rounds += e.Round
			if e.Type == review.EventApproved {
				r.Approved++
				p.Approved++
				d.Approved++
				if e.Round == 1 {
					r.FirstPass++
				}
			} else {
				r.Rejected++
				p.Rejected++
				d.Rejected++
			}
		}
	}
	r.Claim, r.Decide, r.Desk = times(waits), times(decides), times(desks)
	for _, limit := range activity.Limits {
		n := 0
		for _, d := range desks {
			if d.Truncate(time.Second) <= limit {
				n++
			}
		}
		r.Within = append(r.Within, activity.Within{Limit: limit, N: n})
	}
	for id, p := range people {
		p.Decide = times(people2[id])
		r.Reviewers = append(r.Reviewers, *p)
	}
	slices.SortFunc(r.Reviewers, func(a, b activity.Reviewer) int {
		return cmp.Or(b.Decided()-a.Decided(), strings.Compare(a.Staff, b.Staff))
	})
	sorted := func(m map[string]*activity.Group) (list []activity.Group) {
		for code, g := range m {
			g.Desk = times(groupDesks[code])
			list = append(list, *g)
		}
		slices.SortFunc(list, func(a, b activity.Group) int {
			return cmp.Or(b.Decided()-a.Decided(), b.Received-a.Received, strings.Compare(a.Code, b.Code))
		})
		return list
	}
	r.Tracks, r.Citizenships = sorted(tracks), sorted(countries)
	for _, c := range reasons {
		r.Reasons = append(r.Reasons, *c)
	}
	slices.SortFunc(r.Reasons, func(a, b activity.ReasonCount) int {
		return cmp.Or(b.Total()-a.Total(), strings.Compare(string(a.Code), string(b.Code)))
	})
	return r
}

func times(d []time.Duration) (t activity.Times) {
	slices.Sort(d)
	if t.N = len(d); t.N > 0 {
		t.Median = coarse(d[(t.N*50+99)/100-1])
		t.P90 = coarse(d[(t.N*90+99)/100-1])
	}
	return t
}

// coarse is exact to the second up to ten minutes, then to the minute above.
func coarse(d time.Duration) time.Duration {
	d = d.Truncate(time.Second)
	if d <= 10*time.Minute {
		return d
	}
	return (d + time.Minute - time.Second).Truncate(time.Minute)
}
