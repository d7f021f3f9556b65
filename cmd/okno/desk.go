package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"okno/cmd/internal/config"
	"okno/db/accountstore"
	"okno/db/activitystore"
	"okno/db/disavowstore"
	"okno/db/heldstore"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/scanstore"
	"okno/db/sessionstore"
	"okno/db/staffstore"
	"okno/db/submissionstore"
	"okno/rbac"
	"okno/review"
	"okno/review/account"
	"okno/review/activity"
	"okno/review/appeal"
	"okno/review/audit"
	"okno/review/check"
	"okno/review/disavow"
	"okno/review/greenlane"
	"okno/review/held"
	"okno/review/intake"
	"okno/review/notice"
	"okno/review/notice/smsgate"
	"okno/review/notice/smtpmail"
	"okno/review/progress"
	"okno/review/queue"
	"okno/review/reinstate"
	"okno/review/scan"
	"okno/review/search"
	"okno/review/signin"
	"okno/review/signin/argon"
	"okno/review/staff"
	"okno/review/support"
	"okno/review/verdict"
	"okno/views/i18n"
)

// desk is everything of a running desk but its HTTP side.
type desk struct {
	config  config.Config
	data    *data
	log     *slog.Logger
	clock   review.Clock
	ids     review.IDs
	gate    review.Gate
	hasher  *argon.Hasher
	helpers helpers // of the inspection of files

	submissions *submissionstore.Store
	scans       *scanstore.Store
	bytes       *scanstore.Bytes
	accounts    *accountstore.Store
	sessions    *sessionstore.Store
	members     *staffstore.Store
	history     *historystore.Store
	outbox      *outboxstore.Store
	figures     *activitystore.Store

	intake     *intake.Service
	scan       *scan.Service
	checks     *check.Service
	queue      *queue.Service
	search     *search.Service
	appeal     *appeal.Service
	verdict    *verdict.Service
	notices    *notice.Service
	signin     *signin.Service
	signinKeys *signin.Sessions
	held       *held.Service
	account    *account.Service
	staff      *staff.Service
	activity   *activity.Service
	audit      *audit.Service
	support    *support.Service
	progress   *progress.Service
	disavow    *disavow.Service
	reinstate  *reinstate.Service
	greenlane  *greenlane.Service
	started    time.Time

	// closing is set when the desk stops: it is alive but not ready.
	closing atomic.Bool

	// wake makes a background loop tick at once; set when the loops run.
	wake func(loop string)
}

// moscow is the zone in which the desk counts days; it has no summer time.
var moscow = time.FixedZone("MSK", 3*60*60)

// newDesk builds stores and services over an opened data folder.
func newDesk(c config.Config, d *data, log *slog.Logger) (*desk, error) {
	gate, err := rbac.New()
	if err != nil {
		return nil, err
	}
	return assemble(c, d, log, gate), nil
}

// assemble builds stores and services behind a gate.
func assemble(c config.Config, d *data, log *slog.Logger, gate review.Gate) *desk {
	k := &desk{config: c, data: d, log: log, clock: review.SystemClock{}, ids: review.RandomIDs{}, gate: gate, started: review.SystemClock{}.Now(), wake: func(string) {}}
	k.hasher = argon.New(d.vault.Pepper(), argon.Standard)
	k.stores()
	k.applicantServices()
	k.deskServices()
	return k
}

func (k *desk) stores() {
	db, vault := k.data.db, k.data.vault
	k.history = historystore.New(db, vault, k.clock, k.config.Mirror)
	k.outbox = outboxstore.New(db, vault)
	k.figures = activitystore.New(db, moscow)
	k.scans = &scanstore.Store{DB: db, Vault: vault}
	k.bytes = &scanstore.Bytes{DB: db, Vault: vault, Blobs: k.data.blobs, Scans: k.scans}
	k.accounts = &accountstore.Store{DB: db, Vault: vault, History: k.history}
	k.sessions = &sessionstore.Store{DB: db, Vault: vault, Accounts: k.accounts, Outbox: k.outbox, Clock: k.clock, IDs: k.ids}
	k.members = &staffstore.Store{DB: db, Vault: vault, Outbox: k.outbox, Clock: k.clock, IDs: k.ids}
	k.submissions = &submissionstore.Store{
		DB: db, Vault: vault, Clock: k.clock, IDs: k.ids, Scans: k.scans,
		History: submissionstore.HistoryFunc(historystore.Append), Outbox: k.outbox, Accounts: k.accounts, Activity: k.figures, Contacts: k.accounts,
	}
	k.accounts.Letters = k.submissions.WriteIn
}

