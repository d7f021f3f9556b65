package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/intake"
	"okno/review/progress"
	"okno/views/i18n"
	"okno/views/link"
)

// text is a page as its reader sees it: the body without tags.
func (a answer) text() string {
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(a.body), " ")), " ")
}

func (h *house) visit(v visitor, path string) answer {
	h.t.Helper()
	a := h.ask(v, "GET", path, nil)
	if a.status != http.StatusOK {
		h.t.Fatalf("%s: %d", path, a.status)
	}
	return a
}

func (h *house) account(id review.AccountID) visitor {
	h.t.Helper()
	return visitor{token: h.accountToken(id), live: true}
}

func TestTheFirstPageLeadsInAndToRegistration(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	body := string(h.visit(visitor{}, link.Start()).body)
	head, main, _ := strings.Cut(body, "<main")
	end := head[strings.Index(head, `class="top-end"`):]
	if !strings.Contains(end, `href="`+link.SignIn()+`"`) || !strings.Contains(end, i18n.Text("ru", "kit.signIn")) {
		t.Error("no way to sign in at the top right")
	}
	for _, to := range []string{link.Tracks(), link.SignIn(), link.LookUp()} {
		if !strings.Contains(main, `href="`+to+`"`) {
			t.Errorf("the first page does not lead to %s", to)
		}
	}
	if strings.Contains(string(h.visit(visitor{}, link.SignIn()).body), `class="link enter"`) {
		t.Error("the sign-in page offers to go to the sign-in page")
	}
	in := h.account(h.applicant(review.ForeignCitizen).Account)
	if strings.Contains(string(h.visit(in, link.Cabinet()).body), `class="link enter"`) {
		t.Error("somebody who is signed in is asked to sign in")
	}
}

func TestACabinetExistsBeforeTheDecision(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	text := h.visit(h.account(s.Account), link.Cabinet()).text()
	for _, want := range []string{i18n.Text("ru", "level.simplified"), i18n.Text("ru", "cabinet.pending"), i18n.Text("ru", "cabinet.password")} {
		if !strings.Contains(text, want) {
			t.Errorf("the cabinet of a new account does not say %q", want)
		}
	}
	// Changing the password is offered and never asked for.
	if a := h.ask(h.account(s.Account), "GET", link.Status(), nil); a.status != http.StatusOK {
		t.Errorf("something stands before the status page: %d", a.status)
	}
}

// What the cabinet does not have yet it does not promise; and no page promises
// anything in the name of the state portal.
func TestNothingIsPromisedThatIsNotThere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.taken(h.appoint(review.RoleReviewer))
	reviewer := review.Actor{Staff: s.Claim.Staff, Name: s.Claim.Name, Roles: []review.Role{review.RoleReviewer}}
	h.write(func(tx *sqlite.Tx) error {
		_, err := h.submissions.UpdateTx(tx, s.ID, 0, h.decided(reviewer, review.Decision{Outcome: review.Approve}))
		return err
	})
	v := h.account(s.Account)
	body := string(h.visit(v, link.Cabinet()).body)
	links := regexp.MustCompile(`href="(/[^"#?]*)`).FindAllStringSubmatch(body, -1)
	if len(links) < 5 {
		t.Fatalf("the search finds %d links", len(links))
	}
	for _, l := range links {
		if a := h.ask(v, "GET", l[1], nil); a.status >= 400 {
			t.Errorf("the cabinet leads to %s: %d", l[1], a.status)
		}
	}
	portal := regexp.MustCompile(`(?i)госуслуг|есиа|gosuslugi|esia|state portal`)
	for _, path := range []string{link.Start(), link.Help(), link.Privacy(), link.Cabinet(), link.Status()} {
		if m := portal.FindString(h.visit(v, path).text()); m != "" {
			t.Errorf("%s speaks of %q", path, m)
		}
	}
}

