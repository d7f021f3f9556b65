package main

import (
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
)

// again is the same person at another browser.
func (a *applicant) again(c *chrome, who string) *applicant {
	t := c.open(a.t, a.site, who, a.lang, a.width, a.scripts)
	t.narrow = true
	other := *a
	other.tab = t
	return &other
}

// resumes begins an application in one browser and finds everything in another.
func (a *applicant) resumes(c *chrome) *applicant {
	a.t.Helper()
	a.number = a.text(".case-number")
	a.link(link.Section(intake.Person))
	a.fill(a.answers[intake.Person]...)
	a.send(link.Section(intake.Person))
	b := a.again(c, "elsewhere")
	b.arrive()
	b.link(link.SignIn())
	b.fill("login", a.email, "password", typedPassword)
	b.send(link.SignIn())
	b.at(link.Apply())
	if got := b.text(".case-number"); got != a.number {
		a.t.Errorf("another browser shows case %s, want %s", got, a.number)
	}
	b.link(link.Section(intake.Person))
	if got := eval[string](b.tab, `document.querySelector('[name=surname]').value`); got != a.Surname {
		a.t.Errorf("another browser shows the surname %q", got)
	}
	b.visit(link.Apply())
	return b
}

// looksUp asks where the application stands from a browser that nobody has
// signed in from, first with a wrong address.
func (a *applicant) looksUp(c *chrome) {
	a.t.Helper()
	b := a.again(c, "outside")
	b.arrive()
	b.link(link.LookUp())
	b.refused(link.LookUp())
	b.fill("case", "26 004", "email", "nobody")
	b.send(link.LookUp())
	b.says(a.words("receipt.fault.case.number"))
	b.fill("case", a.number, "email", "wrong."+a.email)
	b.send(link.LookUp())
	b.at(link.LookUpCode())
	a.site.mail("wrong."+a.email, a.words("notice.look-up-unknown.subject"))
	b.refused(link.LookUpCode())
	b.fill("code", "000000")
	b.send(link.LookUpCode())
	b.visit(link.LookUp())
	b.fill("case", a.number, "email", a.email)
	b.send(link.LookUp())
	b.at(link.LookUpCode())
	b.fill("code", b.patientCode())
	b.send(link.LookUpCode())
	b.at(link.LookUpCase())
	b.says(a.number, a.words("receipt.waiting.nobody"))
	if strings.Contains(b.text("main"), a.Surname) {
		a.t.Error("the look-up tells the name")
	}
	b.visit(link.Status()) // it is no way in
	b.at(link.SignIn())
}

// patientCode waits for the code of a look-up. One address gets one message a
// minute: whoever is early asks again.
func (a *applicant) patientCode() string {
	a.t.Helper()
	for end := time.Now().Add(2 * patience); ; {
		if l, ok := a.site.post.find(a.email, strings.Split(a.words("notice.look-up-code.text"), "{")[0]); ok {
			return sixDigits.FindString(l.text)
		}
		if time.Now().After(end) {
			a.fatalf("no code for the look-up")
		}
		time.Sleep(2 * time.Second)
		a.send(link.LookUpResend())
	}
}

// proves shows the receipt's code to somebody who verifies it.
func (a *applicant) proves(c *chrome) {
	a.t.Helper()
	a.visit(link.Receipt())
	code := eval[string](a.tab, `[...document.querySelectorAll('.case-number')].at(-1).innerText`)
	b := a.again(c, "landlord")
	b.arrive()
	b.visit(link.VerifyReceipt())
	b.refused(link.VerifyReceipt())
	b.fill("case", a.number, "code", "4F7K-9M2Q-XT5H")
	b.send(link.VerifyReceipt())
	b.says(a.words("receipt.fault.code.no-receipt"))
	b.fill("case", a.number, "code", strings.ToLower(code))
	b.send(link.VerifyReceipt())
	b.says(a.words("receipt.verify.right"), a.number)
	if strings.Contains(b.text("main"), a.Surname) {
		a.t.Error("the verification tells the name")
	}
}

// withdraws takes the application back, after thinking twice.
func (a *applicant) withdraws() {
	a.t.Helper()
	a.visit(link.Status())
	a.link(link.Withdraw())
	a.says(a.words("progress.withdraw.one"))
	a.link(link.Status())
	a.link(link.Withdraw())
	a.send(link.Withdraw())
	a.at(link.Status())
	a.says(a.words("progress.status.withdrawn"), a.words("progress.event.withdrawn"))
	m := a.site.mail(a.email, a.words("notice.withdrawn.subject", "number", a.number))
	if !strings.Contains(m.text, a.site.base+link.Disavow("")) {
		a.t.Errorf("the mail does not say how to tell that it was not me:\n%s", m.text)
	}
	a.visit(link.Apply())
	if !a.has(`input[name=track]`) {
		a.t.Error("no new application can be started")
	}
}

