package check

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"okno/review"
	"okno/review/field"
)

// PairVerdict is what a person decided about two submissions that seemed to be of one.
type PairVerdict string

// The verdicts on a pair.
const (
	SamePerson PairVerdict = "same-person"
	Relative   PairVerdict = "relative" // another person of the same family or address
	Mistake    PairVerdict = "mistake"  // nothing to do with each other
)

// PairVerdicts lists the verdicts in display order.
var PairVerdicts = []PairVerdict{SamePerson, Relative, Mistake}

// Judgement is a remembered verdict on a pair.
type Judgement struct {
	Verdict PairVerdict
	By      review.StaffID
	Name    string
	At      time.Time
}

// Feature is one thing that two submissions have in common, or not, and how much it
// speaks for one person: a negative weight speaks against it. The sum is for the eye;
// the verdict follows from the rules of the duplicate check.
type Feature struct {
	Code    string // translation key feature.<code>
	Verdict field.Match
	Weight  int
	A, B    string // the values of either side, empty for pictures and files
}

// weights of a feature by verdict. What is not listed weighs nothing.
var weights = map[string]map[field.Match]int{
	"document":    {field.Exact: 100, field.Different: -10}, // a new passport has a new number
	"snils":       {field.Exact: 100, field.Different: -60},
	"inn":         {field.Exact: 100, field.Different: -60},
	"oms":         {field.Exact: 100, field.Different: -40},
	"surname":     {field.Exact: 20, field.Equivalent: 18, field.Close: 8, field.Different: -20},
	"given-name":  {field.Exact: 15, field.Equivalent: 14, field.Close: 6, field.Different: -25},
	"patronymic":  {field.Exact: 10, field.Equivalent: 9, field.Close: 4, field.Different: -10},
	"birth-date":  {field.Exact: 30, field.Different: -40},
	"birth-place": {field.Exact: 5},
	"sex":         {field.Different: -30},
	"citizenship": {field.Exact: 2, field.Different: -10},
	"address":     {field.Exact: 10},
	"phone":       {field.Exact: 30},
	"email":       {field.Exact: 30},
	"file":        {field.Exact: 40},
	"picture":     {field.Exact: 40, field.Close: 35},
}

// Features compares two submissions, the heaviest feature first.
func Features(a, b review.Answers, t Twin, reused []Reuse) []Feature {
	var list []Feature
	add := func(code string, v field.Match, x, y string) {
		if w := weights[code][v]; w != 0 {
			list = append(list, Feature{code, v, w, x, y})
		}
	}
	same := func(code string, f review.Field, key func(string) string) {
		x, y := a.Value(f), b.Value(f)
		switch {
		case x == "" || y == "":
		case key(x) == key(y):
			add(code, field.Exact, x, y)
		default:
			add(code, field.Different, x, y)
		}
	}
	plain := func(s string) string { return field.Fold(s) }
	if a.Value(review.Citizenship) == b.Value(review.Citizenship) {
		same("document", review.DocumentNumber, field.PassportKey)
	}
	same("snils", review.SNILS, plain)
	same("inn", review.INN, plain)
	same("oms", review.OMS, plain)
	for _, n := range []struct {
		code            string
		latin, cyrillic review.Field
	}{{"surname", review.SurnameLatin, review.Surname}, {"given-name", review.GivenNameLatin, review.GivenName}, {"patronymic", "", review.Patronymic}} {
		v, x, y := bestName(a, b, n.latin, n.cyrillic)
		if x != "" && y != "" {
			add(n.code, v, x, y)
		}
	}
	same("birth-date", review.BirthDate, plain)
	same("birth-place", review.BirthPlace, plain)
	same("sex", review.Sex, plain)
	same("citizenship", review.Citizenship, plain)
	same("address", review.Address, plain)
	if t.Phone {
		add("phone", field.Exact, "", "")
	}
	if t.Email {
		add("email", field.Exact, "", "")
	}
	for _, u := range reused {
		if u.SameFile {
			add("file", field.Exact, "", "")
		} else {
			add("picture", field.Close, "", "")
		}
	}
	slices.SortStableFunc(list, func(x, y Feature) int { return cmp.Or(y.Weight-x.Weight, strings.Compare(x.Code, y.Code)) })
	return slices.CompactFunc(list, func(x, y Feature) bool { return x == y })
}

// bestName compares a part of the name in either script and takes the better verdict:
// two people may have typed only one of the scripts the same way.
func bestName(a, b review.Answers, latin, cyrillic review.Field) (best field.Match, x, y string) {
	best = field.Different
	for _, f := range []review.Field{latin, cyrillic} {
		p, q := a.Value(f), b.Value(f)
		if p == "" || q == "" {
			continue
		}
		if m := field.NameMatch(p, q, a.Value(review.Citizenship)); x == "" || field.Worst(m, best) == best && m != best {
			best, x, y = m, p, q
		}
	}
	return best, x, y
}

