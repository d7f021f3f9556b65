package intake_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/rbac"
	"okno/review"
	"okno/review/intake"
	"okno/review/scan"
	"okno/review/scan/pdfdoc"
)

// desk is the intake on a real database, real blobs and the real policy.
type desk struct {
	*dbtest.Desk
	now     time.Time
	store   *submissionstore.Store
	history *historystore.Store
	intake  *intake.Service
	scan    *scan.Service
	woken   []review.SubmissionID
}

func (d *desk) Now() time.Time { return d.now }

// neighbours stands for accounts and outbox, which have tests of their own.
type neighbours struct{}

func (neighbours) Activate(*sqlite.Tx, review.AccountID, time.Time) error { return nil }

func (neighbours) Enqueue(*sqlite.Tx, time.Time, review.IDs, ...review.Notice) error { return nil }

var (
	ids       = review.RandomIDs{}
	applicant = review.Actor{Account: "applicantaccount1", Roles: []review.Role{review.RoleApplicant}}
	stranger  = review.Actor{Account: "applicantaccount2", Roles: []review.Role{review.RoleApplicant}}
	reviewer  = review.Actor{Staff: "reviewer1", Name: "Иванова", Roles: []review.Role{review.RoleReviewer}}
	colleague = review.Actor{Staff: "reviewer2", Name: "Петров", Roles: []review.Role{review.RoleReviewer}}
)

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{Desk: dbtest.Open(t), now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	rows := &scanstore.Store{DB: d.DB, Vault: d.Vault}
	d.history = historystore.New(d.DB, d.Vault, d, filepath.Join(filepath.Dir(d.Dir), "checkpoints"))
	d.store = &submissionstore.Store{
		DB: d.DB, Vault: d.Vault, Clock: d, IDs: ids, Scans: rows,
		History: submissionstore.HistoryFunc(historystore.Append), Outbox: neighbours{}, Accounts: neighbours{},
	}
	d.intake = &intake.Service{
		Submissions: d.store, Timeline: submissionstore.Timeline{History: d.history}, Gate: gate, Clock: d, IDs: ids,
		ConsentText: func(language, purpose, version string) string { return language + purpose + version },
		Sent:        func(id review.SubmissionID) { d.woken = append(d.woken, id) },
	}
	d.scan = &scan.Service{
		Submissions: d.store, Rows: rows, Bytes: &scanstore.Bytes{DB: d.DB, Vault: d.Vault, Blobs: d.Blobs, Scans: rows},
		Inspector: scan.Inspector{PDF: pdfdoc.Reader{}, Timeout: time.Minute}, Gate: gate, Clock: d, IDs: ids,
	}
	return d
}

