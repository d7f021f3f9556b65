package check

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"okno/review"
)

// Recheck runs the checks of the case in the actor's hands again, after documents that
// were read by an older reader have been read once more. False alarms stay while a check
// looks at the same things.
func (sv *Service) Recheck(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	if err := sv.Gate.Allow(actor, review.ActCheck); err != nil {
		return nil, err
	}
	return sv.again(ctx, actor, id)
}

func (sv *Service) again(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	s, err := sv.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.Recheckable(actor, sv.Clock.Now()); err != nil {
		return nil, err
	}
	var fresh []review.Document
	if sv.Reader != nil {
		if fresh, err = sv.Reader.Reread(ctx, s); err != nil {
			return nil, err
		}
		for i, d := range s.Documents {
			if n := slices.IndexFunc(fresh, func(x review.Document) bool { return x.ID == d.ID }); n >= 0 {
				s.Documents[i] = fresh[n]
			}
		}
	}
	set, facts, err := sv.look(ctx, s)
	if err != nil {
		return nil, err
	}
	now := sv.Clock.Now()
	checks := set.Run(s, facts, now)
	return sv.Submissions.Update(ctx, id, s.Version, func(s *review.Submission) (review.Change, error) {
		s.Rules = set.Print()
		read, err := s.Reread(actor, fresh, now)
		if err != nil {
			return review.Change{}, err
		}
		c, err := s.Rechecked(actor, checks, now)
		return read.Then(c), err
	})
}

// Catch runs the checks again for a batch of what waits in the queue since before a
// rule was switched or the reader of documents was replaced, and reports whether more
// may be waiting. Each submission that is done is marked so, and the next batch begins
// with what is left.
func (sv *Service) Catch(ctx context.Context) (more bool, err error) {
	set, err := sv.Set(ctx)
	if err != nil {
		return false, err
	}
	ids, err := sv.Submissions.Stale(ctx, set.Print(), batch)
	if err != nil {
		return false, err
	}
	failed := 0
	for _, id := range ids {
		_, err := sv.again(ctx, review.System(), id)
		switch {
		case err == nil, errors.Is(err, review.ErrStale), errors.Is(err, review.ErrTransition), errors.Is(err, review.ErrNotClaimed):
		case ctx.Err() != nil:
			return false, err
		default:
			failed++
			sv.Log.Error("submission not checked again", "submission", id, "error", err)
		}
	}
	return len(ids) == batch && failed == 0, nil
}

// FalseAlarm records the actor's word that a check of the case in hand is mistaken.
func (sv *Service) FalseAlarm(ctx context.Context, actor review.Actor, id review.SubmissionID, print, note string) (*review.Submission, error) {
	if err := sv.Gate.Allow(actor, review.ActCheck); err != nil {
		return nil, err
	}
	return sv.Submissions.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		return s.FalseAlarm(actor, print, note, sv.Clock.Now())
	})
}

// TrueAlarm takes back that a check is mistaken.
func (sv *Service) TrueAlarm(ctx context.Context, actor review.Actor, id review.SubmissionID, print string) (*review.Submission, error) {
	if err := sv.Gate.Allow(actor, review.ActCheck); err != nil {
		return nil, err
	}
	return sv.Submissions.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		return s.TrueAlarm(actor, print, sv.Clock.Now())
	})
}

// ErrUnknownRule says that there is no such version of a rule.
var ErrUnknownRule = &review.Error{Kind: review.NotFound, Code: "unknown-rule"}

// Switch switches a check to another version, or off with an empty one. What waits in
// the queue is checked again by [Service.Catch].
func (sv *Service) Switch(ctx context.Context, actor review.Actor, code, version string) error {
	if err := sv.Gate.Allow(actor, review.ActRules); err != nil {
		return err
	}
	if _, ok := Find(code, version); !ok && (version != "" || !slices.Contains(Codes, code)) {
		return ErrUnknownRule
	}
	said := cmp.Or(version, "off")
	e := actor.Event(review.EventRuleSwitched, sv.Clock.Now()).With("check", code).With("version", said)
	return sv.Switches.SwitchRule(ctx, code, version, e)
}

// Outcome is what one version of a rule says about a case, without its values.
type Outcome struct {
	Verdict review.CheckVerdict
	Effect  review.Effect
	Reason  string
}

// Row counts the cases about which the version that is on and the one on trial say
// this.
type Row struct {
	Now, Then Outcome
	Cases     int
}

// Report is what a version of a rule on trial would have said about past cases.
type Report struct {
	Code, Now, Then string // versions; Now is empty when the check is off
	Cases           int
	Changed         int
	Rows            []Row
}

// Replay runs the version of a rule that is on and another one over cases of the past,
// oldest first, at most limit of them, and counts what the two say. Nothing is
// written, and the report holds nothing about any person.
func (sv *Service) Replay(ctx context.Context, actor review.Actor, code, version string, limit int) (Report, error) {
	report := Report{Code: code, Then: version}
	if err := sv.Gate.Allow(actor, review.ActRules); err != nil {
		return report, err
	}
	if _, ok := Find(code, version); !ok {
		return report, ErrUnknownRule
	}
	set, err := sv.Set(ctx)
	if err != nil {
		return report, err
	}
	report.Now = set.Version(code)
	now, then := only(code, report.Now), only(code, version)
	counts := map[Row]int{}
	var after review.SubmissionID
	for report.Cases < limit {
		ids, err := sv.Submissions.SentAfter(ctx, after, min(100, limit-report.Cases))
		if err != nil {
			return report, err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			after = id
			s, err := sv.Submissions.Submission(ctx, id)
			if err != nil {
				return report, err
			}
			facts, err := sv.Facts(ctx, s)
			if err != nil {
				return report, err
			}
			at := sv.Clock.Now()
			if !s.SubmittedAt.IsZero() {
				at = s.SubmittedAt
			}
			row := Row{Now: worst(now.Run(s, facts, at)), Then: worst(then.Run(s, facts, at))}
			counts[row]++
			report.Cases++
			if row.Now != row.Then {
				report.Changed++
			}
		}
	}
	for row, n := range counts {
		row.Cases = n
		report.Rows = append(report.Rows, row)
	}
	slices.SortFunc(report.Rows, func(a, b Row) int {
		return cmp.Or(b.Cases-a.Cases, cmp.Compare(a.Now.Verdict+a.Then.Verdict, b.Now.Verdict+b.Then.Verdict), cmp.Compare(a.Now.Reason+a.Then.Reason, b.Now.Reason+b.Then.Reason))
	})
	return report, nil
}

// only is the set in which one check is on.
func only(code, version string) Set { return Set{versions: map[string]string{code: version}} }

// worst is the gravest entry of one check.
func worst(ledger []review.Check) (o Outcome) {
	rank := func(c review.Check) int {
		n := map[review.CheckVerdict]int{review.Skipped: 0, review.Pass: 1, review.Warn: 2, review.Fail: 3}[c.Verdict]
		if c.Raised() {
			n += map[review.Effect]int{review.Hold: 4, review.Block: 8}[c.Effect]
		}
		return n
	}
	best := -1
	for _, c := range ledger {
		if n := rank(c); n > best {
			best, o = n, Outcome{c.Verdict, c.Effect, c.Reason}
			if !c.Raised() {
				o.Effect = ""
			}
		}
	}
	return o
}
