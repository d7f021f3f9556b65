package check_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/check"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// foreigner is a submission of track A in which everything is in order.
func foreigner() *review.Submission {
	return &review.Submission{
		ID: "one", Number: "2600481272", Account: "acc-1", Track: review.ForeignCitizen, Status: review.Checking, Round: 1, Version: 3,
		Answers: answers(map[review.Field]string{
			review.Surname: "ОБРАЗЦОВ", review.GivenName: "ДАЛЕР", review.SurnameLatin: "OBRAZTSOV", review.GivenNameLatin: "DALER",
			review.BirthDate: "1991-03-14", review.Citizenship: "TJK", review.DocumentType: "foreign-passport",
			review.DocumentNumber: "400000017", review.DocumentIssueDate: "2021-02-03", review.DocumentExpiryDate: "2031-02-02",
			review.StayProofType: "migration-card", review.StayFrom: "2026-11-01", review.StayTo: "2027-01-20",
			review.SNILS: "90123450752",
		}),
		Consents:  []review.Consent{{Purpose: "processing"}},
		Documents: []review.Document{scan(review.SlotPassport), scan(review.SlotStayProof)},
	}
}

// abroad is one of track B.
func abroad() *review.Submission {
	s := foreigner()
	s.Track = review.FromAbroad
	s.Answers = answers(map[review.Field]string{
		review.Surname: "ОБРАЗЦОВ", review.GivenName: "ИВАН", review.BirthDate: "1991-03-14", review.Citizenship: "RUS",
		review.DocumentType: "rf-passport", review.DocumentNumber: "0219 000017", review.DocumentIssueDate: "2011-05-01",
		review.ResidenceCountry: "SRB", review.ResidenceProofType: "lease",
	})
	s.Documents = []review.Document{scan(review.SlotPassport), scan(review.SlotResidenceProof)}
	return s
}

func answers(values map[review.Field]string) review.Answers {
	a := review.Answers{}
	for f, v := range values {
		a[f] = review.Answer{Typed: v, Value: v}
	}
	return a
}

func scan(s review.Slot) review.Document {
	return review.Document{ID: review.DocumentID("doc-" + s), Slot: s, Pages: []review.Page{{Number: 1, Width: 1600, Height: 1100}}}
}

func known() check.Facts {
	return check.Facts{Consents: []string{"processing"}, Phone: "+79070000017", Email: "p@example.org", Zone: time.FixedZone("MSK", 3*60*60)}
}

func set(s *review.Submission, f review.Field, v string) {
	s.Answers[f] = review.Answer{Typed: v, Value: v}
}

func TestACleanSubmissionPassesEverything(t *testing.T) {
	for name, s := range map[string]*review.Submission{"foreign citizen": foreigner(), "from abroad": abroad()} {
		before := maps.Clone(s.Answers)
		ledger := check.Run(s, known(), now)
		if len(ledger) == 0 || review.LaneOf(ledger) != review.LaneGreen {
			t.Errorf("%s: %v", name, raised(ledger))
		}
		for _, c := range ledger {
			if c.Rule == "" || c.Print == "" || c.At.IsZero() || !slices.Contains(check.Codes, c.Code) {
				t.Errorf("%s: entry %+v", name, c)
			}
		}
		if len(before) != len(s.Answers) {
			t.Error("the submission was changed")
		}
	}
}

func raised(ledger []review.Check) (out []string) {
	for _, c := range ledger {
		if c.Raised() {
			out = append(out, c.Code+"/"+c.Reason+"/"+string(c.Effect)+"/"+c.Target.String())
		}
	}
	return out
}

