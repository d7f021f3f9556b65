package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
)

// person is somebody on a SPECIMEN document.
type person struct {
	Surname, Given, Latin, Number string
	answers                       map[string][]string // by section
	files                         map[review.Slot]string
}

const (
	foreigner = "foreigner"
	emigrant  = "emigrant"
)

// wrongNumber is how the foreigner mistypes the passport number.
const wrongNumber = "O3744365"

// day splits a day that lies as many days from today into the three boxes.
func day(name string, from int) []string {
	d := time.Now().In(moscow).AddDate(0, 0, from)
	return []string{name + "-day", strconv.Itoa(d.Day()), name + "-month", strconv.Itoa(int(d.Month())), name + "-year", strconv.Itoa(d.Year())}
}

// people are what their documents say; the foreigner mistypes one number.
var people = map[string]person{
	foreigner: {
		Surname: "Аниражан", Given: "Пример", Latin: "ANIRAJAN", Number: "O3744356",
		answers: map[string][]string{
			intake.Person: {"surname", "Аниражан", "given-name", "Пример", "surname-latin", "ANIRAJAN", "given-name-latin", "PRIMER",
				"birth-date-day", "27", "birth-date-month", "4", "birth-date-year", "2002", "birth-place", "SPECIMEN", "sex", "M", "citizenship", "IND"},
			intake.Document: {"document-type", "foreign-passport", "document-number", wrongNumber,
				"document-issue-date-day", "11", "document-issue-date-month", "4", "document-issue-date-year", "2023",
				"document-expiry-date-day", "10", "document-expiry-date-month", "4", "document-expiry-date-year", "2033", "document-issuer", "SPECIMEN OFFICE"},
			intake.Stay:        append(append([]string{"stay-proof-type", "visa", "stay-proof-number", "99 0000017"}, day("stay-from", -10)...), day("stay-to", 70)...),
			intake.Address:     {"address", "101000, Москва, ул. Примерная, 1"},
			intake.Identifiers: {"snils", "901-234-507 52"},
			intake.AccountType: {"account-type", "standard"},
			intake.Consents:    {"consent-processing", "yes", "consent-documents", "yes"},
		},
		files: map[review.Slot]string{review.SlotPassport: "s036_passport.jpg", review.SlotStayProof: "s055_passport.pdf"},
	},
	emigrant: {
		Surname: "Примерный", Given: "Пробегай", Number: "0215739462",
		answers: map[string][]string{
			intake.Person: {"surname", "Примерный", "given-name", "Пробегай", "patronymic", "Моделевич",
				"birth-date-day", "17", "birth-date-month", "5", "birth-date-year", "1952", "birth-place", "ОБРАЗЕЦ", "sex", "M"},
			intake.Document: {"document-type", "rf-passport", "document-number", "02 15 739462",
				"document-issue-date-day", "31", "document-issue-date-month", "12", "document-issue-date-year", "2024", "document-issuer", "ОБРАЗЕЦ", "division-code", "435-277"},
			intake.Residence:   {"residence-country", "SRB", "residence-proof-type", "lease"},
			intake.Address:     {"residence-address", "Beograd, Primerna 1"},
			intake.Identifiers: {},
			intake.AccountType: {"account-type", "standard"},
			intake.Consents:    {"consent-processing", "yes", "consent-documents", "yes", "consent-quality", "yes"},
		},
		files: map[review.Slot]string{review.SlotPassport: "s043_rf-passport.jpg", review.SlotResidenceProof: "s060_lease.pdf"},
	},
}

// applicant is a person at the desk's pages.
type applicant struct {
	*tab
	person
	track        review.Track
	email, phone string // as typed
	number       string // of the submission
}

const typedPassword = "Vechernij-Stakan7-Oduvan"

// dialled is the phone as messages go to it.
func (a *applicant) dialled() string {
	return "+" + strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, a.phone)
}

func (a *applicant) words(key string, args ...any) string { return i18n.Text(a.lang, key, args...) }

// switches chooses another language for a form that is half typed.
func (a *applicant) switches(lang string) {
	a.t.Helper()
	a.follow(`.languages button[lang="` + lang + `"]`)
	if got := eval[string](a.tab, "document.documentElement.lang"); got != lang {
		a.t.Errorf("the page is in %q, not in %q", got, lang)
	}
}