func specimen(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "scan", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var sections = map[string]intake.Typed{
	intake.Person: {"surname": "Намунаев", "given-name": "Жасур", "surname-latin": "NAMUNAYEV", "given-name-latin": "JASUR",
		"birth-date-day": "14", "birth-date-month": "марта", "birth-date-year": "1991", "birth-place": "Ташкент", "sex": "M", "citizenship": "UZB"},
	intake.Document: {"document-type": "foreign-passport", "document-number": "FA 1234567", "document-issuer": "MIA 26201",
		"document-issue-date-day": "05", "document-issue-date-month": "05", "document-issue-date-year": "2020",
		"document-expiry-date-day": "04", "document-expiry-date-month": "05", "document-expiry-date-year": "2030"},
	intake.Stay: {"stay-proof-type": "migration-card", "stay-proof-number": "9900 0000017",
		"stay-from-day": "1", "stay-from-month": "11", "stay-from-year": "2026", "stay-to-day": "20", "stay-to-month": "1", "stay-to-year": "2027"},
	intake.Address: {"address": "Москва, ул. Примерная, 1"},
}

// complete fills a draft up to the point where it can be sent.
func (d *desk) complete(t *testing.T) *review.Submission {
	t.Helper()
	must := func(s *review.Submission, err error) *review.Submission {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := must(d.intake.Start(t.Context(), applicant, review.ForeignCitizen, "ru"))
	for _, code := range slices.Sorted(maps.Keys(sections)) { // in an order nobody was told
		d.now = d.now.Add(time.Minute)
		must(d.intake.SaveSection(t.Context(), applicant, code, 0, sections[code]))
	}
	must(d.intake.Consent(t.Context(), applicant, "ru", 0, []string{"processing", "documents"}))
	for slot, file := range map[review.Slot]string{review.SlotPassport: "s001_passport.jpg", review.SlotStayProof: "s055_passport.pdf"} {
		if _, _, err := d.scan.Accept(t.Context(), applicant, s.ID, slot, file, specimen(t, filepath.Join("specimens", file))); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return must(d.intake.Own(t.Context(), applicant))
}

// ask brings a sent submission to a correction request.
func (d *desk) ask(t *testing.T, id review.SubmissionID, items ...review.Item) *review.Submission {
	t.Helper()
	var s *review.Submission
	for _, step := range []func(*review.Submission) (review.Change, error){
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, d.now) },
		func(s *review.Submission) (review.Change, error) {
			return s.Decide(reviewer, review.Decision{Outcome: review.RequestCorrection, Items: items}, 0, d.now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Settle(d.now) },
	} {
		var err error
		if s, err = d.store.Update(t.Context(), id, 0, step); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestJourney(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	if _, err := d.intake.Own(ctx, applicant); !errors.Is(err, review.ErrNoSubmission) {
		t.Fatalf("before the start: %v", err)
	}
	s := d.complete(t)
	if again, err := d.intake.Start(ctx, applicant, review.FromAbroad, "en"); err != nil || again.ID != s.ID || again.Track != review.ForeignCitizen {
		t.Errorf("a second start: %v, %v", again, err)
	}
	if gaps := intake.Missing(s, intake.Today(d.now)); len(gaps) > 0 {
		t.Fatalf("missing %v", gaps)
	}
	if _, err := d.intake.Send(ctx, applicant, s.Version-1); !errors.Is(err, review.ErrStale) {
		t.Errorf("sending what was not seen: %v", err)
	}
	sent, err := d.intake.Send(ctx, applicant, s.Version)
	if err != nil || sent.Status != review.Checking || !slices.Equal(d.woken, []review.SubmissionID{s.ID}) {
		t.Fatalf("sent %v, woken %v, %v", sent, d.woken, err)
	}
	if _, err := d.intake.Send(ctx, applicant, 0); !errors.Is(err, review.ErrTransition) {
		t.Errorf("sending twice: %v", err)
	}
	if _, err := d.intake.SaveSection(ctx, applicant, intake.Address, 0, sections[intake.Address]); !errors.Is(err, review.ErrTransition) {
		t.Errorf("saving after sending: %v", err)
	}

	// The pages are pictures of our own making.
	passport, _ := sent.Document(review.SlotPassport)
	picture, err := d.scan.OwnPage(ctx, applicant, s.ID, passport.ID, 1, scan.Full)
	if err != nil || !bytes.HasPrefix(picture, []byte{0xff, 0xd8, 0xff}) {
		t.Errorf("own page: %d bytes, %v", len(picture), err)
	}
	if _, err := d.scan.OwnPage(ctx, stranger, s.ID, passport.ID, 1, scan.Full); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a stranger's page: %v", err)
	}

	// Staff see them while they hold the case, and every look is written down.
	if _, err := d.scan.StaffPage(ctx, reviewer, s.ID, passport.ID, 1, scan.Thumb); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a page without a claim: %v", err)
	}
	asked := d.ask(t, s.ID, review.Item{Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"},
		review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})
	for _, size := range []scan.Size{scan.Thumb, scan.Full, scan.Full} {
		if _, err := d.scan.StaffPage(ctx, reviewer, s.ID, passport.ID, 1, size); err != nil {
			t.Errorf("the reviewer who decided: %v", err)
		}
	}
	if _, err := d.scan.StaffPage(ctx, colleague, s.ID, passport.ID, 1, scan.Full); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a colleague without the case: %v", err)
	}
	views, err := d.history.Views(ctx, s.ID)
	if err != nil || len(views) != 3 || views[0].Actor != string(reviewer.Staff) || views[0].Detail["document"] != string(passport.ID) {
		t.Errorf("views %v, %v", views, err)
	}

	// Corrections: only what was asked for is open.
	closed := intake.Typed{"surname": "Намунаева", "given-name": "Дилноза"}
	if _, err := d.intake.SaveSection(ctx, applicant, intake.Person, 0, closed); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a closed field posted by hand: %v", err)
	}
	elsewhere := intake.Typed{"surname": "Намунаева", "document-number": "FA7654321"}
	if _, err := d.intake.SaveSection(ctx, applicant, intake.Person, 0, elsewhere); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a field of another section posted by hand: %v", err)
	}
	if _, err := d.intake.SaveSection(ctx, applicant, intake.Address, 0, intake.Typed{}); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a section without open fields: %v", err)
	}
	if _, _, err := d.scan.Accept(ctx, applicant, s.ID, review.SlotStayProof, "s002_passport.jpg", specimen(t, "specimens/s002_passport.jpg")); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a document that was not asked for: %v", err)
	}
	if _, err := d.intake.Send(ctx, applicant, 0); review.KindOf(err) != review.Invalid {
		t.Errorf("sending unanswered corrections: %v", err)
	}
	if now, err := d.intake.Own(ctx, applicant); err != nil || now.Version != asked.Version || now.Answers.Value(review.GivenName) != "Жасур" {
		t.Errorf("something was changed: version %d, %v", now.Version, err)
	}
	if _, err := d.intake.SaveSection(ctx, applicant, intake.Person, 0, intake.Typed{"surname": "Намунаева"}); err != nil {
		t.Fatalf("the open field: %v", err)
	}
	if _, _, err := d.scan.Accept(ctx, applicant, s.ID, review.SlotPassport, "s002_passport.jpg", specimen(t, "specimens/s002_passport.jpg")); err != nil {
		t.Fatalf("the document that was asked for: %v", err)
	}
	sent, err = d.intake.Send(ctx, applicant, 0)
	if err != nil || sent.Round != 2 || sent.Status != review.Checking {
		t.Fatalf("resent %v, %v", sent, err)
	}
	first, err := d.store.Snapshot(ctx, s.ID, 1)
	if err != nil || first.Answers.Value(review.Surname) != "Намунаев" || sent.Answers.Value(review.Surname) != "Намунаева" {
		t.Errorf("first round %v, %v", first.Answers.Value(review.Surname), err)
	}
	events, err := d.intake.History(ctx, applicant)
	if err != nil || events[0].Type != review.EventDraftStarted || events[len(events)-1].Type != review.EventResubmitted {
		t.Errorf("history %d events, %v", len(events), err)
	}
	if report, err := d.history.Verify(ctx); err != nil || !report.OK() {
		t.Errorf("audit chain: %+v, %v", report, err)
	}
}

