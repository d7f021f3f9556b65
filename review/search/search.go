// Package search finds submissions by what a member of staff can know of them:
// case number, name in either script, number of a document, telephone, e-mail
// and date of birth, alone or together.
//
// Nothing personal stands in the database in a form that can be read, so the
// search goes through keyed hashes. [Terms] says which values of a submission
// are hashed when it is sent; [Query.plan] which hashes a typed text asks for.
// Both use the sound keys of the name rules: two spellings that the rules call
// equivalent share a hash, in any script and in any order of the words.
//
//	id, err := searches.Ask(ctx, actor, search.Query{Text: "иванов иван", Birth: "1990-05-17"})
//	page, err := searches.Show(ctx, actor, id, 1)
//
// What was asked for never stands in an address, an event or on the disk: Ask
// keeps it in memory for a quarter of an hour and answers with a random word for
// the address of the results.
package search

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
)

// Query is what somebody looks for. Birth is YYYY-MM-DD; one of both may be empty.
type Query struct {
	Text  string
	Birth string
}

// Plan is a query as the store understands it: everything that matches any of
// its parts is found.
type Plan struct {
	Numbers  []review.CaseNumber
	Contacts map[review.Channel]string // normal form
	// Any lists alternatives. A submission matches one when it has all of its
	// terms. The first term is the rarest: the store begins with it.
	Any [][]Term
}

// Found is a submission that matches. Name, Document and Birth are the open
// values; the service masks them before anybody sees them.
type Found struct {
	ID          review.SubmissionID
	Number      review.CaseNumber
	Track       review.Track
	Citizenship string
	Status      review.Status
	SubmittedAt time.Time
	Holder      review.StaffID
	HolderName  string
	LeaseUntil  time.Time

	Surname, Given, Patronymic string
	Document, Birth            string
}

// Entry stands for a submission in the search: the number of its first sending.
type Entry int64

// Store finds submissions. What was never sent is not found.
type Store interface {
	// Find returns at most limit entries that match, the newest first.
	Find(ctx context.Context, p Plan, limit int) ([]Entry, error)
	// Opened reads the submissions behind entries, in the same order. Those whose
	// key was destroyed are left out.
	Opened(ctx context.Context, entries []Entry) ([]Found, error)
	// Record appends events that change no submission.
	Record(ctx context.Context, events ...review.Event) error
}

// Limiter bounds how often a member of staff searches.
type Limiter interface {
	// Take takes one search; a time that is not zero says until when it is refused.
	Take(ctx context.Context, staff review.StaffID, at time.Time) (time.Time, error)
}

// Limits of what is shown.
const (
	PageSize = 25
	MaxFound = 200 // beyond that the query has to become narrower
)

// Service answers searches. Make it with New.
type Service struct {
	gate    review.Gate
	store   Store
	limiter Limiter
	clock   review.Clock
	ids     review.IDs
	asked   *memory
}

// New returns the service.
func New(gate review.Gate, store Store, limiter Limiter, clock review.Clock, ids review.IDs) *Service {
	return &Service{gate: gate, store: store, limiter: limiter, clock: clock, ids: ids, asked: newMemory()}
}

// Refusals of a search.
var (
	// ErrOver says that the results were asked for too long ago, or by somebody else.
	ErrOver = &review.Error{Kind: review.NotFound, Code: "search-over"}
	// ErrTooOften says that this person searches too fast.
	ErrTooOften = &review.Error{Kind: review.Conflict, Code: "search-too-often"}
)

// Ask checks the query, keeps it, and returns the word under which [Service.Show]
// knows it. Faults name the field text or birth.
func (s *Service) Ask(ctx context.Context, actor review.Actor, q Query) (id string, err error) {
	if err := s.gate.Allow(actor, review.ActSearch); err != nil {
		return "", err
	}
	q.Text = field.Normalize(q.Text)
	if err := q.check(); err != nil {
		return "", err
	}
	now := s.clock.Now()
	until, err := s.limiter.Take(ctx, actor.Staff, now)
	if err != nil {
		return "", err
	}
	if !until.IsZero() {
		return "", ErrTooOften
	}
	id = s.ids.NewID()
	s.asked.keep(id, asked{query: q, staff: actor.Staff, at: now})
	return id, nil
}

// longest bounds the text; no name and number together come near.
const longest = 200

func (q Query) check() error {
	fault := func(field, code string) error { return review.Faulty(review.FieldFault{Field: field, Code: code}) }
	if q.Birth != "" {
		if _, faults := field.ParseDate(q.Birth); len(faults) > 0 {
			return fault("birth", "not-a-date")
		}
	}
	switch {
	case q.Text == "" && q.Birth == "":
		return fault("text", "empty")
	case utf8.RuneCountInString(q.Text) > longest:
		return fault("text", "too-long")
	}
	if p := q.plan(); len(p.Any) == 0 && len(p.Numbers) == 0 && len(p.Contacts) == 0 {
		return fault("text", "too-short")
	}
	return nil
}

