// Package specimen invents the people, submissions and papers of the demo desk.
//
// [Desk] returns five hundred [Case] values: who applied, what was typed, which
// files were sent, and a time-ordered list of [Step] values telling what the
// applicant and the staff did. Nothing here knows a database; whoever fills the
// demo replays the steps against the real rules:
//
//	for _, c := range specimen.Desk(1, now) {
//		for _, s := range c.Steps {
//			switch s.Kind {
//			case specimen.Submitted, specimen.Resubmitted:
//				for _, scan := range s.Scans {
//					name, body := c.File(scan)
//					…
//				}
//			}
//		}
//	}
//
// Everything follows from the seed and the moment: the same two give the same
// people and the same bytes. Nobody is real. Surnames are built from words for
// "sample", numbers come from ranges that are never issued (with valid check
// digits), mail goes to example.org, the layouts of the papers are invented and
// every picture says ОБРАЗЕЦ / SPECIMEN across.
package specimen

import (
	"strconv"
	"time"
)

// Version changes whenever the same seed would give other cases or pictures.
const Version = 1

// Case is one submission: the person, the papers and what happened to it.
type Case struct {
	Number       int               // 1 … 500, in order of arrival
	Track        string            // "foreign-citizen" or "from-abroad"
	State        State             // where it stands now
	Lane         string            // "green", "normal" or "attention"
	Answers      map[string]string // what the form holds now, by field code
	Email        string            // unique, example.org
	Phone        string            // unique, E.164
	Language     string            // interface language: ru, uz, tg, en, ky, zh, hy, kk, az
	NameVerdict  string            // how typed and printed names first compared: "exact", "variant" or "mismatch"
	SecondFactor string            // chosen after activation: "totp", "passkey" or "none"
	Rounds       int               // how often corrections were asked for
	DuplicateOf  int               // number of the case of the same person, 0 if none
	Appeal       *Appeal           // set for seven of the rejected
	Scans        []Scan            // every file ever sent, in order
	Steps        []Step            // what happened, in order of time

	truth map[string]string // what the papers print
	face  uint64            // decides portrait and small print
	now   time.Time
}

// State is where a case stands at the moment the desk was generated for.
type State string

// The states of a case. Approved means decided within the last half minute, so
// the decision has not taken effect yet; Activated is the state after it has.
const (
	StateActivated    State = "activated"
	StateApproved     State = "approved"
	StateSecondReview State = "second-review"
	StateInReview     State = "in-review"
	StateQueued       State = "queued"
	StateCorrection   State = "correction-requested"
	StateRejected     State = "rejected"
	StateWithdrawn    State = "withdrawn"
	StateExpired      State = "expired"
)

// Kind says what a step is.
type Kind string

// The kinds of steps.
const (
	Submitted           Kind = "submitted"            // applicant; Answers and Scans hold what was sent
	Claimed             Kind = "claimed"              // Actor took it from the queue
	Released            Kind = "released"             // Actor put it back
	CorrectionRequested Kind = "correction-requested" // Actor; Reasons and Due
	Resubmitted         Kind = "resubmitted"          // applicant; Answers holds all, Scans only the new files
	Escalated           Kind = "escalated"            // Actor passed it on; Verdict is Actor's own opinion
	SecondClaimed       Kind = "second-claimed"       // a senior reviewer took it
	Approve             Kind = "approved"             // Actor decided
	Reject              Kind = "rejected"             // Actor decided; the first of Reasons is the primary one
	Activated           Kind = "activated"            // the approval took effect
	Withdrawn           Kind = "withdrawn"            // applicant
	Expired             Kind = "expired"              // no answer within seven days
	Appealed            Kind = "appealed"             // applicant; details in Case.Appeal
	AppealDecided       Kind = "appeal-decided"       // Actor; details in Case.Appeal
)

// Step is one thing that happened to a case.
type Step struct {
	At      time.Time
	Kind    Kind
	Actor   string // key of a [Colleague]; empty for the applicant and the system
	Reasons []Reason
	Note    string            // internal note, where the rules ask for one
	Verdict string            // escalation only: "approve" or "reject"
	Agreed  bool              // decision after an escalation: same as Verdict
	Due     time.Time         // correction request only: answer expected until
	Answers map[string]string // submissions only: the whole form as sent
	Scans   []Scan            // submissions only: the files sent with it
}