func TestRefusedFilesLeaveNothing(t *testing.T) {
	d := open(t)
	s, err := d.intake.Start(t.Context(), applicant, review.ForeignCitizen, "ru")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"zero.jpg": "empty", "size_5mib_plus1.jpg": "too-large", "png_renamed.jpg": "type-mismatch", "truncated.jpg": "decode",
		"js_openaction.pdf": "active-content", "encrypted_user.pdf": "encrypted", "plain_ok.pdf": "no-rasterizer",
	} {
		_, _, err := d.scan.Accept(t.Context(), applicant, s.ID, review.SlotPassport, file, specimen(t, filepath.Join("badfiles", file)))
		e, ok := errors.AsType[*review.Error](err)
		if !ok || e.Kind != review.Invalid || len(e.Fields) != 1 || e.Fields[0] != (review.FieldFault{Field: "file", Code: want}) {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
	heic := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 4000)...)
	_, _, err = d.scan.Accept(t.Context(), applicant, s.ID, review.SlotPassport, "IMG_1.jpg", heic)
	if e, ok := errors.AsType[*review.Error](err); !ok || e.Fields[0].Code != "heic" {
		t.Errorf("a telephone's picture: %v", err)
	}
	if n, err := d.Blobs.Sweep(func(string) bool { return false }, time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d blobs were left, %v", n, err)
	}
	if now, err := d.intake.Own(t.Context(), applicant); err != nil || now.Version != 1 || len(now.Documents) != 0 {
		t.Errorf("the submission changed: %v, %v", now, err)
	}
	for range scan.HourlyFiles {
		_, _, err = d.scan.Accept(t.Context(), applicant, s.ID, review.SlotPassport, "zero.jpg", nil)
	}
	if e, ok := errors.AsType[*review.Error](err); !ok || e.Fields[0].Code != "too-many-files" {
		t.Errorf("after %d files in an hour: %v", scan.HourlyFiles, err)
	}
	d.now = d.now.Add(time.Hour + time.Minute)
	if _, doc, err := d.scan.Accept(t.Context(), applicant, s.ID, review.SlotPassport, "s001_passport.jpg", specimen(t, "specimens/s001_passport.jpg")); err != nil || doc.SeenBefore {
		t.Errorf("an hour later: %v", err)
	}
	if _, _, err := d.scan.Accept(t.Context(), stranger, s.ID, review.SlotPassport, "s001_passport.jpg", specimen(t, "specimens/s001_passport.jpg")); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("into somebody else's submission: %v", err)
	}
	if _, _, err := d.scan.Accept(t.Context(), applicant, s.ID, review.SlotResidenceProof, "s001_passport.jpg", specimen(t, "specimens/s001_passport.jpg")); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("into a slot of the other track: %v", err)
	}
	other, err := d.intake.Start(t.Context(), stranger, review.FromAbroad, "ru")
	if err != nil {
		t.Fatal(err)
	}
	if _, doc, err := d.scan.Accept(t.Context(), stranger, other.ID, review.SlotPassport, "s001_passport.jpg", specimen(t, "specimens/s001_passport.jpg")); err != nil || !doc.SeenBefore {
		t.Errorf("the same file in another submission: seen %t, %v", doc.SeenBefore, err)
	}
}

