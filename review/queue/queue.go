// Package queue is the way of a submission from the waiting line to the hands
// of a reviewer: list, take the next, pick, keep and give back.
//
// What the list shows is work data only; nobody sees a name before the case is
// claimed. A claim is a lease: it runs out when its holder does nothing, and
// [Service.Sweep], called by a background loop, gives such cases back.
//
//	s, err := queue.TakeNext(ctx, actor, held)
//
// Several reviewers who take the next at the same moment get different cases:
// choosing and claiming are one write transaction of the store.
package queue

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/review"
	"okno/review/field"
)

// Tab is one view of the queue.
type Tab string

// The views of the queue.
const (
	Waiting  Tab = "queue"    // first reviews, claimed or not
	Mine     Tab = "mine"     // what the actor holds
	Returned Tab = "returned" // first reviews that came back with corrections
	Second   Tab = "second"   // second reviews, claimed or not

	// Appeals are refusals whose appeal waits for its answer, for those who may give it.
	Appeals Tab = "appeals"

	// Unreachable are open cases whose last message to the applicant never arrived.
	Unreachable Tab = "unreachable"
)

// Tabs lists the views in display order.
var Tabs = []Tab{Waiting, Mine, Returned, Second, Appeals, Unreachable}

// Served reports whether cases of the view are handed out in the order in which
// it shows them; the other views are by deadline.
func (t Tab) Served() bool { return t != Mine && t != Unreachable && t != Appeals }

// Due narrows the queue down by the service deadline.
type Due string

// The windows of the deadline.
const (
	AnyDue Due = ""
	Late   Due = "late"  // past the deadline
	Soon   Due = "soon"  // less than half an hour left, or late
	Today  Due = "today" // before the end of the desk's day, or late
)

// Dues lists the windows in display order.
var Dues = []Due{Late, Soon, Today}

// Overtake is the time to the deadline from which a waiting attention item goes
// in front of everything else.
const Overtake = 30 * time.Minute

// PageSize is how many rows a page of the queue has.
const PageSize = 25

// Filter is what the actor wants to see. Unknown values are ignored.
type Filter struct {
	Tab         Tab
	Track       review.Track
	Citizenship string
	Lane        string // code of the lane
	Due         Due
	After       Cursor
}

// The parts of a line, in the order in which they are served (domain rules of
// the automatic checks): attention items that are nearly late, then lane by lane.
const (
	StageUrgent = iota
	StageGreen
	StageNormal
	StageAttention
)

// StageOf names the part of the line in which a case stands. urgent is the
// deadline before which attention items go in front.
func StageOf(lane review.Lane, due, urgent time.Time) int {
	switch {
	case lane == review.LaneGreen:
		return StageGreen
	case lane == review.LaneNormal:
		return StageNormal
	case due.Before(urgent):
		return StageUrgent
	default:
		return StageAttention
	}
}

// Cursor is a place in the list: the last row of the page before, the part of
// the line in which it stood and the moment that divided the parts.
type Cursor struct {
	Stage  int
	Urgent time.Time
	Due    time.Time
	ID     review.SubmissionID
}

// String is the form in which a cursor stands in an address.
func (c Cursor) String() string {
	if c.ID == "" {
		return ""
	}
	number := func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 36) }
	return strings.Join([]string{strconv.Itoa(c.Stage), number(c.Urgent), number(c.Due), string(c.ID)}, ".")
}

// ParseCursor is the inverse of Cursor.String; anything else is the first page.
func ParseCursor(s string) Cursor {
	parts := strings.Split(s, ".")
	if len(parts) != 4 || parts[3] == "" || len(parts[3]) > 64 {
		return Cursor{}
	}
	stage, err := strconv.Atoi(parts[0])
	urgent, errUrgent := strconv.ParseInt(parts[1], 36, 64)
	due, errDue := strconv.ParseInt(parts[2], 36, 64)
	if errors.Join(err, errUrgent, errDue) != nil || stage < StageUrgent || stage > StageAttention {
		return Cursor{}
	}
	return Cursor{Stage: stage, Urgent: time.UnixMilli(urgent).UTC(), Due: time.UnixMilli(due).UTC(), ID: review.SubmissionID(parts[3])}
}