// Pairs remembers what was decided about pairs of submissions.
type Pairs interface {
	// Judged returns the verdicts on pairs of which the submission is one, by the other.
	Judged(ctx context.Context, id review.SubmissionID) (map[review.SubmissionID]Judgement, error)
	// Judge writes a verdict together with its events; an empty verdict forgets it.
	Judge(ctx context.Context, a, b review.SubmissionID, j Judgement, events ...review.Event) error
}

// Pair is two submissions beside each other.
type Pair struct {
	Mine, Other *review.Submission
	Verdict     field.Duplicate
	Features    []Feature
	Score       int
	Judged      *Judgement
}

// Pair returns the case in the actor's hands beside another one that a check of it
// names, and writes into the history of both that they were looked at side by side.
// Nobody can look at a case that no finding names.
func (sv *Service) Pair(ctx context.Context, actor review.Actor, id, other review.SubmissionID) (*Pair, error) {
	mine, twin, err := sv.held(ctx, actor, id, other)
	if err != nil {
		return nil, err
	}
	p, err := sv.pair(ctx, mine, twin)
	if err != nil {
		return nil, err
	}
	return p, sv.Submissions.Record(ctx, looked(actor, mine, sv.Clock.Now()), looked(actor, twin, sv.Clock.Now()).With("beside", string(mine.ID)))
}

func looked(actor review.Actor, s *review.Submission, at time.Time) review.Event {
	e := actor.Event(review.EventPairViewed, at)
	e.Submission, e.Account = s.ID, s.Account
	e.Before, e.After, e.Version, e.Round = s.Status, s.Status, s.Version, s.Round
	return e
}

// held loads the case that the actor holds and the other one that its ledger names.
func (sv *Service) held(ctx context.Context, actor review.Actor, id, other review.SubmissionID) (mine, twin *review.Submission, err error) {
	if err := sv.Gate.Allow(actor, review.ActDuplicates); err != nil {
		return nil, nil, err
	}
	if mine, err = sv.Submissions.Submission(ctx, id); err != nil {
		return nil, nil, err
	}
	if !mine.HeldBy(actor.Staff, sv.Clock.Now()) {
		return nil, nil, review.ErrNotClaimed
	}
	if !mine.Names(other) {
		return nil, nil, review.ErrNotFound
	}
	twin, err = sv.Submissions.Submission(ctx, other)
	return mine, twin, err
}

func (sv *Service) pair(ctx context.Context, mine, twin *review.Submission) (*Pair, error) {
	facts, err := sv.Facts(ctx, mine)
	if err != nil {
		return nil, err
	}
	t := Twin{ID: twin.ID, Number: twin.Number, Account: twin.Account, Status: twin.Status, Answers: twin.Answers}
	if i := slices.IndexFunc(facts.Twins, func(x Twin) bool { return x.ID == twin.ID }); i >= 0 {
		t = facts.Twins[i]
	}
	r := &run{s: mine, facts: facts}
	var reused []Reuse
	for _, u := range facts.Reused {
		if u.Other == twin.ID {
			reused = append(reused, u)
		}
	}
	p := &Pair{Mine: mine, Other: twin, Verdict: r.verdict(t), Features: Features(mine.Answers, twin.Answers, t, reused)}
	for _, f := range p.Features {
		p.Score += f.Weight
	}
	if j, ok := facts.Judged[twin.ID]; ok {
		p.Judged = &j
	}
	return p, nil
}

// Judge remembers the actor's verdict on a pair and runs the checks of the case in
// hand again, since they now say something else.
func (sv *Service) Judge(ctx context.Context, actor review.Actor, id, other review.SubmissionID, v PairVerdict) (*review.Submission, error) {
	mine, twin, err := sv.held(ctx, actor, id, other)
	if err != nil {
		return nil, err
	}
	if v != "" && !slices.Contains(PairVerdicts, v) {
		return nil, review.Faulty(review.FieldFault{Field: "verdict", Code: "unknown"})
	}
	now := sv.Clock.Now()
	said := string(v)
	if said == "" {
		said = "open"
	}
	e := looked(actor, mine, now).With("verdict", said).With("other", string(twin.ID))
	e.Type = review.EventPairJudged
	f := looked(actor, twin, now).With("verdict", said).With("other", string(mine.ID))
	f.Type = review.EventPairJudged
	if err := sv.Pairs.Judge(ctx, mine.ID, twin.ID, Judgement{Verdict: v, By: actor.Staff, Name: actor.Name, At: now}, e, f); err != nil {
		return nil, err
	}
	return sv.Recheck(ctx, actor, id)
}