// arrive opens the start page and chooses the language.
func (a *applicant) arrive() {
	a.t.Helper()
	a.visit(link.Start())
	if a.has(`a[hreflang="` + a.lang + `"]`) {
		a.follow(`a[hreflang="` + a.lang + `"]`)
		a.at(link.Start())
	}
	if got := eval[string](a.tab, "document.documentElement.lang"); got != a.lang {
		a.t.Errorf("the page is in %q, want %q", got, a.lang)
	}
}

// register goes from the start page to an account with both contacts confirmed.
func (a *applicant) register() {
	a.t.Helper()
	a.arrive()
	a.link(link.Tracks())
	a.refused(link.Tracks())
	a.send(link.Tracks()) // nothing chosen
	a.says(a.words("signup.fault.document.empty"), a.words("signup.fault.place.empty"))
	document, place := "foreign", "russia"
	if a.track == review.FromAbroad {
		document, place = "russian", "abroad"
	}
	a.fill("document", document, "place", place)
	a.send(link.Tracks())
	a.at(link.RegisterEmail())
	a.fill("email", a.email)
	a.send(link.RegisterEmail())
	a.at(link.RegisterEmailCode())
	a.fill("code", a.site.code(a.email, strings.Split(a.words("notice.email-code.text"), "{")[0]))
	a.send(link.RegisterEmailCode())
	a.at(link.RegisterPhone())
	a.fill("phone", a.phone)
	if a.scripts {
		a.until("document.querySelector('input[name=work]').value")
	}
	a.send(link.RegisterPhone())
	a.at(link.RegisterPhoneCode())
	a.fill("code", a.site.code(a.dialled(), strings.Split(a.words("notice.phone-code.sms"), "{")[0]))
	a.send(link.RegisterPhoneCode())
	a.at(link.RegisterPassword())
	a.refused(link.RegisterPassword())
	a.fill("password", "Password1!")
	a.send(link.RegisterPassword())
	a.says(a.words("signup.fault.password.common"))
	a.fill("password", typedPassword)
	a.send(link.RegisterPassword())
	a.at(link.Apply())
}

// apply fills every section, uploads the documents and sends.
func (a *applicant) apply() {
	a.t.Helper()
	a.number = a.text(".case-number")
	a.link(link.Section(intake.Person))
	a.refused(link.Section(intake.Person))
	a.fill(a.answers[intake.Person]...)
	a.fill("birth-date-month", "13")
	a.send(link.Section(intake.Person)) // a month that does not exist
	if got := eval[string](a.tab, `document.querySelector('[name=surname]').value`); !a.has(".error-summary") || got != a.Surname {
		a.t.Errorf("after a fault the surname is %q", got)
	}
	a.fill(a.answers[intake.Person]...)
	for range 20 {
		path := eval[string](a.tab, "location.pathname")
		if path == link.Apply() {
			break
		}
		section := strings.TrimPrefix(path, "/apply/")
		values, ok := a.answers[section]
		if !ok {
			a.fatalf("an unknown section")
		}
		a.fill(values...)
		a.send(path)
	}
	a.link(link.Section(intake.AccountType)) // preset, so nobody is led there
	a.fill(a.answers[intake.AccountType]...)
	a.send(link.Section(intake.AccountType))
	a.visit(link.Apply())
	for _, slot := range review.Slots(a.track) {
		if file := a.files[slot]; file != "" {
			a.link(link.Upload(string(slot)))
			a.upload(slot, a.asScan(slot, file))
			a.visit(link.Apply())
		}
	}
	a.visit(link.RemoveDocument(string(review.SlotPassport))) // asks first; the answer is no
	a.link(link.Upload(string(review.SlotPassport)))
	a.visit(link.Withdraw())
	a.visit(link.Apply())
	a.link(link.CheckAnswers())
	if !a.has(form(link.Send())) {
		a.fatalf("it cannot be sent: %s", a.text("main"))
	}
	a.says(a.Surname, a.words("apply.check.truth"))
	a.send(link.Send())
	a.at(link.Receipt())
	a.says(a.number)
	if m := a.site.mail(a.email, a.number); m.subject != a.words("notice.submitted.subject", "number", a.number) {
		a.t.Errorf("the receipt by mail is %q", m.subject)
	}
	a.link(link.Status())
}