func TestTheWishForAnotherAccountIsNotedAndAnswered(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	who := h.applicant(review.ForeignCitizen)
	s := h.draft(who, review.ForeignCitizen)
	v := h.account(who.Account)
	path := link.Section(intake.AccountType)
	if text := h.visit(v, path).text(); !strings.Contains(text, i18n.Text("ru", "apply.hint.account-type")) {
		t.Error("nobody says that partners are not served here")
	}
	if a := h.post(v, path, url.Values{"account-type": {"partner"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the wish: %d", a.status)
	}
	now, err := h.submissions.Submission(t.Context(), s.ID)
	h.must(err)
	if now.Answers.Value(review.AccountType) != "partner" {
		t.Errorf("kept %q", now.Answers.Value(review.AccountType))
	}
	account, err := h.accounts.Account(t.Context(), who.Account)
	h.must(err)
	if account.Level != "simplified" {
		t.Errorf("level %s", account.Level)
	}
}

func TestHelpForPeopleWithoutARussianNumber(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	id := ""
	ctx := t.Context()
	f, token, err := h.desk.signin.Register(ctx, review.Anonymous(), review.FromAbroad, "ru", homeAddress)
	h.must(err)
	id = f.ID
	_, err = h.desk.signin.RegisterEmail(ctx, review.Anonymous(), id, "abroad@example.org", homeAddress)
	h.must(err)
	_, err = h.desk.signin.ConfirmRegistrationEmail(ctx, review.Anonymous(), id, h.newest(review.NoticeEmailCode).Params["code"], homeAddress)
	h.must(err)
	if text := h.visit(visitor{token: token, live: true}, link.RegisterPhone()).text(); !strings.Contains(text, i18n.Text("ru", "signup.phone.none")) {
		t.Error("no help")
	}
}

func TestACleanSubmissionIsApprovedOnlyWhereTheOperatorWantsIt(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	var ids []review.SubmissionID
	for len(ids) < 60 {
		s := h.queued()
		if !s.NeedsSecond(&review.Decision{Outcome: review.Approve, Role: review.RoleSystem}) { // the stateless do
			ids = append(ids, s.ID)
		}
	}
	approved := func() (n int) {
		for _, id := range ids {
			s, err := h.submissions.Submission(t.Context(), id)
			h.must(err)
			if s.Status == review.Approved {
				if h.desk.greenlane.Sampled(id) {
					t.Error("a submission of the sample was approved without a person")
				}
				n++
			}
		}
		return n
	}
	if _, err := h.desk.greenlane.Tick(t.Context()); err != nil || approved() != 0 {
		t.Fatalf("approved %d while it is off, %v", approved(), err)
	}
	h.desk.greenlane.On = true
	partner := h.queuedWith(review.AccountType, "partner")
	abroad := h.queuedFrom(review.FromAbroad)
	n, err := h.desk.greenlane.Tick(t.Context())
	h.must(err)
	sampled := 0
	for _, id := range ids {
		if h.desk.greenlane.Sampled(id) {
			sampled++
		}
	}
	if n != approved() || n+sampled != len(ids) || sampled == len(ids) {
		t.Errorf("approved %d, %d in the sample, of %d", n, sampled, len(ids))
	}
	for what, s := range map[string]*review.Submission{"a partner": partner, "from abroad": abroad} {
		now, err := h.submissions.Submission(t.Context(), s.ID)
		h.must(err)
		if now.Status != review.Queued {
			t.Errorf("%s: %s", what, now.Status)
		}
	}
	// Of many, one in ten goes to people.
	drawn := 0
	for range 5000 {
		if h.desk.greenlane.Sampled(review.SubmissionID(h.ids.NewID())) {
			drawn++
		}
	}
	if drawn < 400 || drawn > 600 {
		t.Errorf("%d of 5000 are in the sample", drawn)
	}
}

// queuedWith is a clean submission with another answer.
func (h *house) queuedWith(f review.Field, value string) *review.Submission {
	h.t.Helper()
	by, now := h.applicant(review.ForeignCitizen), h.clock.Now()
	return h.draft(by, review.ForeignCitizen,
		func(s *review.Submission) (review.Change, error) {
			return s.Save(by, "account-type", review.Answers{f: {Typed: value, Value: value}}, now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) })
}

// queuedFrom is a clean submission of a track.
func (h *house) queuedFrom(track review.Track) *review.Submission {
	h.t.Helper()
	by, now := h.applicant(track), h.clock.Now()
	return h.draft(by, track,
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) })
}