// Row is one line of the queue. It holds nothing personal.
type Row struct {
	ID           review.SubmissionID
	Number       review.CaseNumber
	Track        review.Track
	Citizenship  string
	Status       review.Status
	Lane         review.Lane
	Holds        int // raised checks that need a note
	Raised       int // raised checks of any kind
	Notes        int // remarks of colleagues
	Round        int
	DueAt        time.Time // of an appeal: when its answer should be given
	Holder       review.StaffID
	HolderName   string
	LeaseUntil   time.Time
	Pending      bool           // decided, not yet in effect
	FirstOutcome review.Outcome // of a second review; not shown to its second reviewer
	Arbiter      bool
	// ReservedFor has first refusal of what came back, until ReservedUntil.
	ReservedFor   review.StaffID
	ReservedUntil time.Time
	ParkedBy      review.StaffID
	ParkedUntil   time.Time // put aside until then
	Appeal        bool      // refused before, looked at anew
}

// TakesUp reports whether the case is the actor's to go on with; see
// [review.Submission.TakesUp].
func (r Row) TakesUp(by review.StaffID) bool {
	return r.Holder == by || r.ReservedFor == by || r.ParkedBy == by
}

// Query is a filter as the store understands it.
type Query struct {
	Tab         Tab
	Staff       review.StaffID // for Mine
	Track       review.Track
	Citizenship string
	Lane        *review.Lane
	DueBefore   time.Time // zero: any
	Urgent      time.Time // attention items due before this go in front
	After       Cursor
	Limit       int
}

// Counts says how many cases each view holds.
type Counts map[Tab]int

// Pick says who takes and what this person may take.
type Pick struct {
	Staff   review.StaffID
	Now     time.Time
	Second  bool // second reviews as well
	Senior  bool // and those that were escalated
	Arbiter bool // and those that a supervisor must decide
	// Held is how many cases the actor knew to hold. Holding more already means
	// that the same press of the button came twice: the store answers with the
	// newest one and claims nothing. Negative: do not look.
	Held int
}

