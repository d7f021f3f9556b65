package web

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okno/review"
)

// Session is what the cookie's holder may be told apart by.
type Session struct {
	Actor review.Actor // anonymous while only a registration flow runs
	Flow  string       // registration or reset flow, if one runs
	Stage string       // "" when complete; staff: "password" after the first factor
	Until time.Time    // when it ends without further activity
	Desk  Desk         // how a member of staff likes the desk
}

// Desk is how a member of staff likes the desk; see the settings page.
type Desk struct {
	Theme, Density string
	KeysOff        bool
	Keys           map[string]string // keys of the desk as it comes, and what is pressed instead
}

// Sessions finds sessions by the secret in the cookie.
type Sessions interface {
	// Lookup returns review.ErrUnauthenticated for an unknown, idle or ended
	// session. background lookups do not extend it.
	Lookup(ctx context.Context, secret string, background bool) (Session, error)
}

// The cookies of the desk; all are __Host-, Secure, HttpOnly.
const (
	ApplicantCookie = "__Host-okno"
	StaffCookie     = "__Host-okno-desk"
	VisitCookie     = "__Host-okno-visit" // ties the CSRF token of somebody not signed in to a browser
	LanguageCookie  = "__Host-okno-lang"
)

func (c *Ctx) cookieName() string {
	if Staff(c.f.Path()) {
		return StaffCookie
	}
	return ApplicantCookie
}

// StartSession sends the secret of a new session. The name is ApplicantCookie
// or StaffCookie.
func (c *Ctx) StartSession(name, secret string) {
	c.setCookie(name, secret, sameSite(name), 0)
}

// sameSite is how far a session's cookie travels: nobody follows a link from
// elsewhere into the desk.
func sameSite(name string) string {
	if name == StaffCookie {
		return fiber.CookieSameSiteStrictMode
	}
	return fiber.CookieSameSiteLaxMode
}

// EndSession removes the cookie and asks the browser to forget its caches.
func (c *Ctx) EndSession(name string) {
	c.setCookie(name, "", sameSite(name), -1)
	c.f.Set("Clear-Site-Data", `"cache", "storage"`)
}

func (c *Ctx) setCookie(name, value, sameSite string, maxAge int) {
	c.f.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HTTPOnly: true, SameSite: sameSite,
		MaxAge: maxAge, SessionOnly: maxAge == 0,
	})
}

// SessionSecret returns the secret from the cookie of this side, empty if none.
func (c *Ctx) SessionSecret() string { return c.cookie(c.cookieName()) }

// ApplicantSecret returns the secret of the applicant's cookie on any path.
func (c *Ctx) ApplicantSecret() string { return c.cookie(ApplicantCookie) }

func randomSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// csrfToken derives the token from whatever ties the browser: its session, or
// the visit cookie before there is one. It is masked anew each time so that
// compression cannot leak it.
func csrfToken(key []byte, tie string) string {
	mac := csrfMAC(key, tie)
	var pad [sha256.Size]byte
	rand.Read(pad[:])
	out := make([]byte, 2*len(mac))
	copy(out, pad[:])
	subtle.XORBytes(out[len(mac):], mac, pad[:])
	return base64.RawURLEncoding.EncodeToString(out)
}

func csrfValid(key []byte, tie, token string) bool {
	token, _, _ = strings.Cut(token, ".") // the form's owner stands behind
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 2*sha256.Size || tie == "" {
		return false
	}
	mac := make([]byte, sha256.Size)
	subtle.XORBytes(mac, raw[:sha256.Size], raw[sha256.Size:])
	return hmac.Equal(mac, csrfMAC(key, tie))
}

func csrfMAC(key []byte, tie string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("csrf\x00" + tie))
	return h.Sum(nil)
}
