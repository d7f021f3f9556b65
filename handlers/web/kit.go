package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"okno/review"
	"okno/views/i18n"
)

// Kit holds what every request needs. All fields are set once at start.
type Kit struct {
	Gate     review.Gate
	Sessions Sessions
	Clock    review.Clock
	IDs      review.IDs
	Log      *slog.Logger
	Secret   []byte // key of CSRF tokens
	Demo     bool
	HSTS     bool  // the public address is https
	Holds    Holds // keeps forms over a sign-in; nil keeps none

	// Unread counts what waits to be read by a member of staff; nil counts nothing.
	Unread func(ctx context.Context, actor review.Actor) (int, error)

	holding []Route // the routes whose forms are kept

	// Anonymous is how many requests people who are not signed in may make from one
	// network address in five minutes; 0 sets no limit.
	Anonymous int

	rate     rate
	inFlight atomic.Int64
}

// maxInFlight bounds the requests that are worked on at the same time; one more
// is answered 503 at once instead of making everybody wait.
const maxInFlight = 512

const requestIDKey = "request-id"

// Mount registers a route with the whole chain of checks in front of it.
func (k *Kit) Mount(app *fiber.App, r Route) {
	handler := func(f *fiber.Ctx) error { return k.serve(f, r) }
	if r.Hold {
		k.holding = append(k.holding, r)
	}
	switch r.Method {
	case fiber.MethodGet:
		app.Get(r.Path, handler)
	case fiber.MethodPost:
		app.Post(r.Path, handler)
	default:
		panic("route " + r.Path + ": method " + r.Method)
	}
}

// Before runs in front of everything, routes or not: recovery, request id, answer
// headers, refusal of encoded bodies and of overload.
func (k *Kit) Before(f *fiber.Ctx) (err error) {
	id := k.IDs.NewID()
	f.Locals(requestIDKey, id)
	k.headers(f)
	defer func() {
		if p := recover(); p != nil {
			k.Log.Error("panic", "request", id, "value", panicKind(p), "stack", string(debug.Stack()))
			err = k.fail(f, &review.Error{Kind: review.Internal, Code: "internal"})
		}
	}()
	if k.inFlight.Add(1) > maxInFlight {
		k.inFlight.Add(-1)
		f.Set(fiber.HeaderRetryAfter, "5")
		return k.fail(f, review.ErrBusy)
	}
	defer k.inFlight.Add(-1)
	if len(f.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return k.fail(f, errBadForm)
	}
	started := k.Clock.Now()
	if err := f.Next(); err != nil {
		err = k.fail(f, err)
		k.access(f, id, started)
		return err
	}
	k.access(f, id, started)
	return nil
}

// panicKind names the panic without its text, which may hold data.
func panicKind(p any) string {
	if err, ok := p.(error); ok {
		return strings.SplitN(err.Error(), ":", 2)[0]
	}
	return "panic"
}

func (k *Kit) serve(f *fiber.Ctx, r Route) error {
	deadline := Deadline
	if r.Upload || r.Reads {
		deadline = ScanDeadline
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c := &Ctx{f: f, kit: k, route: r}
	c.lang = c.language()
	c.ctx = i18n.With(ctx, c.lang)
	f.Locals("web", c)
	if !Staff(c.f.Path()) {
		f.Set("Content-Security-Policy", csp+trustedTypes)
	}
	if err := k.identify(c); err != nil {
		return c.fail(err)
	}
	if err := k.enough(c); err != nil {
		return c.fail(err)
	}
	if err := k.Gate.Allow(c.session.Actor, r.Action); err != nil {
		return k.turnAway(c, err)
	}
	if err := k.sameOrigin(c); err != nil {
		return k.turnAway(c, err)
	}
	if err := r.Handler(c); err != nil {
		return c.fail(err)
	}
	k.settled(c)
	return nil
}

// identify finds the session, or makes an anonymous actor tied to a visit cookie.
func (k *Kit) identify(c *Ctx) error {
	id, _ := c.f.Locals(requestIDKey).(string)
	c.session = Session{Actor: review.Anonymous()}
	c.session.Actor.RequestID = id
	if secret := c.SessionSecret(); secret != "" {
		s, err := k.Sessions.Lookup(c.ctx, secret, c.route.Background)
		switch {
		case err == nil:
			c.session, c.tie = s, secret
			if len(s.Actor.Roles) == 0 {
				c.session.Actor = review.Anonymous()
			}
			c.session.Actor.RequestID = id
			if c.session.Actor.IsApplicant() {
				c.session.Actor.Network = review.Network(networkOf(c.Address()).String())
			}
			return nil
		case !errors.Is(err, review.ErrUnauthenticated):
			return err
		}
	}
	if c.tie = c.cookie(VisitCookie); len(c.tie) != 43 {
		c.tie = randomSecret()
		c.setCookie(VisitCookie, c.tie, fiber.CookieSameSiteLaxMode, 0)
	}
	return nil
}

var crossOrigin = http.NewCrossOriginProtection()

var errCrossSite = &review.Error{Kind: review.Forbidden, Code: "cross-site"}

// sameOrigin lets an unsafe request pass only from our own pages: by the
// browser's word (Sec-Fetch-Site, Origin) and by the token of the session.
func (k *Kit) sameOrigin(c *Ctx) error {
	if m := c.f.Method(); m == fiber.MethodGet || m == fiber.MethodHead {
		return nil
	}
	if c.foreign() {
		return errCrossSite
	}
	token := c.f.Get("X-CSRF-Token")
	if token == "" {
		form, err := c.Form()
		if err != nil {
			return err
		}
		token = form.Value(csrfField)
	}
	if !csrfValid(k.Secret, c.tie, token) {
		// The same account signed in again while the form was open in another tab.
		if account, ok := k.owner(token, c.Now()); ok && c.route.Hold && account == c.session.Actor.Account {
			return nil
		}
		if c.session.Actor.Has(review.RoleAnonymous) && c.cookie(c.cookieName()) != "" {
			return review.ErrUnauthenticated // the session ended while the form was open
		}
		return &review.Error{Kind: review.Forbidden, Code: "form-expired"}
	}
	return nil
}

func (c *Ctx) cookie(name string) string { return strings.Clone(c.f.Cookies(name)) }

// language picks the page's language: the switch's cookie, else what the
// browser asks for, else Russian.
func (c *Ctx) language() string {
	if l := c.cookie(LanguageCookie); slices.Contains(c.languages(), l) {
		return l
	}
	return i18n.Russian
}

// languages lists the languages of this side of the desk.
func (c *Ctx) languages() []string {
	if Staff(c.f.Path()) {
		return i18n.Languages()
	}
	return i18n.ForApplicants()
}

// SetLanguage remembers the language of pages for this browser; a page that answers
// this request is in it already.
func (c *Ctx) SetLanguage(lang string) {
	if i18n.Supported(lang) {
		c.lang, c.ctx = lang, i18n.With(c.ctx, lang)
		c.setCookie(LanguageCookie, lang, fiber.CookieSameSiteLaxMode, 365*24*3600)
	}
}