// asScan is the file to send: at a desk without a PDF renderer a PDF of letters is refused with a text that says
// what to do, and the person has the paper scanned.
func (a *applicant) asScan(slot review.Slot, file string) string {
	a.t.Helper()
	if file != "s060_lease.pdf" || !a.site.bare {
		return file
	}
	a.refused(link.Upload(string(slot)))
	a.choose(`input[type=file]`, file)
	a.click(form(link.Upload(string(slot))) + ` button[type=submit]`)
	a.until(`document.readyState === 'complete' && document.body.innerText.includes(` + quote(a.words("scan-refused.no-rasterizer")) + `)`)
	a.look()
	return "s063_lease.pdf"
}

// upload sends a file on the page of its slot.
func (a *applicant) upload(slot review.Slot, file string) {
	a.t.Helper()
	before := ""
	if a.has(".preview img") {
		before = eval[string](a.tab, `document.querySelector('.preview img').src`)
	}
	a.choose(`input[type=file]`, file)
	send := form(link.Upload(string(slot))) + ` button[type=submit]`
	if a.scripts {
		a.strike(send)
	} else {
		a.click(send)
	}
	a.until(`location.search === '?stored=yes' && document.readyState === 'complete' && [...document.querySelectorAll('.preview img')].some(i => i.src !== ` + quote(before) + ` && i.complete && i.naturalWidth > 0)`)
	a.look()
	a.says(a.words("upload.page.stored"))
}

// correct answers a correction request for the document number and the passport.
func (a *applicant) correct() {
	a.t.Helper()
	number, passport := a.words("field.document-number"), a.words("slot.passport")
	m := a.site.mail(a.email, a.words("notice.correction-requested.subject", "number", a.number))
	for _, want := range []string{number, passport, a.reason("doc-number-mismatch"), a.reason("doc-blurry"), a.site.base + link.Corrections()} {
		if !strings.Contains(m.text, want) {
			a.t.Errorf("the mail does not say %q:\n%s", want, m.text)
		}
	}
	a.site.mail(a.dialled(), a.words("notice.correction-requested.sms", "number", a.number))
	a.visit(strings.TrimPrefix(m.text[strings.Index(m.text, a.site.base+link.Corrections()):][:len(a.site.base+link.Corrections())], a.site.base))
	a.says(number, passport, a.reason("doc-number-mismatch"), a.reason("doc-blurry"))
	if n := eval[float64](a.tab, "document.querySelectorAll('main ol > li').length"); n != 2 {
		a.t.Errorf("%v items to correct, want 2", n)
	}
	if a.has(form(link.SendCorrections())) {
		a.t.Error("the corrections can be sent before anything is corrected")
	}

	section := link.Section(intake.Document)
	a.link(section)
	a.says(a.reason("doc-number-mismatch"))
	open := eval[[]string](a.tab, `[...document.querySelectorAll('main form input:not([type=hidden]), main form select, main form textarea')].map(e => e.name)`)
	slices.Sort(open)
	if got := slices.Compact(open); strings.Join(got, " ") != "document-number document-type" { // a number is read by its type
		a.t.Errorf("open inputs: %q", open)
	}
	// A field that is closed, written into the form by hand, is refused.
	a.refused(section)
	eval[bool](a.tab, `(f => { const e = document.createElement('input'); e.name = 'document-issuer'; e.value = 'FORGED'; f.append(e); return true })(document.querySelector(`+quote(`main `+form(section))+`))`)
	a.fill("document-number", a.Number)
	a.send(section)
	a.says(a.words("error.wrong-status.title"))
	a.visit(section)
	if got := eval[string](a.tab, `document.querySelector('[name=document-number]').value`); !strings.Contains(got, wrongNumber) {
		a.t.Errorf("a refused form stored %q", got)
	}
	a.fill("document-number", a.Number)
	a.send(section)
	a.at(link.CorrectionsSaved())

	a.visit(link.Upload(string(review.SlotStayProof)))
	if a.has("input[type=file]") {
		a.t.Error("a document that nobody asked for can be replaced")
	}
	a.visit(link.Corrections())
	a.link(link.Upload(string(review.SlotPassport)))
	a.says(a.reason("doc-blurry"))
	a.upload(review.SlotPassport, "s002_passport.jpg")
	a.visit(link.Corrections())
	a.send(link.SendCorrections())
	a.at(link.Receipt())
}