func TestChecks(t *testing.T) {
	for _, c := range []struct {
		name   string
		abroad bool
		change func(*review.Submission, *check.Facts)
		want   string // code/reason/effect/target, several separated by a space; empty: nothing raised
	}{
		{"something is missing", false, func(_ *review.Submission, f *check.Facts) {
			f.Missing = []review.Target{{Field: review.BirthPlace}, {Slot: review.SlotPassport}}
		}, "form-complete/missing/block/field:birth-place form-complete/missing/block/doc:passport"},
		{"no consent", false, func(s *review.Submission, _ *check.Facts) { s.Consents = nil }, "consent-given/missing/block/case"},
		{"no phone", false, func(_ *review.Submission, f *check.Facts) { f.Phone = "" }, "contacts-confirmed/phone/block/field:phone"},
		{"no mail", false, func(_ *review.Submission, f *check.Facts) { f.Email = "" }, "contacts-confirmed/email/block/field:email"},
		{"phone of another account", false, func(_ *review.Submission, f *check.Facts) { f.PhoneTaken = true }, "contact-in-use/phone/block/field:phone"},
		{"mail of another account", false, func(_ *review.Submission, f *check.Facts) { f.EmailTaken = true }, "contact-in-use/email/block/field:email"},
		{"foreign phone", false, func(_ *review.Submission, f *check.Facts) { f.Phone = "+992900000017" }, "phone-type/not-russian/note/field:phone"},
		{"landline", false, func(_ *review.Submission, f *check.Facts) { f.Phone = "+74950000017" }, "phone-type/not-mobile/note/field:phone"},
		{"temporary mail", false, func(_ *review.Submission, f *check.Facts) { f.Email = "a@mail.Yopmail.com" }, "mail-disposable/disposable/note/field:email"},
		{"almost temporary mail", false, func(_ *review.Submission, f *check.Facts) { f.Email = "a@notyopmail.com" }, ""},
		{"thirteen", false, func(s *review.Submission, _ *check.Facts) { set(s, review.BirthDate, "2012-11-23") }, "age-minimum/too-young/block/field:birth-date"},
		{"fourteen today", false, func(s *review.Submission, _ *check.Facts) { set(s, review.BirthDate, "2012-11-22") }, ""},
		{"only the year, may be fourteen", false, func(s *review.Submission, _ *check.Facts) { set(s, review.BirthDate, "2012") }, ""},
		{"too old", false, func(s *review.Submission, _ *check.Facts) { set(s, review.BirthDate, "1900-01-01") }, "age-minimum/too-old/block/field:birth-date"},
		{"Russian on the foreigners' track", false, func(s *review.Submission, _ *check.Facts) {
			set(s, review.Citizenship, "RUS")
			set(s, review.DocumentType, "rf-passport")
		}, "track-consistent/russian/block/field:citizenship"},
		{"foreigner on the track from abroad", true, func(s *review.Submission, _ *check.Facts) { set(s, review.Citizenship, "KAZ") }, "track-consistent/foreign/block/field:citizenship"},
		{"lives in Russia", true, func(s *review.Submission, _ *check.Facts) { set(s, review.ResidenceCountry, "RUS") }, "track-consistent/in-russia/block/field:residence-country"},
		{"expired yesterday", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentExpiryDate, "2026-11-21") }, "document-expiry/expired/block/field:document-expiry-date"},
		{"expires today", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentExpiryDate, "2026-11-22") }, "document-expiry/expires-soon/note/field:document-expiry-date"},
		{"29 days left", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentExpiryDate, "2026-12-21") }, "document-expiry/expires-soon/note/field:document-expiry-date"},
		{"30 days left", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentExpiryDate, "2026-12-22") }, ""},
		{"ends before it begins", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentIssueDate, "2031-02-02") }, "document-expiry/before-issue/block/field:document-expiry-date"},
		{"no end", false, func(s *review.Submission, _ *check.Facts) {
			delete(s.Answers, review.DocumentExpiryDate)
			set(s, review.DocumentNoExpiry, "yes")
		}, ""},
		{"unusual number", false, func(s *review.Submission, _ *check.Facts) { set(s, review.DocumentNumber, "AB1234567") }, "passport-country-pattern/pattern/note/field:document-number"},
		{"passport in its days of grace", true, func(s *review.Submission, _ *check.Facts) {
			set(s, review.BirthDate, "1981-10-01")
			set(s, review.DocumentIssueDate, "2001-11-01")
		}, "rf-passport-age-state/grace/hold/field:document-issue-date"},
		{"passport never replaced", true, func(s *review.Submission, _ *check.Facts) {
			set(s, review.BirthDate, "1980-01-01")
			set(s, review.DocumentIssueDate, "2000-02-01")
		}, "rf-passport-age-state/expired/hold/field:document-issue-date"},
		{"travel passport", true, func(s *review.Submission, _ *check.Facts) {
			set(s, review.DocumentType, "rf-travel-passport")
			set(s, review.DocumentExpiryDate, "2026-11-01")
		}, "document-expiry/expired/block/field:document-expiry-date"},
		{"wrong SNILS", false, func(s *review.Submission, _ *check.Facts) { set(s, review.SNILS, "90123450753") }, "snils/wrong/block/field:snils"},
		{"wrong INN", false, func(s *review.Submission, _ *check.Facts) { set(s, review.INN, "000000000000") }, "inn/wrong/block/field:inn"},
		{"wrong policy", false, func(s *review.Submission, _ *check.Facts) { set(s, review.OMS, "9699999999999999") }, "oms/wrong/block/field:oms"},
		{"no stay proof", false, func(s *review.Submission, _ *check.Facts) { s.Documents = s.Documents[:1] }, "stay-proof-present/missing/block/doc:stay-proof"},
		{"only the arrival slip", false, func(s *review.Submission, _ *check.Facts) { set(s, review.StayProofType, "registration-slip") }, "stay-proof-present/supporting-only/block/doc:stay-proof"},
		{"Belarus needs no stay proof", false, func(s *review.Submission, _ *check.Facts) {
			s.Documents = s.Documents[:1]
			set(s, review.Citizenship, "BLR")
			set(s, review.DocumentNumber, "MP0000017")
			set(s, review.StayFrom, "2020-01-01")
		}, ""},
		{"stay is over", false, func(s *review.Submission, _ *check.Facts) { set(s, review.StayTo, "2026-11-21") }, "stay-length/overstayed/hold/field:stay-to"},
		{"more than ninety days", false, func(s *review.Submission, _ *check.Facts) { set(s, review.StayFrom, "2026-08-01") }, "stay-length/overstayed/hold/field:stay-to"},
		{"the ninetieth day", false, func(s *review.Submission, _ *check.Facts) { set(s, review.StayFrom, "2026-08-25") }, "stay-length/last-days/note/field:stay-to"},
		{"more than ninety days with a contract", false, func(s *review.Submission, _ *check.Facts) {
			set(s, review.Citizenship, "KGZ")
			set(s, review.DocumentNumber, "PE0000017")
			set(s, review.StayFrom, "2026-08-01")
		}, "stay-length/contract/hold/field:stay-to"},
		{"patent runs", false, func(s *review.Submission, _ *check.Facts) {
			set(s, review.StayProofType, "patent")
			set(s, review.StayFrom, "2026-01-01")
		}, ""},
		{"no proof of living abroad", true, func(s *review.Submission, _ *check.Facts) { s.Documents = s.Documents[:1] }, "residence-proof/missing/hold/doc:residence-proof"},
		{"tiny picture", false, func(s *review.Submission, _ *check.Facts) {
			s.Documents[0].Pages[0] = review.Page{Width: 599, Height: 400}
		}, "image-resolution/too-small/block/doc:passport"},
		{"small picture", false, func(s *review.Submission, _ *check.Facts) { s.Documents[0].Notes = []string{"resolution"} }, "image-resolution/small/note/doc:passport"},
		{"a bad picture", false, func(s *review.Submission, _ *check.Facts) {
			s.Documents[1].Notes = []string{"metadata", "blur", "grayscale", "dark"}
		}, "image-color/grayscale/note/doc:stay-proof image-blur/blur/note/doc:stay-proof image-glare/dark/note/doc:stay-proof"},
		{"file known from elsewhere", false, func(_ *review.Submission, f *check.Facts) {
			f.Reused = []check.Reuse{{Slot: review.SlotPassport, Other: "two", Account: "acc-2", SameFile: true}}
		}, "file-reused/seen-before/hold/doc:passport"},
		{"own file of an earlier submission", false, func(_ *review.Submission, f *check.Facts) {
			f.Reused = []check.Reuse{{Slot: review.SlotPassport, Other: "two", Account: "acc-1", SameFile: true}}
		}, ""},
		{"picture known from elsewhere", false, func(_ *review.Submission, f *check.Facts) {
			f.Reused = []check.Reuse{{Slot: review.SlotStayProof, Other: "two", Account: "acc-2", Distance: 20}}
		}, "image-reused/alike/hold/doc:stay-proof"},
		{"picture perhaps known from elsewhere", false, func(_ *review.Submission, f *check.Facts) {
			f.Reused = []check.Reuse{{Slot: review.SlotStayProof, Other: "two", Account: "acc-2", Distance: 21}}
		}, "image-reused/alike/note/doc:stay-proof"},
		{"eleven neighbours", false, func(_ *review.Submission, f *check.Facts) { f.Network = 11 }, "velocity/many/hold/case"},
		{"ten neighbours", false, func(_ *review.Submission, f *check.Facts) { f.Network = 10 }, ""},
		{"edited picture", false, func(s *review.Submission, _ *check.Facts) { s.Documents[0].Notes = []string{"editing-software"} }, "image-origin/editor/note/doc:passport"},
		{"no face", false, func(s *review.Submission, _ *check.Facts) {
			s.Documents[0].Pages[0].Report.Portrait = &review.Portrait{}
		}, "portrait-present/none/note/doc:passport"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, facts := foreigner(), known()
			if c.abroad {
				s = abroad()
			}
			c.change(s, &facts)
			if got := strings.Join(raised(check.Run(s, facts, now)), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// The day changes at midnight of the desk, not of the server.
func TestTheDayIsTheDesksDay(t *testing.T) {
	s := foreigner()
	set(s, review.DocumentExpiryDate, "2026-11-21")
	lateEvening := time.Date(2026, 11, 21, 20, 59, 0, 0, time.UTC) // 23:59 in Moscow
	if got := raised(check.Run(s, known(), lateEvening)); len(got) != 1 || !strings.Contains(got[0], "expires-soon") {
		t.Errorf("before midnight: %v", got)
	}
	if got := raised(check.Run(s, known(), lateEvening.Add(time.Minute))); len(got) != 1 || !strings.Contains(got[0], "expired/block") {
		t.Errorf("after midnight: %v", got)
	}
}

func TestDuplicates(t *testing.T) {
	twin := func(change func(*check.Twin)) check.Facts {
		f := known()
		other := check.Twin{ID: "two", Number: "1000000008", Account: "acc-2", Status: review.Approved, Answers: foreigner().Answers}
		other.Answers = other.Answers.Clone()
		for _, x := range []review.Field{review.DocumentNumber, review.SNILS} {
			delete(other.Answers, x)
		}
		change(&other)
		f.Twins = []check.Twin{other}
		return f
	}
	put := func(w *check.Twin, f review.Field, v string) { w.Answers[f] = review.Answer{Value: v} }
	for _, c := range []struct {
		name     string
		change   func(*check.Twin)
		want     string
		fourEyes bool
	}{
		{"same document", func(w *check.Twin) {
			put(w, review.DocumentNumber, "400000017")
			put(w, review.BirthDate, "1950-01-01")
		}, "duplicate-person/certain/hold/case", true},
		{"same number of another country", func(w *check.Twin) {
			put(w, review.DocumentNumber, "400000017")
			put(w, review.Citizenship, "UZB")
			put(w, review.BirthDate, "1950-01-01")
		}, "", false},
		{"same SNILS, another passport", func(w *check.Twin) {
			put(w, review.SNILS, "90123450752")
			put(w, review.BirthDate, "1950-01-01")
		}, "duplicate-person/certain/hold/case", true},
		{"same name and birth", func(*check.Twin) {}, "duplicate-person/probable/hold/case", true},
		{"same Cyrillic name, another romanisation", func(w *check.Twin) { put(w, review.SurnameLatin, "SPECIMENOV") }, "duplicate-person/probable/hold/case", true},
		{"similar name", func(w *check.Twin) {
			put(w, review.SurnameLatin, "OBRAZTSOVA")
			put(w, review.Surname, "ОБРАЗЦОВА")
		}, "duplicate-person/possible/hold/case", false},
		{"somebody else born that day", func(w *check.Twin) {
			put(w, review.SurnameLatin, "PROBIN")
			put(w, review.Surname, "ПРОБИН")
		}, "", false},
		{"own refused submission", func(w *check.Twin) { w.Account, w.Status = "acc-1", review.Rejected }, "", false},
		{"own open submission", func(w *check.Twin) { w.Account, w.Status = "acc-1", review.Queued }, "duplicate-application/own/block/case", false},
		{"same document, still open", func(w *check.Twin) {
			put(w, review.DocumentNumber, "400000017")
			w.Status = review.Queued
		}, "duplicate-person/certain/hold/case duplicate-application/other-account/hold/case", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ledger := check.Run(foreigner(), twin(c.change), now)
			if got := strings.Join(raised(ledger), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			eyes := slices.ContainsFunc(ledger, func(x review.Check) bool { return x.FourEyes && x.Raised() })
			if eyes != c.fourEyes {
				t.Errorf("four eyes: %v", eyes)
			}
		})
	}
}

func TestOverstayNeedsFourEyes(t *testing.T) {
	s := foreigner()
	set(s, review.StayTo, "2026-11-01")
	for _, c := range check.Run(s, known(), now) {
		if c.Code == check.StayLength && !c.FourEyes {
			t.Error("an overstay may be approved by one person")
		}
	}
}

// Every code and every reason that the sources can give has words.
func TestEveryFindingHasWords(t *testing.T) {
	words, err := os.ReadFile("../../views/i18n/ru/check.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range check.Codes {
		if !strings.Contains(string(words), `"check.`+code+`":`) {
			t.Errorf("no words for %s", code)
		}
	}
	var reasons []string
	for _, file := range []string{"form.go", "contact.go", "person.go", "stay.go", "file.go", "lines.go", "duplicate.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`reason: "([a-z0-9-]+)"|over\([^,]+, "([a-z-]+)"|skip\("([a-z-]+)"`).FindAllStringSubmatch(string(source), -1) {
			reasons = append(reasons, m[1]+m[2]+m[3])
		}
	}
	if len(reasons) < 20 {
		t.Fatalf("only %d reasons found", len(reasons))
	}
	for _, reason := range reasons {
		if !regexp.MustCompile(`"check\.[a-z-]+\.` + reason + `":`).Match(words) {
			t.Errorf("no words for the reason %s", reason)
		}
	}
}

// desk is a store of one or more submissions, in memory.
type desk struct {
	all     map[review.SubmissionID]*review.Submission
	twins   map[string][]review.SubmissionID
	lose    review.SubmissionID // its version changes before it is written
	contact check.Contacts
}

func (d *desk) WaitingForCheck(_ context.Context, limit int) (ids []review.SubmissionID, _ error) {
	for id, s := range d.all {
		if s.Status == review.Checking && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func (d *desk) Submission(_ context.Context, id review.SubmissionID) (*review.Submission, error) {
	s, ok := d.all[id]
	if !ok {
		return nil, review.ErrNotFound
	}
	c := *s
	return &c, nil
}

func (d *desk) Twins(context.Context, *review.Submission, map[string]string) (map[string][]review.SubmissionID, error) {
	return d.twins, nil
}

func (d *desk) Neighbours(context.Context, *review.Submission, time.Duration) (int, error) {
	return 0, nil
}

func (d *desk) Stale(_ context.Context, rules string, limit int) (ids []review.SubmissionID, _ error) {
	for id, s := range d.all {
		if s.Status == review.Queued && s.Rules != rules && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func (d *desk) SentAfter(_ context.Context, after review.SubmissionID, limit int) (ids []review.SubmissionID, _ error) {
	for id := range d.all {
		if id > after {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids[:min(len(ids), limit)], nil
}

func (d *desk) Record(context.Context, ...review.Event) error { return nil }

func (d *desk) Update(_ context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	s := d.all[id]
	if id == d.lose || want != 0 && s.Version != want {
		return nil, review.ErrStale
	}
	if _, err := change(s); err != nil {
		return nil, err
	}
	s.Version++
	return s, nil
}

func (d *desk) ConfirmedContacts(context.Context, review.AccountID) (check.Contacts, error) {
	return d.contact, nil
}

type fixed struct{}

func (fixed) Now() time.Time { return now }

func service(d *desk) *check.Service {
	return &check.Service{Submissions: d, Accounts: d, Consents: []string{"processing"}, Clock: fixed{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func TestTickMovesEverySubmissionOn(t *testing.T) {
	clean, blocked, twin := foreigner(), foreigner(), foreigner()
	blocked.ID, blocked.Account, blocked.Answers = "two", "acc-2", blocked.Answers.Clone()
	set(blocked, review.BirthDate, "2020-01-01")
	set(blocked, review.DocumentNumber, "400000018")
	delete(blocked.Answers, review.SNILS)
	twin.ID, twin.Account, twin.Status = "three", "acc-3", review.Approved
	d := &desk{
		all:     map[review.SubmissionID]*review.Submission{"one": clean, "two": blocked, "three": twin},
		contact: check.Contacts{Phone: "+79070000017", Email: "p@example.org"},
		twins:   map[string][]review.SubmissionID{"snils": {"three"}, "birth": {"three", "gone"}},
	}
	if more, err := service(d).Tick(t.Context()); err != nil || more {
		t.Fatalf("%v, %v", more, err)
	}
	if clean.Status != review.Queued || clean.Lane != review.LaneAttention || len(clean.Holds()) != 1 {
		t.Errorf("%s in lane %s with %d holds", clean.Status, clean.Lane, len(clean.Holds()))
	}
	if blocked.Status != review.Draft {
		t.Errorf("a blocked submission is %s", blocked.Status)
	}
}

func TestTickLeavesWhatChangedMeanwhile(t *testing.T) {
	d := &desk{all: map[review.SubmissionID]*review.Submission{"one": foreigner()}, lose: "one"}
	if _, err := service(d).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.all["one"].Status != review.Checking {
		t.Error("a stale result was written")
	}
}
