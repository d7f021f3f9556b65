// Package submissionstore keeps submissions. Work data (status, claim, times)
// are plain columns; answers and everything the desk wrote down are sealed
// under the submission's own key.
//
// A submission is changed in one way only: [Store.Update] loads it inside a
// write transaction, hands it to a closure that calls the domain's methods, and
// writes the result together with its events, notices, documents and notes:
//
//	s, err := store.Update(ctx, id, version, func(s *review.Submission) (review.Change, error) {
//		return s.Withdraw(actor, now)
//	})
//
// The closure decides; it gets no context and no store and must not call out.
package submissionstore

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"okno/db/scanstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// History appends events to the audit chain.
type History interface {
	Append(tx *sqlite.Tx, events ...review.Event) error
}

// Outbox queues messages.
type Outbox interface {
	Enqueue(tx *sqlite.Tx, now time.Time, ids review.IDs, notices ...review.Notice) error
}

// Accounts raises an account to active and standard.
type Accounts interface {
	Activate(tx *sqlite.Tx, account review.AccountID, at time.Time) error
}

// Activity keeps the figures of the reports current.
type Activity interface {
	Record(tx *sqlite.Tx, s *review.Submission, events ...review.Event) error
}

// Contacts knows whose a contact is.
type Contacts interface {
	// Holder returns the account with the contact, or review.ErrNotFound.
	Holder(rx *sqlite.Rx, channel review.Channel, contact string) (review.AccountID, error)
}

// Store reads and writes submissions. Activity may be nil; without Contacts
// nothing is found by telephone or e-mail.
type Store struct {
	DB       *sqlite.DB
	Vault    *seal.Vault
	Clock    review.Clock
	IDs      review.IDs
	Scans    *scanstore.Store
	History  History
	Outbox   Outbox
	Accounts Accounts
	Activity Activity
	Contacts Contacts
}

// Errors of Create, to be compared with errors.Is.
var (
	// ErrNumberTaken says that the case number is in use: try another.
	ErrNumberTaken = &review.Error{Kind: review.Conflict, Code: "number-taken"}
	// ErrAlreadyOpen says that the account has an open submission.
	ErrAlreadyOpen = &review.Error{Kind: review.Conflict, Code: "already-open"}
)

// Create writes a new submission and makes its sealing key.
func (st *Store) Create(ctx context.Context, s *review.Submission, c review.Change) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error { return st.CreateTx(tx, s, c) })
}

// CreateTx is Create inside a transaction of the caller.
func (st *Store) CreateTx(tx *sqlite.Tx, s *review.Submission, c review.Change) error {
	s.Version = 1
	return st.ImportTx(tx, s, c)
}

// ImportTx writes a submission that has a past already, at the version it has;
// the change holds everything that happened to it so far.
func (st *Store) ImportTx(tx *sqlite.Tx, s *review.Submission, c review.Change) error {
	box, err := st.Vault.NewBox(tx, owner(s.ID), st.Clock.Now())
	if err != nil {
		return err
	}
	r, err := rowOf(box, s)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(insertRow, r.values()...); err != nil {
		switch {
		case sqlite.UniqueOn(err, "submissions.number"):
			return ErrNumberTaken.Because(err)
		case sqlite.UniqueOn(err, "submissions.account"):
			return ErrAlreadyOpen.Because(err)
		}
		return err
	}
	return st.follow(tx, box, s, 0, c)
}