// Reason is a reason of the catalogue with what it is about: a document slot,
// a field code, or nothing.
type Reason struct {
	Code   string
	Target string
}

// Appeal is an objection against a rejection.
type Appeal struct {
	At        time.Time
	Text      string
	Outcome   string // "upheld", "partly-upheld", "dismissed" or "open"
	DecidedAt time.Time
	DecidedBy string
}

// Scan is one file of a case. Draw it with [Case.File].
type Scan struct {
	Slot     string // passport, stay-proof, insurance or residence-proof
	Revision int    // 1 for the first file in its slot
	Format   string // "jpeg" or "pdf"
	Flaw     Flaw   // what is wrong with the picture on purpose

	printed map[string]string // where the paper differs from the person
	sent    int               // number of the submission it came with
}

// Flaw is a deliberate defect of a picture.
type Flaw string

// The flaws.
const (
	FlawNone      Flaw = ""
	FlawBlurry    Flaw = "blurry"
	FlawCropped   Flaw = "cropped"
	FlawGlare     Flaw = "glare"
	FlawGrey      Flaw = "grey"
	FlawSmall     Flaw = "small"
	FlawTurned    Flaw = "turned"     // by a quarter or half turn
	FlawTilted    Flaw = "tilted"     // by a few degrees
	FlawWrongPage Flaw = "wrong-page" // a page without the data
	FlawScreen    Flaw = "screen"     // photographed from a screen
	FlawFaint     Flaw = "faint"      // hardly anything to be seen
	FlawMRZ       Flaw = "mrz"        // a wrong check digit is printed
)

// Colleague is a member of the demo desk's staff.
type Colleague struct {
	Key   string // "reviewer-1" … "senior-2", "supervisor-1"
	Name  string
	Role  string // reviewer, senior-reviewer or supervisor
	Share int    // per cent of the first reviews
}

// Staff lists those who act in the steps. Reviewer 4 is slower than the others;
// the seniors disagree with reviewer 5 more often than with anybody else.
func Staff() []Colleague {
	return []Colleague{
		{"reviewer-1", "Анна Пробина", "reviewer", 24},
		{"reviewer-2", "Борис Макетов", "reviewer", 20},
		{"reviewer-3", "Вера Эскизова", "reviewer", 18},
		{"reviewer-4", "Григорий Черновиков", "reviewer", 14},
		{"reviewer-5", "Дарья Шаблонова", "reviewer", 14},
		{"reviewer-6", "Егор Набросков", "reviewer", 10},
		{"senior-1", "Жанна Образцова", "senior-reviewer", 0},
		{"senior-2", "Захар Примеров", "senior-reviewer", 0},
		{"supervisor-1", "Ирина Моделева", "supervisor", 0},
	}
}

// Current returns the newest scan of a slot.
func (c Case) Current(slot string) (Scan, bool) {
	for i := len(c.Scans) - 1; i >= 0; i-- {
		if c.Scans[i].Slot == slot {
			return c.Scans[i], true
		}
	}
	return Scan{}, false
}

// Document draws the newest file of a slot. The body is nil when the case has
// nothing there.
func (c Case) Document(slot string) (name string, body []byte) {
	s, ok := c.Current(slot)
	if !ok {
		return "", nil
	}
	return c.File(s)
}

// File draws one scan of the case: a JPEG, or a PDF of one page holding it.
// It is safe to call from several goroutines.
func (c Case) File(s Scan) (name string, body []byte) {
	paper := c.draw(s)
	if m := degrade(paper.RGBA, s, c.face); m != paper.RGBA {
		body = encode(m)
	} else {
		body = paper.encode()
	}
	paper.recycle()
	return fileOf(s, body)
}

// fileOf wraps the picture of a scan into the file that is sent.
func fileOf(s Scan, body []byte) (string, []byte) {
	name := s.Slot + "-" + strconv.Itoa(s.Revision)
	if s.Format == "pdf" {
		return name + ".pdf", wrapPDF(body)
	}
	return name + ".jpg", body
}