func (k *desk) applicantServices() {
	vault := k.data.vault
	k.signinKeys = &signin.Sessions{Store: k.sessions, Clock: k.clock, Secret: vault.Secret("session")}
	k.held = &held.Service{Store: &heldstore.Store{DB: k.data.db}, Clock: k.clock, Secret: vault.Secret("held")}
	limits := signin.DefaultLimits()
	if k.config.Demo { // everybody who tries the demo comes from one address
		limits = limits.ForSharedAddress(1000)
	}
	k.signin = &signin.Service{
		Gate: k.gate, Clock: k.clock, IDs: k.ids, Hasher: k.hasher, Flows: k.sessions, Accounts: k.sessions, Limiter: k.sessions, Texts: k.sessions, Cases: k.submissions,
		Sessions: k.signinKeys, Secret: vault.Secret("codes"), Policy: signin.DefaultPolicy(), Limits: limits,
	}
	k.progress = &progress.Service{
		Submissions: k.submissions, Messages: correspondence{k}, Figures: k.figures, Gate: k.gate, Clock: k.clock,
		Secret: vault.Secret("receipt"), Allow: k.signin.AllowLookUp,
	}
	k.disavow = &disavow.Service{Gate: k.gate, Clock: k.clock, Store: k.disavowed(), Secret: vault.Secret("disavow")}
	k.reinstate = &reinstate.Service{Gate: k.gate, Clock: k.clock, Store: k.disavowed()}
	k.account = &account.Service{Gate: k.gate, Store: k.accounts}
	k.intake = &intake.Service{
		Submissions: k.submissions, Timeline: k.timeline(), Gate: k.gate, Clock: k.clock, IDs: k.ids,
		ConsentText: func(language, purpose, version string) string {
			return i18n.Text(language, "consent."+purpose+"."+version)
		},
		Sent: func(review.SubmissionID) { k.wake(loopCheck) },
	}
	k.scan = &scan.Service{Submissions: k.submissions, Rows: k.scans, Bytes: k.bytes, Inspector: k.inspector(), Gate: k.gate, Clock: k.clock, IDs: k.ids}
}

func (k *desk) deskServices() {
	k.checks = &check.Service{
		Gate: k.gate, Submissions: k.submissions, Scans: k.scans, Pairs: k.submissions, Switches: k.submissions, Reader: k.scan, Accounts: confirmed{k.accounts}, Missing: func(s *review.Submission) []review.Target { return missing(s, k.clock.Now()) }, Consents: requiredConsents(),
		Clock: k.clock, Zone: moscow, Log: k.log,
	}
	k.greenlane = &greenlane.Service{Submissions: k.submissions, Clock: k.clock, Secret: k.data.vault.Secret("green lane"), On: k.config.AutoApprove}
	k.queue = &queue.Service{Gate: k.gate, Store: k.submissions, Clock: k.clock, IDs: k.ids, Zone: moscow, Own: k.own}
	k.search = search.New(k.gate, k.submissions, searches{k.sessions}, k.clock, k.ids)
	k.verdict = &verdict.Service{
		Gate: k.gate, Store: k.submissions, History: k.timeline(), Contacts: k.accounts, Messages: messages{k}, Names: k.names,
		Clock: k.clock, IDs: k.ids, Wording: wording(), Hold: k.config.Hold, Colleagues: k.writers,
		Oversight: review.Oversight{Probation: k.config.Probation, Sample: float64(k.config.Sample) / 100}, Draw: draw,
	}
	k.appeal = &appeal.Service{Gate: k.gate, Store: k.submissions, Clock: k.clock, Own: k.own, Words: k.letter}
	k.notices = &notice.Service{
		Outbox: k.outbox, Contacts: k.accounts, Writer: k.words(), Transports: k.transports(), Clock: k.clock, Log: k.log,
		Disavow: func(m notice.Message) string { return k.notMe(m.ID, m.Notice) },
	}
	k.staff = &staff.Service{
		Gate: k.gate, Clock: k.clock, IDs: k.ids, Store: k.members, Hasher: k.hasher, Sessions: k.signinKeys,
		Attempts: k.signin, Rule: signin.StaffPassword,
	}
	k.audit = audit.New(k.gate, historystore.Audit{History: k.history}, k.submissions, k.submissions, k.clock)
	k.support = &support.Service{Gate: k.gate, Submissions: k.submissions, Messages: k.outbox, History: k.submissions, Clock: k.clock}
	k.activity = &activity.Service{Gate: k.gate, Figures: k.figures, History: k.submissions, Clock: k.clock}
}