// Update changes a submission in one write transaction. want is the version
// that the caller saw; 0 takes any. Another version is [review.ErrStale], an
// error of the closure is returned as it is; in both cases nothing changes.
// The version grows when the change has at least one event.
func (st *Store) Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	var s *review.Submission
	err := st.DB.Write(ctx, func(tx *sqlite.Tx) (err error) {
		s, err = st.UpdateTx(tx, id, want, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// UpdateTx is Update inside a transaction of the caller.
func (st *Store) UpdateTx(tx *sqlite.Tx, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	s, box, err := st.load(tx.Rx, id)
	if err != nil {
		return nil, err
	}
	if want != 0 && s.Version != want {
		return nil, review.ErrStale
	}
	before, round := s.Version, s.Round
	c, err := change(s)
	if err != nil {
		return nil, err
	}
	if len(c.Events) > 0 {
		s.Version = before + 1
	}
	r, err := rowOf(box, s)
	if err != nil {
		return nil, err
	}
	n, err := tx.Change(updateRow+` WHERE id = ? AND version = ?`, append(r.changes(), id, before)...)
	if sqlite.UniqueOn(err, "submissions.account") { // brought back while another one is open
		return nil, ErrAlreadyOpen.Because(err)
	}
	if err != nil {
		return nil, err
	}
	if n != 1 {
		return nil, review.ErrStale
	}
	return s, st.follow(tx, box, s, round, c)
}

// follow writes everything that goes with the row: documents, notes, search
// keys, the snapshot of a sending, history, messages, account, figures.
func (st *Store) follow(tx *sqlite.Tx, box *seal.Box, s *review.Submission, round int, c review.Change) error {
	if len(c.Retired) > 0 {
		if err := st.Scans.Retire(tx, s.ChangedAt, c.Retired...); err != nil {
			return err
		}
	}
	for _, d := range c.Added {
		if err := st.Scans.Insert(tx, box, s.ID, d); err != nil {
			return err
		}
	}
	for _, d := range c.Reread {
		if err := st.Scans.Reread(tx, box, d); err != nil {
			return err
		}
	}
	for _, n := range c.Notes {
		if err := st.addNote(tx, box, s.ID, n); err != nil {
			return err
		}
	}
	if s.Round > round {
		if err := st.snap(tx, box, s); err != nil {
			return err
		}
		if err := st.writeKeys(tx, s); err != nil {
			return err
		}
		if err := st.index(tx, s); err != nil {
			return err
		}
	}
	for kind, value := range c.Keys {
		if err := st.writeKey(tx, s.ID, kind, value); err != nil {
			return err
		}
	}
	if c.SentFrom != "" {
		if err := st.sentFrom(tx, s, c.SentFrom); err != nil {
			return err
		}
	}
	if len(c.Ledger) > 0 {
		if err := st.keepRun(tx, box, s, c.Ledger); err != nil {
			return err
		}
	}
	if len(c.Events) > 0 {
		if err := st.History.Append(tx, c.Events...); err != nil {
			return err
		}
		if err := st.recordDecisions(tx, s, c.Events); err != nil {
			return err
		}
		if err := recordLinks(tx, s, c.Events); err != nil {
			return err
		}
	}
	if len(c.Notices) > 0 {
		if err := st.Outbox.Enqueue(tx, st.Clock.Now(), st.IDs, c.Notices...); err != nil {
			return err
		}
	}
	if c.Activate {
		if err := st.Accounts.Activate(tx, s.Account, st.Clock.Now()); err != nil {
			return err
		}
	}
	if st.Activity != nil && len(c.Events) > 0 {
		return st.Activity.Record(tx, s, c.Events...)
	}
	return nil
}

// load reads a submission with its current documents.
func (st *Store) load(rx *sqlite.Rx, id review.SubmissionID) (*review.Submission, *seal.Box, error) {
	return st.one(rx, `id = ?`, string(id))
}

func (st *Store) one(rx *sqlite.Rx, where string, args ...any) (*review.Submission, *seal.Box, error) {
	var r row
	if err := rx.Get(&r, `SELECT `+columns+` FROM submissions WHERE `+where, args...); err != nil {
		return nil, nil, err
	}
	return st.open(rx, r)
}

// open turns a row into the submission with its current documents.
func (st *Store) open(rx *sqlite.Rx, r row) (*review.Submission, *seal.Box, error) {
	box, err := st.Vault.Box(rx, owner(review.SubmissionID(r.ID)))
	if err != nil {
		return nil, nil, err
	}
	s, err := r.submission(box)
	if err != nil {
		return nil, nil, err
	}
	s.Documents, err = st.Scans.Current(rx, box, s.ID)
	return s, box, err
}

func (st *Store) find(ctx context.Context, where string, args ...any) (s *review.Submission, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		s, _, err = st.one(rx, where, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Submission returns a submission, or [review.ErrNotFound].
func (st *Store) Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error) {
	return st.find(ctx, `id = ?`, string(id))
}

// ByNumber returns the submission with the case number, or [review.ErrNotFound].
func (st *Store) ByNumber(ctx context.Context, number review.CaseNumber) (*review.Submission, error) {
	return st.find(ctx, `number = ?`, string(number))
}

// AccountOf returns the account that made the submission with the case number,
// or [review.ErrNotFound].
func (st *Store) AccountOf(ctx context.Context, number review.CaseNumber) (id review.AccountID, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&id, `SELECT account FROM submissions WHERE number = ?`, string(number))
	})
	return id, err
}

// NewestOf returns id and number of the newest submission of an account, or
// [review.ErrNotFound].
func (st *Store) NewestOf(rx *sqlite.Rx, account review.AccountID) (id review.SubmissionID, number review.CaseNumber, err error) {
	var r struct {
		ID     review.SubmissionID `db:"id"`
		Number review.CaseNumber   `db:"number"`
	}
	err = rx.Get(&r, `SELECT id, number FROM submissions WHERE account = ? ORDER BY created_at DESC, closed_at, id LIMIT 1`, account)
	return r.ID, r.Number, err
}

// ForAccount returns the newest submission of an account, or [review.ErrNotFound].
func (st *Store) ForAccount(ctx context.Context, account review.AccountID) (*review.Submission, error) {
	return st.find(ctx, `account = ? ORDER BY created_at DESC, closed_at, id LIMIT 1`, string(account))
}

// Begun returns the newest submissions of an account, newest first.
func (st *Store) Begun(ctx context.Context, account review.AccountID, limit int) ([]review.Begun, error) {
	var rows []struct {
		Status    review.Status `db:"status"`
		CreatedAt int64         `db:"created_at"`
		ClosedAt  int64         `db:"closed_at"`
	}
	if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT status, created_at, closed_at FROM submissions WHERE account = ? ORDER BY created_at DESC LIMIT ?`, string(account), limit)
	}); err != nil {
		return nil, err
	}
	list := make([]review.Begun, len(rows))
	for i, r := range rows {
		list[i].At = sqlite.Moment(r.CreatedAt)
		if r.Status == review.Rejected {
			list[i].Rejected = sqlite.Moment(r.ClosedAt)
		}
	}
	return list, nil
}

// notePlace and the other places bind sealed values to where they stand.
func notePlace(id string) seal.Place {
	return seal.Place{Table: "submission_notes", Column: "text", Row: id}
}

func (st *Store) addNote(tx *sqlite.Tx, box *seal.Box, id review.SubmissionID, n review.Note) error {
	if _, err := tx.Exec(`INSERT INTO submission_notes (id, submission, by_staff, name, at, text) VALUES (?, ?, ?, ?, ?, ?)`,
		n.ID, id, n.By, n.Name, n.At.UnixMilli(), box.Seal(notePlace(n.ID), []byte(n.Text))); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE submissions SET notes_count = notes_count + 1 WHERE id = ?`, id); err != nil {
		return err
	}
	return mention(tx, id, n)
}