// Store is what the queue needs of the rows.
type Store interface {
	// List returns at most q.Limit rows: views that are served in the order of
	// their parts and by deadline within, the others by deadline.
	List(ctx context.Context, q Query) ([]Row, error)
	Counts(ctx context.Context, staff review.StaffID) (Counts, error)
	// Citizenships lists the codes that occur in the open queue.
	Citizenships(ctx context.Context) ([]string, error)
	// News counts rows of the query that became free to take after since.
	News(ctx context.Context, q Query, since time.Time) (int, error)
	// Next chooses and claims in one write transaction: urgent attention items,
	// then by lane, deadline and id. A candidate whose change fails with a
	// forbidden or conflict error is passed over. It returns ErrEmpty when
	// nothing is left.
	Next(ctx context.Context, p Pick, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// Update changes one submission; see package submissionstore.
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// LeasesOver lists claims whose lease has run out.
	LeasesOver(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error)
	Views
}

// ErrEmpty says that there is nothing to take.
var ErrEmpty = &review.Error{Kind: review.NotFound, Code: "queue-empty"}

// Service is the queue. Zone is where the desk's day ends, UTC+3 when nil. Own
// tells whether an account belongs to the actor; nil when nobody can be both.
type Service struct {
	Gate  review.Gate
	Store Store
	Clock review.Clock
	IDs   review.IDs
	Zone  *time.Location
	Own   func(ctx context.Context, actor review.Actor, account review.AccountID) (bool, error)
}

// Page is one page of the queue. Tabs are the views that the actor may open, Free
// says that the actor may take any case of them, not only the next.
type Page struct {
	Rows         []Row
	Free         bool
	Tabs         []Tab
	Next         Cursor // empty on the last page
	Counts       Counts
	Citizenships []string
	Held         int // cases that the actor holds
	At           time.Time
}

// query turns the filter into a query.
func (s *Service) query(actor review.Actor, f Filter, now time.Time) Query {
	q := Query{Tab: f.Tab, Staff: actor.Staff, Track: f.Track, Citizenship: f.Citizenship, Urgent: now.Add(Overtake), After: f.After, Limit: PageSize + 1}
	if f.After.ID != "" {
		q.Urgent = f.After.Urgent // the parts stay as they were while one leafs through
	}
	for _, lane := range []review.Lane{review.LaneGreen, review.LaneNormal, review.LaneAttention} {
		if f.Lane == lane.String() {
			q.Lane = &lane
		}
	}
	switch f.Due {
	case Late:
		q.DueBefore = now
	case Soon:
		q.DueBefore = now.Add(Overtake)
	case Today:
		zone := s.Zone
		if zone == nil {
			zone = time.FixedZone("UTC+3", 3*60*60)
		}
		y, m, d := now.In(zone).Date()
		q.DueBefore = time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	}
	return q
}

// List returns a page of the queue.
func (s *Service) List(ctx context.Context, actor review.Actor, f Filter) (Page, error) {
	if err := s.Gate.Allow(actor, review.ActQueueList); err != nil {
		return Page{}, err
	}
	p := Page{At: s.Clock.Now(), Tabs: s.tabs(actor), Free: s.may(actor, review.ActClaim)}
	if slices.Contains(Tabs, f.Tab) && !slices.Contains(p.Tabs, f.Tab) {
		return Page{}, review.ErrForbidden
	}
	var err error
	q := s.query(actor, f, p.At)
	if p.Rows, err = s.Store.List(ctx, q); err != nil {
		return Page{}, err
	}
	if len(p.Rows) > PageSize {
		p.Rows = p.Rows[:PageSize]
		last := p.Rows[PageSize-1]
		p.Next = Cursor{Stage: StageOf(last.Lane, last.DueAt, q.Urgent), Urgent: q.Urgent, Due: last.DueAt, ID: last.ID}
	}
	if p.Counts, err = s.Store.Counts(ctx, actor.Staff); err != nil {
		return Page{}, err
	}
	p.Held = p.Counts[Mine]
	p.Citizenships, err = s.Store.Citizenships(ctx)
	return p, err
}

// tabs lists the views that the actor may open.
func (s *Service) tabs(actor review.Actor) (list []Tab) {
	for _, t := range Tabs {
		if t != Appeals || s.may(actor, review.ActAppeal) {
			list = append(list, t)
		}
	}
	return list
}

// Held counts the cases that the actor holds.
func (s *Service) Held(ctx context.Context, actor review.Actor) (int, error) {
	counts, err := s.Store.Counts(ctx, actor.Staff)
	return counts[Mine], err
}

// News counts what came into the filtered view since the given moment.
func (s *Service) News(ctx context.Context, actor review.Actor, f Filter, since time.Time) (int, error) {
	if err := s.Gate.Allow(actor, review.ActQueueList); err != nil {
		return 0, err
	}
	return s.Store.News(ctx, s.query(actor, f, s.Clock.Now()), since)
}

// Country names a citizenship code in a language; an unknown code is returned as it is.
func Country(language, code string) string {
	if c, ok := field.CountryByCode(code); ok {
		return c.Name(language)
	}
	return code
}

// may reports whether the policy allows the action.
func (s *Service) may(actor review.Actor, action review.Action) bool {
	return s.Gate.Allow(actor, action) == nil
}

// TakeNext claims the next submission for the actor. held is how many cases the
// page with the button showed as held (negative: unknown); see [Pick]. It
// returns ErrEmpty when nothing waits.
func (s *Service) TakeNext(ctx context.Context, actor review.Actor, held int) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActTakeNext); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	p := Pick{
		Staff: actor.Staff, Now: now, Held: held,
		Second:  s.may(actor, review.ActSecond),
		Senior:  actor.Has(review.RoleSeniorReviewer) || actor.Has(review.RoleSupervisor),
		Arbiter: s.may(actor, review.ActArbitrate),
	}
	take := func(x *review.Submission) (review.Change, error) { return x.Take(actor, now) }
	for swept := false; ; {
		x, err := s.Store.Next(ctx, p, take)
		if err == nil {
			if own, err := s.own(ctx, actor, x); err != nil {
				return nil, err
			} else if own {
				continue // one's own application goes to somebody else
			}
			return x, nil
		}
		if swept || !errors.Is(err, ErrEmpty) {
			return nil, err
		}
		n, err := s.Sweep(ctx)
		if err != nil || n == 0 {
			return nil, errors.Join(err, ErrEmpty)
		}
		swept = true
	}
}

