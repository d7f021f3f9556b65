package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// Holds keeps forms that were sent after their session had ended. Errors:
// review.ErrNotFound when nothing is kept for the account in this browser.
type Holds interface {
	Keep(ctx context.Context, account review.AccountID, secret string, p review.HeldPost) error
	Kept(ctx context.Context, account review.AccountID, secret string) (review.HeldPost, error)
	Drop(ctx context.Context, secret string) error
}

const (
	// HeldCookie holds the browser's part of the key of a kept form.
	HeldCookie = "__Host-okno-held"

	heldTerm = 30 * time.Minute
	// What the next page tells once, as the value of the cookie.
	heldDone    = "saved"
	SentAlready = "sent"

	formTerm = 12*time.Hour + heldTerm
)

// ownerBox seals into a form for whose account it was made.
func ownerBox(secret []byte) cipher.AEAD {
	key, err := hkdf.Key(sha256.New, secret, nil, "form owner", 32)
	if err != nil {
		panic(err) // only for lengths that no hash gives
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return box
}

// signed is the token of a form with its owner behind it.
func (c *Ctx) signed(token string) string {
	account := c.session.Actor.Account
	if account == "" {
		return token
	}
	plain := binary.BigEndian.AppendUint64(nil, uint64(c.Now().Unix()))
	return token + "." + base64.RawURLEncoding.EncodeToString(ownerBox(c.kit.Secret).Seal(nil, nil, append(plain, account...), nil))
}

// owner returns the account for which the desk made the form not too long ago.
func (k *Kit) owner(token string, now time.Time) (review.AccountID, bool) {
	_, sealed, ok := strings.Cut(token, ".")
	if !ok {
		return "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", false
	}
	plain, err := ownerBox(k.Secret).Open(nil, nil, raw, nil)
	if err != nil || len(plain) <= 8 {
		return "", false
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(plain)), 0)
	return review.AccountID(plain[8:]), now.Before(made.Add(formTerm))
}

// foreign reports whether the browser says that the request comes from another site.
func (c *Ctx) foreign() bool {
	r := &http.Request{Method: c.f.Method(), Host: string(c.f.Request().Host()), Header: http.Header{}, URL: &url.URL{Path: c.f.Path()}}
	for _, h := range []string{"Sec-Fetch-Site", "Origin"} {
		if v := c.f.Get(h); v != "" {
			r.Header.Set(h, v)
		}
	}
	return crossOrigin.Check(r) != nil
}

// keep holds the form of somebody whose session has ended, if it was made for an
// account, and tells whether it did.
func (k *Kit) keep(c *Ctx) bool {
	if !c.route.Hold || k.Holds == nil || c.f.Method() != fiber.MethodPost || c.foreign() {
		return false
	}
	form, err := c.Form()
	if err != nil {
		return false
	}
	account, ok := k.owner(form.Value(csrfField), c.Now())
	if !ok {
		return false
	}
	p := review.HeldPost{Path: c.Path(), Values: map[string][]string{}}
	for _, name := range form.Names() {
		p.Values[name] = form.Values(name)
	}
	if u, ok := form.File(); ok && !u.TooLarge {
		p.HasFile, p.FileName, p.File = true, u.Name, u.Body
	}
	secret := randomSecret()
	if err := k.Holds.Keep(c.ctx, account, secret, p); err != nil {
		c.logFailure(err)
		return false
	}
	c.setCookie(HeldCookie, secret, fiber.CookieSameSiteLaxMode, int(heldTerm.Seconds()))
	return true
}

// turnAway answers a request that the gate has refused: a form typed before the
// session ended is kept for its account.
func (k *Kit) turnAway(c *Ctx, err error) error {
	if errors.Is(err, review.ErrUnauthenticated) && k.keep(c) {
		c.logFailure(err)
		return c.Redirect(link.SignInHeld())
	}
	return c.fail(err)
}

