package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
)

// resident makes an account that can sign in with a password, with a draft.
func (h *house) resident(email, phone string) review.Actor {
	h.t.Helper()
	hash, err := h.hasher.Hash(h.t.Context(), typedPassword)
	h.must(err)
	id := review.AccountID(h.ids.NewID())
	h.write(func(tx *sqlite.Tx) error {
		return h.accounts.Create(tx, signin.NewAccount{ID: id, Language: "ru", Track: review.ForeignCitizen, Email: email, Phone: phone, Password: hash, At: h.clock.Now()})
	})
	by := review.Actor{Account: id, Roles: []review.Role{review.RoleApplicant}}
	h.draft(by, review.ForeignCitizen)
	return by
}

// TestASessionThatEndsOverAForm in a browser, with scripts and without: another
// account that signs in there sees nothing of what was typed; the one that typed it
// goes on where it stopped.
func TestASessionThatEndsOverAForm(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			mark := strings.ReplaceAll(name, " ", ".")
			digit := map[bool]string{true: "1", false: "2"}[scripts]
			by := g.resident(mark+"@example.org", "+7999555010"+digit)
			stranger := g.resident("stranger."+mark+"@example.org", "+7999555020"+digit)
			theirs := g.answerOf(stranger, review.Address)
			p := c.open(t, g.site, "held", "ru", 360, scripts)
			p.unlooked = true
			token := g.accountToken(by.Account)
			call(p, network.ClearBrowserCookies, cdp.Empty{})
			call(p, network.SetCookie, network.SetCookieParams{Name: web.ApplicantCookie, Value: token, URL: g.site.base, Path: "/", Secure: new(true), HTTPOnly: new(true)})
			p.visit(address)
			p.fill("address", heldAddress)
			g.must(g.signinKeys.End(t.Context(), token))
			p.send(address)
			p.at(link.SignIn())
			p.says(i18n.Text("ru", "signin.held-title"))

			enter := func(login string) {
				t.Helper()
				p.fill("login", login, "password", typedPassword)
				p.send(link.SignIn())
			}
			enter("stranger." + mark + "@example.org")
			p.at(link.Apply())
			for _, path := range []string{link.Apply(), address, link.Resume()} {
				p.visit(path)
				if strings.Contains(eval[string](p, "document.documentElement.innerHTML"), "Примерная, дом 17") {
					t.Errorf("%s shows another account what was typed", path)
				}
			}
			if g.answerOf(stranger, review.Address) != theirs {
				t.Error("it was saved in another account")
			}
			p.send(link.SignOut())

			p.visit(link.SignIn())
			enter(mark + "@example.org")
			p.says(i18n.Text("ru", "kit.session.saved"))
			if got := g.answerOf(by, review.Address); got != heldAddress {
				t.Errorf("the address is %q", got)
			}
			p.visit(address)
			if got := eval[string](p, "document.querySelector('[name=address]').value"); got != heldAddress {
				t.Errorf("the form shows %q", got)
			}
			p.forgets()
		})
	}
}

// TestHintsSayWhatTheServerSays: while typing, the browser's hint appears exactly
// where the server would refuse the letters, or store others than were typed.
func TestHintsSayWhatTheServerSays(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	p := c.open(t, g.site, "typist", "ru", 1280, true)
	p.unlooked = true
	g.signIn(p, newcomer)
	p.visit(link.Apply())
	hint := func(path, name, value string) string {
		t.Helper()
		p.visit(path)
		p.fill(name, value)
		eval[bool](p, "new Promise(done => setTimeout(() => done(true), 600))") // hints wait for a pause
		return eval[string](p, "(document.querySelector('[name="+name+"]').parentNode.querySelector('.live-hint') || {textContent: ''}).textContent")
	}
	for _, x := range []struct{ path, name, value, want string }{
		{link.Section("person"), "surname", "Намунаев", ""},
		{link.Section("person"), "surname", "Hамунаев", i18n.Text("ru", "apply.live.mixed", "word", "Hамунаев", "letters", "H")},
		{link.Section("person"), "surname", "Smith", i18n.Text("ru", "apply.live.cyrillic")},
		{link.Section("person"), "surname-latin", "NAMUNAYEV", ""},
		{link.Section("person"), "surname-latin", "Намунаев", i18n.Text("ru", "apply.live.latin")},
		{link.Section("person"), "surname", "Ўткир-Қизи", ""},
		{link.Section("document"), "document-number", "AA 1234567", ""},
		{link.Section("document"), "document-number", "АА 1234567", i18n.Text("ru", "apply.live.record", "value", "AA1234567")},
		{link.Section("identifiers"), "snils", "901-234-507 52", ""},
		{link.Section("identifiers"), "snils", "901-234-507 5", i18n.Text("ru", "apply.live.digits", "n", "10", "of", "11")},
		{link.Section("identifiers"), "inn", "1234567890", i18n.Text("ru", "apply.live.digits", "n", "10", "of", "12")},
	} {
		if got := hint(x.path, x.name, x.value); got != x.want {
			t.Errorf("%s %q: %q, want %q", x.name, x.value, got, x.want)
		}
	}
}