func TestFaultsKeepTheDraftAsItIs(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	s, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.intake.Send(ctx, applicant, 0); !errors.Is(err, intake.ErrIncomplete) {
		t.Errorf("sending an empty draft: %v", err)
	}
	_, err = d.intake.SaveSection(ctx, applicant, intake.Person, 0, intake.Typed{"surname": "Namunaev"})
	if e, ok := errors.AsType[*review.Error](err); !ok || e.Kind != review.Invalid || len(e.Fields) < 5 {
		t.Errorf("faulty section: %v", err)
	}
	if _, err = d.intake.Consent(ctx, applicant, "ru", 0, []string{"quality"}); review.KindOf(err) != review.Invalid {
		t.Errorf("consents without the required ones: %v", err)
	}
	if _, err = d.intake.SaveSection(ctx, applicant, "residence", 0, nil); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a section of the other track: %v", err)
	}
	if _, err = d.intake.SaveSection(ctx, stranger, intake.Person, 0, sections[intake.Person]); !errors.Is(err, review.ErrNoSubmission) {
		t.Errorf("without a submission: %v", err)
	}
	if _, err = d.intake.SaveSection(ctx, reviewer, intake.Person, 0, sections[intake.Person]); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("by staff: %v", err)
	}
	if now, err := d.intake.Own(ctx, applicant); err != nil || now.Version != s.Version {
		t.Errorf("version %d, %v", now.Version, err)
	}
}

func TestExpiryAndANewStart(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	s, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := d.intake.Tick(ctx); n != 0 || err != nil {
		t.Errorf("closed %d fresh drafts, %v", n, err)
	}
	d.now = d.now.Add(review.DraftTerm)
	if n, err := d.intake.Tick(ctx); n != 1 || err != nil {
		t.Errorf("closed %d old drafts, %v", n, err)
	}
	if now, err := d.intake.Own(ctx, applicant); err != nil || now.Status != review.Expired {
		t.Errorf("%v, %v", now, err)
	}
	again, err := d.intake.Start(ctx, applicant, review.FromAbroad, "ru")
	if err != nil || again.ID == s.ID || again.Track != review.FromAbroad {
		t.Fatalf("a new start: %v, %v", again, err)
	}
	if gone, err := d.intake.Withdraw(ctx, applicant, again.Version); err != nil || gone.Status != review.Withdrawn {
		t.Errorf("withdrawn: %v, %v", gone, err)
	}
}
