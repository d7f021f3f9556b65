package submissionstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// row is a row of the table submissions. Queries that list submissions select
// [columns] into it, or a struct of their own with the few columns they show.
type row struct {
	ID          string `db:"id"`
	Number      string `db:"number"`
	Account     string `db:"account"`
	Track       string `db:"track"`
	Status      string `db:"status"`
	Version     int64  `db:"version"`
	Language    string `db:"language"`
	Citizenship string `db:"citizenship"`

	Lane         int    `db:"lane"`
	Holds        int    `db:"holds"`
	Raised       int    `db:"raised"`
	Round        int    `db:"round"`
	Requests     int    `db:"requests"`
	Arbiter      bool   `db:"arbiter"`
	Claimant     string `db:"claimant"`
	ClaimantName string `db:"claimant_name"`
	ClaimedSince int64  `db:"claimed_since"`
	LeaseUntil   int64  `db:"lease_until"`
	FirstClaimed int64  `db:"first_claimed_at"`

	PendingBy        string `db:"pending_by"`
	PendingOutcome   string `db:"pending_outcome"`
	PendingEffective int64  `db:"pending_effective_at"`
	FirstBy          string `db:"first_by"`
	FirstAgainst     string `db:"first_against"`
	FirstOutcome     string `db:"first_outcome"`

	ReservedFor   string `db:"reserved_for"`
	ReservedUntil int64  `db:"reserved_until"`
	ParkedUntil   int64  `db:"parked_until"`
	ParkedBy      string `db:"parked_by"`
	Appeal        bool   `db:"appeal"`

	CreatedAt     int64 `db:"created_at"`
	ChangedAt     int64 `db:"changed_at"`
	SubmittedAt   int64 `db:"submitted_at"`
	DueAt         int64 `db:"due_at"`
	ClosedAt      int64 `db:"closed_at"`
	Remaining     int64 `db:"remaining"`
	Used          int64 `db:"used"`
	RunningSince  int64 `db:"running_since"`
	CorrectionDue int64 `db:"correction_due"`
	RemindAt      int64 `db:"remind_at"`
	AppealDue     int64 `db:"appeal_due"`

	Rules string `db:"rules"`

	Consents string `db:"consents"`
	Answers  []byte `db:"answers"`
	Desk     []byte `db:"desk"`
}

// fixedColumns never change after the insert; changingColumns do. notes_count
// is kept by addNote.
const (
	fixedColumns    = `id, number, account, track, created_at`
	changingColumns = `status, version, language, citizenship, lane, holds, raised, round, requests, arbiter,
	claimant, claimant_name, claimed_since, lease_until, first_claimed_at,
	pending_by, pending_outcome, pending_effective_at, first_by, first_against, first_outcome,
	reserved_for, reserved_until, parked_until, parked_by, appeal,
	changed_at, submitted_at, due_at, closed_at, remaining, used, running_since, correction_due, remind_at, appeal_due,
	rules, consents, answers, desk`
	columns = fixedColumns + `, ` + changingColumns
)

var (
	insertRow = `INSERT INTO submissions (` + columns + `, notes_count) VALUES (` + strings.Repeat(`?, `, strings.Count(columns, ",")+1) + `0)`
	updateRow = `UPDATE submissions SET ` + strings.ReplaceAll(changingColumns, ",", " = ?,") + ` = ?`
)

// values are the arguments for columns, changes those for changingColumns.
func (r row) values() []any {
	return append([]any{r.ID, r.Number, r.Account, r.Track, r.CreatedAt}, r.changes()...)
}

func (r row) changes() []any {
	return []any{
		r.Status, r.Version, r.Language, r.Citizenship, r.Lane, r.Holds, r.Raised, r.Round, r.Requests, r.Arbiter,
		r.Claimant, r.ClaimantName, r.ClaimedSince, r.LeaseUntil, r.FirstClaimed,
		r.PendingBy, r.PendingOutcome, r.PendingEffective, r.FirstBy, r.FirstAgainst, r.FirstOutcome,
		r.ReservedFor, r.ReservedUntil, r.ParkedUntil, r.ParkedBy, r.Appeal,
		r.ChangedAt, r.SubmittedAt, r.DueAt, r.ClosedAt, r.Remaining, r.Used, r.RunningSince, r.CorrectionDue, r.RemindAt, r.AppealDue,
		r.Rules, r.Consents, r.Answers, r.Desk,
	}
}

// desk is what the column desk holds, packed and sealed.
type desk struct {
	Checks      []review.Check
	Pending     *review.Decision
	First       *review.Decision
	Last        *review.Decision
	Corrections []review.Item
	Marks       []review.Mark
	Reminded    int                 `json:",omitempty"`
	Extended    bool                `json:",omitempty"`
	Appeal      *review.Appeal      `json:",omitempty"`
	Sketch      *review.Sketch      `json:",omitempty"`
	Reserved    *review.Reservation `json:",omitempty"`
	Parked      *review.Parking     `json:",omitempty"`
	Recused     []review.StaffID    `json:",omitempty"`
	Lapsed      review.StaffID      `json:",omitempty"`
}

func owner(id review.SubmissionID) seal.Owner {
	return seal.Owner{Kind: seal.Submission, ID: string(id)}
}

func answersPlace(id string, version int64) seal.Place {
	return seal.Place{Table: "submissions", Column: "answers", Row: id, Version: version}
}

func deskPlace(id string, version int64) seal.Place {
	return seal.Place{Table: "submissions", Column: "desk", Row: id, Version: version}
}