// Notes returns the internal remarks on a submission, oldest first.
func (st *Store) Notes(ctx context.Context, id review.SubmissionID) (notes []review.Note, err error) {
	var rows []struct {
		ID   string `db:"id"`
		By   string `db:"by_staff"`
		Name string `db:"name"`
		At   int64  `db:"at"`
		Text []byte `db:"text"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Select(&rows, `SELECT id, by_staff, name, at, text FROM submission_notes WHERE submission = ? ORDER BY at, id`, id); err != nil || len(rows) == 0 {
			return err
		}
		box, err := st.Vault.Box(rx, owner(id))
		if err != nil {
			return err
		}
		for _, r := range rows {
			text, err := box.Open(notePlace(r.ID), r.Text)
			if err != nil {
				return err
			}
			notes = append(notes, review.Note{ID: r.ID, By: review.StaffID(r.By), Name: r.Name, At: sqlite.Moment(r.At), Text: string(text)})
		}
		return nil
	})
	return notes, err
}

func snapPlace(id review.SubmissionID, round int) seal.Place {
	return seal.Place{Table: "submission_snapshots", Column: "answers", Row: string(id), Version: int64(round)}
}

// snap keeps what is being sent. A first sending that the checks gave back is
// overwritten by the next one, which has the same round.
func (st *Store) snap(tx *sqlite.Tx, box *seal.Box, s *review.Submission) error {
	plain, err := json.Marshal(s.Answers)
	if err != nil {
		return err
	}
	ids := []review.DocumentID{}
	for _, d := range s.Documents {
		ids = append(ids, d.ID)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO submission_snapshots (submission, round, at, documents, answers) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (submission, round) DO UPDATE SET at = excluded.at, documents = excluded.documents, answers = excluded.answers`,
		s.ID, s.Round, s.ChangedAt.UnixMilli(), string(list), box.Seal(snapPlace(s.ID, s.Round), plain))
	return err
}

// Snapshot returns what was sent for the round, or [review.ErrNotFound].
func (st *Store) Snapshot(ctx context.Context, id review.SubmissionID, round int) (snap review.Snapshot, err error) {
	var r struct {
		At        int64  `db:"at"`
		Documents string `db:"documents"`
		Answers   []byte `db:"answers"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Get(&r, `SELECT at, documents, answers FROM submission_snapshots WHERE submission = ? AND round = ?`, id, round); err != nil {
			return err
		}
		box, err := st.Vault.Box(rx, owner(id))
		if err != nil {
			return err
		}
		plain, err := box.Open(snapPlace(id, round), r.Answers)
		if err != nil {
			return err
		}
		snap = review.Snapshot{Round: round, At: sqlite.Moment(r.At)}
		if err := json.Unmarshal(plain, &snap.Answers); err != nil {
			return err
		}
		var ids []review.DocumentID
		if err := json.Unmarshal([]byte(r.Documents), &ids); err != nil {
			return err
		}
		all, err := st.Scans.All(rx, box, id)
		if err != nil {
			return err
		}
		for _, d := range all {
			if slices.Contains(ids, d.ID) {
				snap.Documents = append(snap.Documents, d)
			}
		}
		return nil
	})
	return snap, err
}

// AllDocuments returns every document that a submission ever had, oldest first.
func (st *Store) AllDocuments(ctx context.Context, id review.SubmissionID) (docs []review.Document, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		box, err := st.Vault.Box(rx, owner(id))
		if err != nil {
			return err
		}
		docs, err = st.Scans.All(rx, box, id)
		return err
	})
	return docs, err
}