// appeals says why the refusal is wrong and adds a new scan.
func (a *applicant) appeals() {
	a.t.Helper()
	a.visit(link.Status())
	a.link(link.Appeal())
	a.says(a.words("progress.appeal.once"), a.words("progress.appeal.other"), a.reason("doc-damaged"))
	a.refused(link.Appeal())
	a.send(link.Appeal())
	a.says(a.words("progress.fault.appeal.empty"))
	other := map[string]string{"ru": "en", "en": "ru"}[a.lang]
	a.switches(other)
	a.says(i18n.Text(other, "progress.fault.appeal.empty"))
	a.fill("appeal", "SPECIMEN: the page is whole.")
	a.switches(a.lang)
	if got := eval[string](a.tab, `document.querySelector('[name=appeal]').value`); got != "SPECIMEN: the page is whole." || a.has(".error-summary") {
		a.t.Errorf("after two switches of language %q is typed", got)
	}
	a.send(link.Appeal())
	a.at(link.StatusAfterAppeal())
	a.says(a.words("progress.appeal.done"), a.words("progress.appeal.open"), a.words("progress.event.appeal-made"))
	a.site.mail(a.email, a.words("notice.appeal-made.subject", "number", a.number))
	if a.has(`a[href="` + link.Appeal() + `"]`) {
		a.t.Error("a second appeal is offered")
	}
	a.link(link.Upload(string(review.SlotPassport)))
	a.upload(review.SlotPassport, "s002_passport.jpg")
	a.visit(link.Appeal())
	a.at(link.Status())
}

// disavows follows the link of a message that was not meant for its reader.
func (a *applicant) disavows(c *chrome) {
	a.t.Helper()
	m := a.site.mail(a.email, a.words("notice.password-changed.subject"))
	_, rest, ok := strings.Cut(m.text, a.site.base+link.Disavow(""))
	if !ok {
		a.t.Fatalf("no link in:\n%s", m.text)
	}
	path := link.Disavow(strings.Fields(rest)[0])
	b := a.again(c, "owner")
	b.arrive()
	b.visit(path)
	b.says(a.words("disavow.account.one"))
	b.send(path)
	b.says(a.words("disavow.done.account"))
	a.visit(link.Cabinet())
	a.at(link.SignIn())
}

// changesPassword in the cabinet, once with a wrong present one.
func (a *applicant) changesPassword() {
	a.t.Helper()
	a.visit(link.Cabinet())
	a.link(link.ChangePassword())
	a.refused(link.ChangePassword())
	a.fill("current", "Neverno-7-Stakan-Les", "password", "Sinyaya_Lodka-42-Barhat")
	a.send(link.ChangePassword())
	a.says(a.words("signin.fault.current.wrong"))
	a.fill("current", typedPassword, "password", "Sinyaya_Lodka-42-Barhat")
	a.send(link.ChangePassword())
	a.at(link.CabinetAfterPassword())
	a.says(a.words("cabinet.password-done"))
}

// TestAfterSending walks the ways that follow: another browser, a look-up, a
// receipt that is verified, withdrawal, refusal and appeal, and "this was not
// me"; once in each language, wide and narrow.
func TestAfterSending(t *testing.T) {
	t.Parallel()
	c := launch(t)
	for _, way := range []struct {
		lang  string
		width int64
	}{{"ru", 1280}, {"en", 360}} {
		t.Run(way.lang, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			arriving := func(who, email, phone string, track review.Track) *applicant {
				tab := c.open(t, s, who, way.lang, way.width, true)
				tab.narrow = true
				return &applicant{tab: tab, person: people[who], track: track, email: email, phone: phone}
			}
			reviewer := &colleague{tab: c.open(t, s, string(review.RoleReviewer), way.lang, 1366, true), email: "specimen.reviewer@desk.test"}
			reviewer.enrol(s.invite(reviewerName, reviewer.email, string(review.RoleReviewer)))

			a := arriving(foreigner, "anirajan@example.org", "+998 90 123 45 67", review.ForeignCitizen)
			a.register()
			a.apply()
			a.proves(c)
			reviewer.takeNext(a.number)
			reviewer.rejects(a, "doc:passport", "doc-damaged")

			b := arriving(emigrant, "probegaj@example.org", "+7 907 000-00-17", review.FromAbroad)
			b.register()
			b = b.resumes(c)
			b.apply()
			b.withdraws()

			a.isRefused("doc-damaged")
			a.looksUp(c)
			a.appeals()
			a.changesPassword()
			a.disavows(c)
		})
	}
}
