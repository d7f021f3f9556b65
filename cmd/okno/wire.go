package main

import (
	"context"
	"errors"

	"okno/handlers"
	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
)

// app assembles the HTTP side over the desk's services.
func (k *desk) app() (*handlers.App, error) {
	kit := &web.Kit{
		Gate: k.gate, Sessions: visitors{k}, Clock: k.clock, IDs: k.ids, Log: k.log, Secret: k.data.vault.Secret("csrf"),
		Demo: k.config.Demo, HSTS: k.config.Public.Scheme == "https",
	}
	return handlers.New(handlers.Config{Kit: kit, TrustedProxies: k.config.Proxies, Ready: k.ready}, k.areas()...)
}

func (k *desk) areas() []handlers.Area {
	return nil
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
		session.Actor, err = v.k.staff.Actor(ctx, review.StaffID(s.Subject), s.Print)
	}
	return session, err
}