// catchUp brings what follows from older data up to the present schema. It does
// nothing when that was done before.
func (k *desk) catchUp(ctx context.Context) error {
	if err := k.submissions.FillSearch(ctx); err != nil {
		return err
	}
	return k.figures.CatchUp(ctx, k.clock.Now())
}

func (k *desk) disavowed() *disavowstore.Store {
	return &disavowstore.Store{DB: k.data.db, Outbox: k.outbox, Accounts: k.accounts, Sessions: k.sessions, Submissions: k.submissions, IDs: k.ids, Clock: k.clock}
}

func (k *desk) timeline() submissionstore.Timeline {
	return submissionstore.Timeline{History: k.history}
}

func (k *desk) words() words { return words{public: k.config.Public, demo: k.config.Demo} }

// transports are real ones; a demo desk keeps its messages for the mailbox page.
func (k *desk) transports() map[review.Channel]notice.Transport {
	if k.config.Demo {
		return map[review.Channel]notice.Transport{review.Mail: kept{}, review.SMS: kept{}}
	}
	m, s := k.config.SMTP, k.config.SMS
	return map[review.Channel]notice.Transport{
		review.Mail: smtpmail.Relay{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password, From: m.From, TLS: m.TLS, Domain: k.config.Public.Hostname()},
		review.SMS:  smsgate.Gateway{URL: s.URL, Token: s.Token, From: s.From},
	}
}

// kept is the demo's transport: the message stays in the sealed outbox, where
// the mailbox page reads it.
type kept struct{}

func (kept) Send(context.Context, string, string, notice.Text) error { return nil }

// missing lists what the intake rules ask for at the moment.
func missing(s *review.Submission, at time.Time) (targets []review.Target) {
	for _, g := range intake.Missing(s, intake.Today(at)) {
		targets = append(targets, review.Target{Field: review.Field(g.Fault.Field), Slot: g.Slot})
	}
	return targets
}

func requiredConsents() (purposes []string) {
	for _, p := range intake.Purposes {
		if p.Required {
			purposes = append(purposes, p.Code)
		}
	}
	return purposes
}

// confirmed tells the automatic checks the contacts of an account. An account
// exists only with both contacts confirmed, and no two share one.
type confirmed struct{ accounts *accountstore.Store }

func (c confirmed) ConfirmedContacts(ctx context.Context, id review.AccountID) (check.Contacts, error) {
	a, err := c.accounts.Account(ctx, id)
	if err != nil {
		return check.Contacts{}, err
	}
	return check.Contacts{Phone: a.Phone, Email: a.Email}, nil
}

// searches bounds how often a member of staff searches.
type searches struct{ limits *sessionstore.Store }

func (s searches) Take(ctx context.Context, staff review.StaffID, at time.Time) (time.Time, error) {
	refusal, err := s.limits.Take(ctx, at,
		signin.Take{Limit: signin.Limit{Name: "search-minute", Burst: 30, Per: time.Minute}, Subject: string(staff)},
		signin.Take{Limit: signin.Limit{Name: "search-day", Burst: 1000, Per: 24 * time.Hour}, Subject: string(staff)})
	return refusal.Until, err
}