// reason is the beginning of the text that applicants read of a reason, up to
// what is filled in.
func (a *applicant) reason(code review.ReasonCode) string {
	r, ok := review.Reasons().Reason(code)
	if !ok {
		a.t.Fatalf("no reason %s", code)
	}
	_, rest, _ := strings.Cut(r.ApplicantMessage.In(a.lang), "}")
	text, _, _ := strings.Cut(rest, "{")
	return strings.TrimSpace(strings.Trim(text, "»”"))
}

// signIn leaves, and comes in again with a login.
func (a *applicant) signIn(login string) {
	a.t.Helper()
	if a.has(form(link.SignOut())) {
		a.send(link.SignOut())
		a.at(link.Start())
	}
	a.link(link.SignIn())
	a.fill("login", login, "password", typedPassword)
	a.send(link.SignIn())
}

// holds checks the cabinet of an active account.
func (a *applicant) holds() {
	a.t.Helper()
	a.site.mail(a.email, a.words("notice.approved.subject", "number", a.number))
	a.site.mail(a.dialled(), a.words("notice.approved.sms", "number", a.number))
	a.visit(link.Status())
	a.says(a.words("progress.status.approved"))
	for _, login := range []string{a.phone, a.email} {
		a.signIn(login)
		a.at(link.Cabinet())
		a.says(a.words("cabinet.active"), a.words("account-status.active"), a.words("cabinet.profile"), a.Surname, a.words("cabinet.activity"), a.words("cabinet.event.account-activated"))
	}
	a.moves("moved." + a.email)
	a.visit(link.Start())
	a.says(a.words("start.continue"))
}

// moves changes the e-mail address of the account.
func (a *applicant) moves(email string) {
	a.t.Helper()
	a.link(link.ChangeContact("email"))
	a.fill("email", email)
	a.send(link.ChangeContact("email"))
	a.at(link.ChangeContactCode("email"))
	a.fill("code", a.site.code(email, strings.Split(a.words("notice.email-code.text"), "{")[0]))
	a.send(link.ChangeContactCode("email"))
	a.at(link.CabinetAfterContact())
	a.says(a.words("cabinet.contact-done"))
	a.site.mail(a.email, a.words("notice.contact-changed.subject"))
	a.email = email
}

// isRefused reads why the submission was rejected and what can be done.
func (a *applicant) isRefused(code review.ReasonCode) {
	a.t.Helper()
	m := a.site.mail(a.email, a.words("notice.rejected.subject", "number", a.number))
	if !strings.Contains(m.text, a.reason(code)) || !strings.Contains(m.text, a.site.base+link.Status()) {
		a.t.Errorf("the mail does not say why or where:\n%s", m.text)
	}
	a.visit(link.Status())
	a.says(a.words("progress.status.rejected"), a.reason(code), a.words("progress.status.what"), a.words("progress.status.again"))
	a.link(link.Apply())
	if !a.has(`input[name=track]`) {
		a.t.Error("no new application can be started")
	}
}

// readsAround looks at the pages that everybody can open.
func (a *applicant) readsAround() {
	a.t.Helper()
	for _, path := range []string{link.Help(), link.Accessibility(), link.Cookies(), link.Privacy(), link.SignIn(), link.Reset(), link.TrackOutcome(string(review.OutcomeInRussia)), link.TrackOutcome(string(review.OutcomeForeignAbroad))} {
		a.visit(path)
		a.at(path)
	}
	a.visit(link.Reset())
	a.fill("email", "nobody."+a.email)
	a.send(link.Reset())
	a.at(link.ResetCode()) // whether there is such an account is not said
	a.site.mail("nobody."+a.email, a.words("notice.reset-unknown.subject"))
	a.refused("/nowhere")
	a.visit("/nowhere")
	a.says(a.words("error.404.title"))
}
