package main

import (
	"context"
	"errors"

	"okno/db/outboxstore"
	"okno/db/staffstore"
	"okno/handlers"
	"okno/handlers/appealweb"
	"okno/handlers/auditweb"
	"okno/handlers/cabinetweb"
	"okno/handlers/caseweb"
	"okno/handlers/demoweb"
	"okno/handlers/duplicateweb"
	"okno/handlers/infoweb"
	"okno/handlers/intakeweb"
	"okno/handlers/queueweb"
	"okno/handlers/reinstateweb"
	"okno/handlers/reportweb"
	"okno/handlers/scanweb"
	"okno/handlers/searchweb"
	"okno/handlers/settingsweb"
	"okno/handlers/signinweb"
	"okno/handlers/signupweb"
	"okno/handlers/staffweb"
	"okno/handlers/startweb"
	"okno/handlers/statusweb"
	"okno/handlers/verdictweb"
	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
	"okno/review/staff"
	"okno/review/staff/qr"
)

// app assembles the HTTP side over the desk's services.
func (k *desk) app() (*handlers.App, error) {
	kit := &web.Kit{
		Gate: k.gate, Sessions: visitors{k}, Clock: k.clock, IDs: k.ids, Log: k.log, Secret: k.data.vault.Secret("csrf"),
		Holds: k.held, Unread: k.verdict.Unseen, Anonymous: anonymousLimit(k.config.Demo), Demo: k.config.Demo, HSTS: k.config.Public.Scheme == "https",
	}
	return handlers.New(handlers.Config{Kit: kit, TrustedProxies: k.config.Proxies, Spool: k.config.Data, Ready: k.ready}, k.areas()...)
}

// anonymousLimit is how many requests an address may make in five minutes before
// anybody is signed in; everybody who tries the demo comes from one address.
func anonymousLimit(demo bool) int {
	if demo {
		return 300_000
	}
	return 300
}

// areas are the capabilities' routes.
func (k *desk) areas() []handlers.Area {
	people := colleagues{k.members}
	all := []handlers.Area{
		&startweb.Handlers{Progress: k.progress},
		&infoweb.Handlers{System: k, Operator: k.config.Operator},
		&signupweb.Handlers{SignIn: k.signin},
		&signinweb.Handlers{SignIn: k.signin, Submissions: k.submissions, Contacts: k.intake},
		&cabinetweb.Handlers{Accounts: k.account, Submissions: k.submissions},
		&statusweb.Handlers{Intake: k.intake, Progress: k.progress, Disavow: k.disavow, SignIn: k.signin, Contacts: k.reached, Wording: wording(), Base: k.config.Public.String()}, // before the sections: /apply/receipt
		&intakeweb.Handlers{Intake: k.intake, Contacts: k.contacts, Wording: wording()},
		&scanweb.Handlers{Scan: k.scan, Own: k.intake.Own, Wording: wording()},
		&settingsweb.Handlers{Staff: k.staff},
		&staffweb.Handlers{Staff: k.staff, Dots: qr.Dots},
		&reinstateweb.Handlers{Reinstate: k.reinstate, Staff: people},
		&queueweb.Handlers{Queue: k.queue, Verdict: k.verdict},
		&searchweb.Handlers{Search: k.search},
		&caseweb.Handlers{Queue: k.queue, Verdict: k.verdict, Checks: k.checks},
		&appealweb.Handlers{Appeal: k.appeal},
		&duplicateweb.Handlers{Checks: k.checks, Scan: k.scan},
		&verdictweb.Handlers{Verdict: k.verdict, Queue: k.queue},
		&reportweb.Handlers{Activity: k.activity, Staff: people, Gate: k.gate, Zone: moscow},
		&auditweb.Handlers{Audit: k.audit, Support: k.support, Staff: people, Zone: moscow},
	}
	if k.config.Demo {
		all = append(all, &demoweb.Handlers{Mailbox: mailbox{k}, PublicURL: k.config.Public.String()})
	}
	return all
}

// contacts are the applicant's own confirmed contacts, masked where shown.
func (k *desk) contacts(ctx context.Context, actor review.Actor) (intakeweb.Contacts, error) {
	a, err := k.accounts.Account(ctx, actor.Account)
	if err != nil {
		return intakeweb.Contacts{}, err
	}
	return intakeweb.Contacts{Email: a.Email, Phone: a.Phone, Track: a.Track, Language: a.Language}, nil
}

// reached are the applicant's confirmed contacts, for the receipt.
func (k *desk) reached(ctx context.Context, actor review.Actor) (email, phone string, err error) {
	c, err := k.contacts(ctx, actor)
	return c.Email, c.Phone, err
}

// colleagues names everybody who works or worked at the desk.
type colleagues struct{ members *staffstore.Store }

func (c colleagues) Names(ctx context.Context) (map[review.StaffID]string, error) {
	all, err := c.members.Members(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[review.StaffID]string, len(all))
	for _, m := range all {
		names[m.ID] = m.Name
	}
	return names, nil
}

// mailbox shows a demo's outbox: the words are made anew from what is sealed.
type mailbox struct{ k *desk }

func (m mailbox) Messages(ctx context.Context, limit int) (list []demoweb.Message, err error) {
	recent, err := m.k.outbox.Recent(ctx, limit)
	if err != nil {
		return nil, err
	}
	writer := m.k.words()
	for _, x := range recent {
		if x.Status != outboxstore.Sent {
			continue
		}
		to, language := x.Address, x.Language
		if to == "" {
			if to, language, err = m.k.accounts.Contact(ctx, x.Account, x.Channel); err != nil {
				continue // the account is gone; its messages went with it
			}
		}
		if x.Language == "" {
			x.Language = language
		}
		x.Disavow = m.k.notMe(x.ID, x.Notice)
		text, err := writer.Write(ctx, x.Notice)
		if err != nil {
			return nil, err
		}
		list = append(list, demoweb.Message{ID: x.ID, To: to, Channel: x.Channel, Kind: x.Kind, Subject: text.Subject, Text: text.Body, Time: x.CreatedAt})
	}
	return list, nil
}

var errClosing = errors.New("the desk is closing")

// ready reports whether the desk can serve: not closing, and the database answers.
func (k *desk) ready(ctx context.Context) error {
	if k.closing.Load() {
		return errClosing
	}
	_, err := k.submissions.WaitingForCheck(ctx, 1)
	return err
}

// visitors turns session tokens into actors.
type visitors struct{ k *desk }

func (v visitors) Lookup(ctx context.Context, secret string, background bool) (web.Session, error) {
	s, err := v.k.signinKeys.Find(ctx, secret, background)
	if err != nil {
		return web.Session{}, err
	}
	session := web.Session{Actor: review.Anonymous(), Until: s.Until()}
	switch s.Kind {
	case signin.ForFlow:
		session.Flow = s.Subject
	case signin.ForStaffHalf:
		session.Flow, session.Stage = s.Subject, "password"
	case signin.ForAccount:
		session.Actor, err = v.k.account.Actor(ctx, review.AccountID(s.Subject), s.Print)
	case signin.ForStaff:
		var own staff.Settings
		session.Actor, own, err = v.k.staff.AtDesk(ctx, review.StaffID(s.Subject), s.Print)
		session.Desk = web.Desk{Theme: own.Theme, Density: own.Density, KeysOff: own.KeysOff, Keys: own.Keys}
	}
	return session, err
}