// rowOf is the row for s at s.Version, with everything personal sealed.
func rowOf(box *seal.Box, s *review.Submission) (row, error) {
	r := row{
		ID: string(s.ID), Number: string(s.Number), Account: string(s.Account), Track: string(s.Track), Status: string(s.Status),
		Version: s.Version, Language: s.Language, Citizenship: s.Answers.Value(review.Citizenship),
		Lane: int(s.Lane), Holds: len(s.Holds()), Round: s.Round, Requests: s.Requests, Arbiter: s.Arbiter,
		FirstClaimed: sqlite.Millis(s.ClaimedAt),
		CreatedAt:    sqlite.Millis(s.CreatedAt), ChangedAt: sqlite.Millis(s.ChangedAt), SubmittedAt: sqlite.Millis(s.SubmittedAt),
		DueAt: sqlite.Millis(s.DueAt), ClosedAt: sqlite.Millis(s.ClosedAt), Remaining: s.Remaining.Milliseconds(), Used: s.Used.Milliseconds(),
		RunningSince: sqlite.Millis(s.RunningSince), CorrectionDue: sqlite.Millis(s.CorrectionDue), RemindAt: sqlite.Millis(s.RemindAt), Rules: s.Rules,
	}
	for _, c := range s.Checks {
		if c.Raised() {
			r.Raised++
		}
	}
	if c := s.Claim; c != nil {
		r.Claimant, r.ClaimantName, r.ClaimedSince, r.LeaseUntil = string(c.Staff), c.Name, sqlite.Millis(c.Since), sqlite.Millis(c.LeaseUntil)
	}
	if p := s.Pending; p != nil {
		r.PendingBy, r.PendingOutcome, r.PendingEffective = string(p.By), string(p.Outcome), sqlite.Millis(p.EffectiveAt)
	}
	if f := s.First; f != nil {
		r.FirstBy, r.FirstAgainst, r.FirstOutcome = string(f.By), string(f.Against), string(f.Outcome)
	}
	if s.Appeal.Open() {
		r.AppealDue = sqlite.Millis(s.Appeal.Target)
	}
	if x := s.Reserved; x != nil {
		r.ReservedFor, r.ReservedUntil = string(x.Staff), sqlite.Millis(x.Until)
	}
	if x := s.Parked; x != nil {
		r.ParkedBy, r.ParkedUntil = string(x.Staff), sqlite.Millis(x.Until)
	}
	r.Appeal = s.Appealed()
	consents, err := json.Marshal(s.Consents)
	if err != nil {
		return row{}, err
	}
	answers, err := json.Marshal(s.Answers)
	if err != nil {
		return row{}, err
	}
	work, err := pack(desk{s.Checks, s.Pending, s.First, s.Last, s.Corrections, s.Marks, s.Reminded, s.Extended, s.Appeal, s.Sketch, s.Reserved, s.Parked, s.Recused, s.Lapsed})
	if err != nil {
		return row{}, err
	}
	r.Consents = string(consents)
	r.Answers = box.Seal(answersPlace(r.ID, r.Version), answers)
	r.Desk = box.Seal(deskPlace(r.ID, r.Version), work)
	return r, nil
}

// submission opens the row. Documents are read beside it.
func (r row) submission(box *seal.Box) (*review.Submission, error) {
	s := &review.Submission{
		ID: review.SubmissionID(r.ID), Number: review.CaseNumber(r.Number), Account: review.AccountID(r.Account),
		Track: review.Track(r.Track), Status: review.Status(r.Status), Version: r.Version, Language: r.Language,
		CreatedAt: sqlite.Moment(r.CreatedAt), ChangedAt: sqlite.Moment(r.ChangedAt), SubmittedAt: sqlite.Moment(r.SubmittedAt), ClosedAt: sqlite.Moment(r.ClosedAt),
		Round: r.Round, Lane: review.Lane(r.Lane), DueAt: sqlite.Moment(r.DueAt),
		Remaining: time.Duration(r.Remaining) * time.Millisecond, Used: time.Duration(r.Used) * time.Millisecond,
		RunningSince: sqlite.Moment(r.RunningSince), Arbiter: r.Arbiter, ClaimedAt: sqlite.Moment(r.FirstClaimed),
		CorrectionDue: sqlite.Moment(r.CorrectionDue), RemindAt: sqlite.Moment(r.RemindAt), Requests: r.Requests, Rules: r.Rules,
	}
	if r.Claimant != "" {
		s.Claim = &review.Claim{Staff: review.StaffID(r.Claimant), Name: r.ClaimantName, Since: sqlite.Moment(r.ClaimedSince), LeaseUntil: sqlite.Moment(r.LeaseUntil)}
	}
	if err := json.Unmarshal([]byte(r.Consents), &s.Consents); err != nil {
		return nil, fmt.Errorf("submissions.consents: %w", err)
	}
	plain, err := box.Open(answersPlace(r.ID, r.Version), r.Answers)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(plain, &s.Answers); err != nil {
		return nil, fmt.Errorf("submissions.answers: %w", err)
	}
	if plain, err = box.Open(deskPlace(r.ID, r.Version), r.Desk); err != nil {
		return nil, err
	}
	var d desk
	if err := unpack(plain, &d); err != nil {
		return nil, fmt.Errorf("submissions.desk: %w", err)
	}
	s.Checks, s.Pending, s.First, s.Last, s.Corrections, s.Marks = d.Checks, d.Pending, d.First, d.Last, d.Corrections, d.Marks
	s.Reminded, s.Extended, s.Appeal = d.Reminded, d.Extended, d.Appeal
	s.Sketch, s.Reserved, s.Parked, s.Recused, s.Lapsed = d.Sketch, d.Reserved, d.Parked, d.Recused, d.Lapsed
	return s, nil
}