// Claim takes a particular submission: any with the right to pick freely, and for
// those who work through the line one that is theirs to go on with. Somebody else's
// claim is ErrClaimed with the holder's name.
func (s *Service) Claim(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	free := s.may(actor, review.ActClaim)
	if !free && !s.may(actor, review.ActTakeNext) {
		return nil, s.Gate.Allow(actor, review.ActClaim)
	}
	now := s.Clock.Now()
	x, err := s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) {
		if x.Status == review.SecondReview {
			action := review.ActSecond
			if x.Arbiter {
				action = review.ActArbitrate
			}
			if !s.may(actor, action) {
				return review.Change{}, review.ErrForbidden
			}
		}
		return x.Pick(actor, free, now)
	})
	if err != nil {
		return nil, err
	}
	if own, err := s.own(ctx, actor, x); err != nil {
		return nil, err
	} else if own {
		return nil, review.ErrInterest
	}
	return x, nil
}

// Renew keeps the actor's lease alive after real activity and returns its new
// end. ErrNotClaimed means that the lease is gone.
func (s *Service) Renew(ctx context.Context, actor review.Actor, id review.SubmissionID) (time.Time, error) {
	if err := s.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return time.Time{}, err
	}
	now := s.Clock.Now()
	x, err := s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) { return x.Renew(actor, now) })
	if err != nil {
		return time.Time{}, err
	}
	return x.Claim.LeaseUntil, nil
}

// Release gives the actor's case back, with a remark for whoever takes it next
// if note is not empty.
func (s *Service) Release(ctx context.Context, actor review.Actor, id review.SubmissionID, note string) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActRelease); err != nil {
		return nil, err
	}
	return s.release(ctx, actor, id, note, false)
}

// ReleaseAny gives back a case that a colleague holds.
func (s *Service) ReleaseAny(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActReleaseAny); err != nil {
		return nil, err
	}
	return s.release(ctx, actor, id, "", true)
}

func (s *Service) release(ctx context.Context, actor review.Actor, id review.SubmissionID, note string, anyClaim bool) (*review.Submission, error) {
	now := s.Clock.Now()
	return s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) {
		c, err := x.Release(actor, anyClaim, now)
		if err != nil || strings.TrimSpace(note) == "" {
			return c, err
		}
		n, err := x.AddNote(actor, s.IDs.NewID(), note, now)
		return c.Then(n), err
	})
}

// sweepLimit bounds one tick.
const sweepLimit = 100

// Sweep gives back cases whose lease has run out and returns how many. It is
// the tick of a background loop.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	now := s.Clock.Now()
	ids, err := s.Store.LeasesOver(ctx, now, sweepLimit)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		_, err := s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) {
			return x.ExpireLease(review.System(), now)
		})
		switch {
		case err == nil:
			n++
		case review.KindOf(err) != review.Conflict: // renewed or decided a moment ago: fine
			return n, err
		}
	}
	return n, nil
}