// Held reports whether a form waits for the account in this browser.
func (c *Ctx) Held(account review.AccountID) bool {
	secret := c.cookie(HeldCookie)
	if c.kit.Holds == nil || secret == "" {
		return false
	}
	_, err := c.kit.Holds.Kept(c.ctx, account, secret)
	return err == nil
}

// Resume sends the form that waits for the account as if it were sent now. What
// the route answers to a form with faults is shown here, with everything typed.
func (k *Kit) Resume(c *Ctx) error {
	secret := c.cookie(HeldCookie)
	if k.Holds == nil || secret == "" || c.foreign() {
		return c.Redirect(link.Apply())
	}
	p, err := k.Holds.Kept(c.ctx, c.Actor().Account, secret)
	if review.KindOf(err) == review.NotFound && err != nil {
		return c.Redirect(link.Apply())
	}
	if err != nil {
		return err
	}
	r, params, ok := k.held(p.Path)
	if !ok {
		return c.Redirect(link.Apply())
	}
	if err := k.Gate.Allow(c.Actor(), r.Action); err != nil {
		return err
	}
	c.route, c.params, c.path = r, params, p.Path
	c.form, c.formErr = &Form{values: p.Values}, nil
	if p.HasFile {
		c.form.file = &Upload{Name: p.FileName, Body: p.File, TooLarge: len(p.File) > MaxFile}
	}
	if err := r.Handler(c); err != nil {
		return err
	}
	if c.f.Response().StatusCode() == fiber.StatusSeeOther {
		c.setCookie(HeldCookie, heldDone, fiber.CookieSameSiteLaxMode, 60)
		return k.Holds.Drop(c.ctx, secret)
	}
	return nil
}

// settled forgets a kept form once its person has saved a form of the kind in the
// usual way: what was typed later counts.
func (k *Kit) settled(c *Ctx) {
	secret := c.cookie(HeldCookie)
	if k.Holds == nil || !c.route.Hold || c.path != "" || len(secret) != 43 || c.f.Response().StatusCode() != fiber.StatusSeeOther {
		return
	}
	if err := k.Holds.Drop(c.ctx, secret); err != nil {
		c.logFailure(err)
		return
	}
	c.setCookie(HeldCookie, "", fiber.CookieSameSiteLaxMode, -1)
}

// held finds the route of a kept form and the parts of its path.
func (k *Kit) held(path string) (Route, map[string]string, bool) {
	parts := strings.Split(path, "/")
	for _, r := range k.holding {
		pattern := strings.Split(r.Path, "/")
		if len(pattern) != len(parts) {
			continue
		}
		params, ok := map[string]string{}, true
		for i, p := range pattern {
			if name, isParam := strings.CutPrefix(p, ":"); isParam {
				params[name] = parts[i]
			} else {
				ok = ok && p == parts[i]
			}
		}
		if ok {
			return r, params, true
		}
	}
	return Route{}, nil, false
}

// Tell has the next page tell something once, for instance [SentAlready]. What
// waits for a sign-in is not overwritten.
func (c *Ctx) Tell(what string) {
	if len(c.cookie(HeldCookie)) != 43 {
		c.setCookie(HeldCookie, what, fiber.CookieSameSiteLaxMode, 60)
	}
}

// Posted reports whether the request sends a form.
func (c *Ctx) Posted() bool { return c.f.Method() == fiber.MethodPost || c.path != "" }

// told is the message that the page before has left; it is shown once.
func (c *Ctx) told() *ui.Message {
	if c.f.Method() != fiber.MethodGet {
		return nil
	}
	m := &ui.Message{Kind: "success", Live: true}
	switch c.cookie(HeldCookie) {
	case heldDone:
		m.Text = i18n.T(c.ctx, "kit.session.saved")
	case SentAlready:
		m.Kind, m.Text = "info", i18n.T(c.ctx, "kit.session.sent")
	default:
		return nil
	}
	c.setCookie(HeldCookie, "", fiber.CookieSameSiteLaxMode, -1)
	return m
}