// Row is one line of the results. What is personal is masked unless the actor
// holds the case.
type Row struct {
	ID          review.SubmissionID
	Number      review.CaseNumber
	Track       review.Track
	Citizenship string
	Status      review.Status
	SubmittedAt time.Time
	HolderName  string // of a live claim
	Mine        bool
	Name        string // initials while masked
	Document    string // last signs while masked
	Birth       string // year while masked
}

// Page is one page of results.
type Page struct {
	Query
	Rows  []Row
	Total int  // at most MaxFound
	More  bool // there are more than MaxFound
	// Beginning says that no whole name matched, and surnames that begin
	// alike are shown.
	Beginning bool
	Number    int // of this page, from 1
	Pages     int
}

// Show returns a page of the results and writes down that a search was made:
// what kind of thing was looked for and how much was found, never the text.
// It reports ErrOver for a word that is not, or no longer, known.
func (s *Service) Show(ctx context.Context, actor review.Actor, id string, number int) (Page, error) {
	if err := s.gate.Allow(actor, review.ActSearch); err != nil {
		return Page{}, err
	}
	now := s.clock.Now()
	a, ok := s.asked.find(id, actor.Staff, now)
	if !ok {
		return Page{}, ErrOver
	}
	p := Page{Query: a.query}
	plan := a.query.plan()
	found, err := s.store.Find(ctx, plan, MaxFound+1)
	if err != nil {
		return Page{}, err
	}
	if begin := a.query.beginning(); len(found) == 0 && len(begin) > 0 {
		p.Beginning = true
		if found, err = s.store.Find(ctx, Plan{Any: begin}, MaxFound+1); err != nil {
			return Page{}, err
		}
	}
	if len(found) > MaxFound {
		found, p.More = found[:MaxFound], true
	}
	p.Total = len(found)
	p.Pages = max(1, (p.Total+PageSize-1)/PageSize)
	p.Number = min(max(1, number), p.Pages)
	found = found[(p.Number-1)*PageSize : min(p.Total, p.Number*PageSize)]

	e := actor.Event(review.EventSearched, now).With("by", strings.Join(a.query.kinds(plan), ",")).With("found", countOf(p))
	if err := s.store.Record(ctx, e); err != nil {
		return Page{}, err
	}
	opened, err := s.store.Opened(ctx, found)
	if err != nil {
		return Page{}, err
	}
	for _, f := range opened {
		p.Rows = append(p.Rows, row(f, actor, now))
	}
	return p, nil
}

// countOf tells the history how much was found, without making it an exact count
// of how many people share a name.
func countOf(p Page) string {
	switch {
	case p.Total == 0:
		return "none"
	case p.Total == 1:
		return "one"
	case p.More:
		return "too-many"
	default:
		return "some"
	}
}

// kinds names what a query looks for.
func (q Query) kinds(p Plan) (kinds []string) {
	if len(p.Numbers) > 0 {
		kinds = append(kinds, "number")
	}
	if p.Contacts[review.Mail] != "" {
		kinds = append(kinds, "email")
	}
	if p.Contacts[review.SMS] != "" {
		kinds = append(kinds, "phone")
	}
	for _, terms := range p.Any {
		for _, t := range terms {
			kinds = append(kinds, t.Kind.plain())
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func row(f Found, actor review.Actor, now time.Time) Row {
	r := Row{ID: f.ID, Number: f.Number, Track: f.Track, Citizenship: f.Citizenship, Status: f.Status, SubmittedAt: f.SubmittedAt}
	live := f.Holder != "" && now.Before(f.LeaseUntil)
	if live {
		r.HolderName, r.Mine = f.HolderName, f.Holder == actor.Staff
	}
	if r.Mine {
		r.Name = strings.Join(strings.Fields(f.Surname+" "+f.Given+" "+f.Patronymic), " ")
		r.Document, r.Birth = f.Document, f.Birth
		return r
	}
	for _, part := range []string{f.Surname, f.Given, f.Patronymic} {
		if first := initial(part); first != "" {
			r.Name = strings.TrimSpace(r.Name + " " + first)
		}
	}
	r.Document = field.MaskDocument(f.Document)
	if len(f.Birth) >= 4 {
		r.Birth = f.Birth[:4]
	}
	return r
}

// initial is the first letter of a part of a name with a full stop.
func initial(part string) string {
	for _, r := range part {
		return strings.ToUpper(string(r)) + "."
	}
	return ""
}