func TestTheWaitingTimeIsTheDesksOwn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	v := h.account(s.Account)
	places := []string{link.Start(), link.Receipt(), link.Status()}
	for _, place := range places {
		if text := h.visit(v, place).text(); !strings.Contains(text, i18n.Text("ru", "progress.status.usual")) {
			t.Errorf("%s of a new desk does not say what is usual", place)
		}
	}
	// Decisions of the last month and one from before it.
	day := func(ago int) string { return h.clock.Now().AddDate(0, 0, -ago).In(moscow).Format(time.DateOnly) }
	h.write(func(tx *sqlite.Tx) error {
		for i := range progress.Enough {
			if _, err := tx.Exec(`INSERT INTO activity (submission, at, day, kind, track, citizenship, actor, round, second, wait, spent, desk)
				VALUES ('x', 0, ?, 'approved', 'foreign-citizen', 'UZB', 'a', 1, 0, 0, 0, ?)`, day(i), (i+1)*60); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO activity (submission, at, day, kind, track, citizenship, actor, round, second, wait, spent, desk)
			VALUES ('x', 0, ?, 'approved', 'foreign-citizen', 'UZB', 'a', 1, 0, 0, 0, 900000)`, day(40))
		return err
	})
	w, err := h.figures.Waits(t.Context(), h.clock.Now().AddDate(0, 0, -30))
	h.must(err)
	if w.Count != 20 || w.Half != 10*time.Minute || w.Most != 18*time.Minute || !w.Known() {
		t.Errorf("%+v", w)
	}
	h.desk.progress.Clock = &late{Clock: h.clock, by: 10 * time.Minute} // it is counted anew every five minutes
	for _, place := range places {
		text := strings.ReplaceAll(h.visit(v, place).text(), "\u00a0", " ")
		if !strings.Contains(text, i18n.Text("ru", "progress.status.honest", "half", "10 мин", "most", "18 мин")) || strings.Contains(text, "2 часов") {
			t.Errorf("%s says: %s", place, text)
		}
	}
	// A message stays as it was sent, so it promises nothing that was true only then.
	sent := h.newest(review.NoticeSubmitted).Notice
	for _, lang := range i18n.ForApplicants() {
		sent.Language = lang
		letter, err := h.words().Write(t.Context(), sent)
		h.must(err)
		if body := strings.ReplaceAll(letter.Body, sent.Params["number"], ""); strings.Contains(body, "10") {
			t.Errorf("a message in %s tells how long it takes: %s", lang, body)
		}
	}
}

func TestTheStatusPageTellsEverything(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.taken(reviewer)
	_, err := h.desk.scan.StaffPage(t.Context(), reviewer, s.ID, s.Documents[0].ID, 1, "page")
	h.must(err)
	h.write(func(tx *sqlite.Tx) error {
		_, err := h.submissions.UpdateTx(tx, s.ID, 0, h.decided(reviewer, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}}))
		return err
	})
	v := h.account(s.Account)
	text := h.visit(v, link.Status()).text()
	r, _ := review.Reasons().Reason("doc-blurry")
	for _, want := range []string{i18n.Text("ru", "progress.status.messages"), i18n.Text("ru", "notice.submitted.subject", "number", s.Number.String()),
		i18n.Text("ru", "progress.role.reviewer"), i18n.Text("ru", "slot.passport"), i18n.Text("ru", "progress.extend.act")} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if part, _, _ := strings.Cut(r.ApplicantMessage.RU, "{"); part != "" && !strings.Contains(text, strings.TrimSpace(part)) {
		t.Errorf("the message as sent is not there: %q", part)
	}
	if strings.Contains(text, reviewer.Name) || strings.Contains(text, link.Disavow("")) {
		t.Error("the page tells a colleague's name, or a secret of a message")
	}
	// The deadline moves once.
	form := url.Values{"version": {"0"}}
	if a := h.post(v, link.Extend(), form); a.status != http.StatusConflict {
		t.Errorf("a version that nobody saw: %d", a.status)
	}
	form.Set("version", regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(string(h.visit(v, link.Status()).body))[1])
	if a := h.post(v, link.Extend(), form); a.status != http.StatusSeeOther {
		t.Errorf("more time: %d", a.status)
	}
	if body := string(h.visit(v, link.Status()).body); strings.Contains(body, link.Extend()) {
		t.Error("more time is offered again")
	}
}

func TestAReceiptCanBeVerified(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	v := h.account(s.Account)
	code := h.desk.progress.Code(s.Number)
	receipt := h.visit(v, link.Receipt()).text()
	if !strings.Contains(receipt, code) || !strings.Contains(receipt, link.VerifyReceipt()) {
		t.Fatal("the receipt has no check code")
	}
	number := s.Answers.Value(review.DocumentNumber)
	if strings.Contains(receipt, number) {
		t.Error("the receipt shows the whole number of the document")
	}
	ask := func(number, code string) answer {
		return h.post(visitor{}, link.VerifyReceipt(), url.Values{"case": {number}, "code": {code}})
	}
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), " " + strings.NewReplacer("0", "O", "1", "l").Replace(code)} {
		a := ask(s.Number.String(), typed)
		if a.status != http.StatusOK || !strings.Contains(a.text(), i18n.Text("ru", "receipt.verify.right")) {
			t.Fatalf("%q: %d", typed, a.status)
		}
		for _, secret := range []string{number, s.Answers.Value(review.Surname), s.Answers.Value(review.BirthPlace)} {
			if strings.Contains(a.text(), secret) {
				t.Errorf("%q is told to everybody", secret)
			}
		}
	}
	draft := h.draft(h.applicant(review.ForeignCitizen), review.ForeignCitizen)
	wrong := map[string]answer{
		"another code":       ask(string(s.Number), "4F7K-9M2Q-XT5H"),
		"no code":            ask(string(s.Number), ""),
		"another number":     ask(string(h.ids.NewNumber()), code),
		"no number":          ask("12", code),
		"a draft":            ask(string(draft.Number), h.desk.progress.Code(draft.Number)),
		"number not in use":  ask("1000000008", h.desk.progress.Code("1000000008")),
		"code of an illegal": ask("12", h.desk.progress.Code("")),
	}
	for what, a := range wrong {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), i18n.Text("ru", "receipt.fault.code.no-receipt")) {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	// Ten looks an hour at one number: then even the right code gets the same answer.
	for range 12 {
		ask(string(s.Number), "4F7K-9M2Q-XT5H")
	}
	if a := ask(string(s.Number), code); a.status != http.StatusUnprocessableEntity {
		t.Errorf("after many tries: %d", a.status)
	}
}

func TestConsentIsKeptWithItsText(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	who := h.applicant(review.FromAbroad)
	h.draft(who, review.FromAbroad)
	v := h.account(who.Account)
	path := link.Section(intake.Consents)
	if body := string(h.visit(v, path).body); strings.Contains(body, `checked`) && !strings.Contains(body, `consent-`) {
		t.Error("a consent is ticked before anybody agreed")
	}
	if a := h.post(v, path, url.Values{"consent-processing": {"yes"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("one of two needed consents: %d", a.status)
	}
	if a := h.post(v, path, url.Values{"consent-processing": {"yes"}, "consent-documents": {"yes"}}); a.status != http.StatusSeeOther {
		t.Fatalf("both: %d", a.status)
	}
	s, err := h.submissions.ForAccount(t.Context(), who.Account)
	h.must(err)
	if len(s.Consents) != 2 {
		t.Fatalf("%d consents", len(s.Consents))
	}
	for _, c := range s.Consents {
		want := h.desk.intake.Given("ru", []string{c.Purpose}, h.clock.Now())[0]
		if c.Hash != want.Hash || len(c.Hash) != 64 || c.Version == "" || c.Language != "ru" || c.Channel != "web" || h.clock.Now().UnixMilli()-c.At > 60_000 {
			t.Errorf("kept %+v", c)
		}
	}
}

func TestATooBusyAddressIsAskedToWait(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.config.Demo = false
	app, err := h.desk.app()
	h.must(err)
	h.app = app
	for i := range 300 {
		if a := h.ask(visitor{}, "GET", link.Help(), nil); a.status != http.StatusOK {
			t.Fatalf("request %d: %d", i, a.status)
		}
	}
	a := h.ask(visitor{}, "GET", link.Help(), nil)
	for range 20 { // what flowed back while we asked
		if a.status == http.StatusOK {
			a = h.ask(visitor{}, "GET", link.Help(), nil)
		}
	}
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || !strings.Contains(a.text(), i18n.Text("ru", "error.429.title")) {
		t.Errorf("one more: %d, wait %q", a.status, a.header.Get("Retry-After"))
	}
	if a := h.ask(visitor{}, "GET", "/healthz", nil); a.status != http.StatusOK {
		t.Errorf("health: %d", a.status)
	}
	in := h.account(h.applicant(review.ForeignCitizen).Account)
	if a := h.ask(in, "GET", link.Help(), nil); a.status != http.StatusOK {
		t.Errorf("somebody who is signed in: %d", a.status)
	}
}

func TestThePasswordIsChangedInTheCabinet(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	v, elsewhere := h.account(s.Account), h.account(s.Account)
	const fresh = "Sinyaya_Lodka-42-Barhat"
	for what, form := range map[string]url.Values{
		"signin.fault.current.wrong":   {"current": {"Neverno-7-Stakan-Les"}, "password": {fresh}},
		"signin.fault.password.same":   {"current": {typedPassword}, "password": {typedPassword}},
		"signup.fault.password.common": {"current": {typedPassword}, "password": {"Password1!"}},
	} {
		a := h.post(v, link.ChangePassword(), form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	a := h.post(v, link.ChangePassword(), url.Values{"current": {typedPassword}, "password": {fresh}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != link.CabinetAfterPassword() {
		t.Fatalf("changed: %d to %s", a.status, a.header.Get("Location"))
	}
	h.newest(review.NoticePasswordChanged)
	for _, old := range []visitor{v, elsewhere} {
		if a := h.ask(old, "GET", link.Cabinet(), nil); a.class() != "sign-in" {
			t.Errorf("an old session is still good: %s", a.class())
		}
	}
	email, _, err := h.accounts.Contact(t.Context(), s.Account, review.Mail)
	h.must(err)
	if _, err := h.desk.signin.SignIn(t.Context(), review.Anonymous(), email, fresh, homeAddress); err != nil {
		t.Error("the new password:", err)
	}
}

func TestTheUploadAsksForTheSideWithTheStamp(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	who := h.applicant(review.ForeignCitizen)
	h.draft(who, review.ForeignCitizen)
	if text := h.visit(h.account(who.Account), link.Upload(string(review.SlotStayProof))).text(); !strings.Contains(text, "сторона со штампом о въезде") {
		t.Error("nobody says which side of the migration card is meant")
	}
}

func TestHelpSaysNotToStorePasswordsElsewhere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	if text := h.visit(visitor{}, link.Help()).text(); !strings.Contains(text, i18n.Text("ru", "info.help.9.item1")) {
		t.Error("the advice is missing")
	}
}

func TestAfterThreeRejectionsThePageSaysUntilWhen(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	desk := h.appoint(review.RoleReviewer)
	by := h.applicant(review.ForeignCitizen)
	for range review.RejectionsAtMost {
		now := h.clock.Now()
		h.draft(by, review.ForeignCitizen,
			func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
			func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
			func(s *review.Submission) (review.Change, error) { return s.Take(desk, now) },
			h.decided(desk, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}}))
	}
	v := h.account(by.Account)
	pause, err := h.desk.intake.Pause(t.Context(), by)
	h.must(err)
	if pause.Reason != review.PauseRejections {
		t.Fatalf("no pause: %v", pause)
	}
	until := strings.Join(strings.Fields(i18n.DateTime(i18n.With(t.Context(), "ru"), pause.Until)), " ")
	for _, page := range []string{link.Apply(), link.Status()} {
		a := h.visit(v, page)
		if !strings.Contains(a.text(), until) || strings.Contains(string(a.body), link.StartSubmission()) {
			t.Errorf("%s does not say until when, or offers to begin", page)
		}
	}
	if a := h.visit(v, link.Status()); strings.Contains(a.text(), i18n.Text("ru", "progress.status.new")) {
		t.Error("the status page offers a new application")
	}
	start := url.Values{"track": {string(review.ForeignCitizen)}}
	if a := h.post(v, link.StartSubmission(), start); a.status != http.StatusConflict || !strings.Contains(a.text(), until) {
		t.Errorf("begun: %d", a.status)
	}
	h.write(func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE submissions SET created_at = created_at - ?, closed_at = closed_at - ? WHERE account = ?`,
			review.RejectionPause.Milliseconds(), review.RejectionPause.Milliseconds(), by.Account)
		return err
	})
	if a := h.post(v, link.StartSubmission(), start); a.status != http.StatusSeeOther || a.header.Get("Location") != link.Apply() {
		t.Errorf("after the pause: %d", a.status)
	}
}
