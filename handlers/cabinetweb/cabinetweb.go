// Package cabinetweb is the cabinet: profile, status and activity log of the own
// account.
package cabinetweb

import (
	"context"
	"slices"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/account"
	"okno/views/cabinetpage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// Submissions tells where the submission of an account stands.
type Submissions interface {
	// ForAccount returns the latest one, or review.ErrNotFound.
	ForAccount(ctx context.Context, id review.AccountID) (*review.Submission, error)
}

// Handlers serves the cabinet.
type Handlers struct {
	Accounts    *account.Service
	Submissions Submissions
}

// Routes returns the routes of the cabinet.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Cabinet(), Action: review.ActCabinet, Handler: h.show},
		{Method: "POST", Path: link.CabinetLanguage(), Action: review.ActCabinet, Handler: h.language},
	}
}

// lines is how long the activity log on the page is.
const lines = 50

func (h *Handlers) show(c *web.Ctx) error {
	ctx := c.Context()
	a, err := h.Accounts.Profile(ctx, c.Actor())
	if err != nil {
		return err
	}
	s, err := h.Submissions.ForAccount(ctx, a.ID)
	if err != nil && review.KindOf(err) != review.NotFound {
		return err
	}
	if err != nil {
		s = nil
	}
	log, err := h.Accounts.Activity(ctx, c.Actor(), lines)
	if err != nil {
		return err
	}
	m := cabinetpage.Model{
		Page: c.Page(i18n.T(ctx, "cabinet.title")), Active: a.Status == account.Active,
		Status: ui.Mark{Kind: "info", Icon: "hourglass", Text: i18n.T(ctx, "account-status."+string(a.Status))}, Profile: profile(ctx, a, s),
	}
	if m.Active {
		m.Status.Kind, m.Status.Icon = "success", "circle-check"
	}
	if done := c.Query("done"); slices.Contains([]string{"contact", "password", "language"}, done) {
		m.Message = &ui.Message{Kind: "success", Text: i18n.T(ctx, "cabinet."+done+"-done"), Live: true}
	}
	m.Language, m.Choose = languages(ctx, a.Language), link.CabinetLanguage()
	m.Password = ui.Link{Label: i18n.T(ctx, "cabinet.password"), URL: link.ChangePassword(), Icon: "key-round"}
	m.NextText, m.Next = onward(ctx, s)
	for _, e := range log {
		m.Activity = append(m.Activity, event(ctx, e))
	}
	return c.OK(cabinetpage.Page(m))
}

// languages asks for the language of messages.
func languages(ctx context.Context, chosen string) ui.Choices {
	q := ui.Choices{Name: "language", Legend: i18n.T(ctx, "cabinet.language"), Hint: i18n.T(ctx, "cabinet.language.hint")}
	for _, code := range i18n.ForApplicants() {
		name := web.Spoken(ctx, review.Passage{Language: code, Text: i18n.OwnName(code)})
		q.Options = append(q.Options, ui.Option{Value: code, Label: name.Text, Lang: name.Lang, Selected: code == chosen})
	}
	return q
}

// language chooses the language of messages.
func (h *Handlers) language(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	language := f.Value("language")
	if !i18n.Supported(language) {
		return review.Faulty(review.FieldFault{Field: "language", Code: "empty"})
	}
	if err := h.Accounts.WriteIn(c.Context(), c.Actor(), language, c.Now()); err != nil {
		return err
	}
	return c.Redirect(link.CabinetAfterLanguage())
}

// profile lists what is known about the holder.
func profile(ctx context.Context, a *account.Account, s *review.Submission) []ui.Row {
	var rows []ui.Row
	if s != nil {
		name := strings.Join(strings.Fields(s.Answers.Value(review.Surname)+" "+s.Answers.Value(review.GivenName)+" "+s.Answers.Value(review.Patronymic)), " ")
		if name != "" {
			rows = append(rows, ui.Row{Key: i18n.T(ctx, "cabinet.name"), Value: name, Lang: "ru"})
		}
	}
	change := func(f review.Field, about string) []ui.Link {
		return []ui.Link{{Label: i18n.T(ctx, "kit.change"), Hidden: about, URL: link.ChangeContact(string(f))}}
	}
	email, phone := i18n.T(ctx, "cabinet.email"), i18n.T(ctx, "cabinet.phone")
	rows = append(rows,
		ui.Row{Key: email, Value: a.Email, Note: i18n.T(ctx, "cabinet.confirmed"), Actions: change(review.Email, email)},
		ui.Row{Key: phone, Value: a.Phone, Note: i18n.T(ctx, "cabinet.confirmed"), Actions: change(review.Phone, phone)},
		ui.Row{Key: i18n.T(ctx, "cabinet.level"), Value: i18n.T(ctx, "level."+string(a.Level))},
		ui.Row{Key: i18n.T(ctx, "cabinet.created"), Value: i18n.Date(ctx, a.CreatedAt)})
	if !a.ActivatedAt.IsZero() {
		rows = append(rows, ui.Row{Key: i18n.T(ctx, "cabinet.activated"), Value: i18n.Date(ctx, a.ActivatedAt)})
	}
	return rows
}

// onward leads to the submission of somebody who has one or needs one.
func onward(ctx context.Context, s *review.Submission) (string, *ui.Link) {
	switch {
	case s == nil:
		return i18n.T(ctx, "cabinet.next.none"), &ui.Link{Label: i18n.T(ctx, "cabinet.next.begin"), URL: link.Apply()}
	case s.Status == review.Draft:
		return i18n.T(ctx, "cabinet.next.draft"), &ui.Link{Label: i18n.T(ctx, "cabinet.next.resume"), URL: link.Apply()}
	}
	return i18n.T(ctx, "cabinet.next.submission", "number", s.Number.String(), "status", i18n.T(ctx, "status."+string(s.Status))),
		&ui.Link{Label: i18n.T(ctx, "cabinet.next.status"), URL: link.Status()}
}

// event is one line of the activity log.
func event(ctx context.Context, e account.Entry) ui.Event {
	out := ui.Event{Time: i18n.DateTime(ctx, e.At), Machine: i18n.Machine(e.At), Title: i18n.T(ctx, "cabinet.event."+string(e.Type)), Kind: "neutral"}
	switch {
	case e.Own:
		out.By = i18n.T(ctx, "cabinet.by.you")
	case e.Type == review.EventSignInFailed:
		out.By, out.Kind = i18n.T(ctx, "cabinet.by.unknown"), "warning"
	case e.Role == review.RoleSystem:
		out.By = i18n.T(ctx, "cabinet.by.system")
	default:
		out.By = i18n.T(ctx, "cabinet.by.desk")
	}
	for _, key := range []string{"field." + e.Detail, "slot." + e.Detail, "apply." + e.Detail + ".title", "consent." + e.Detail} {
		if e.Detail != "" && i18n.Has(key) {
			out.Text = i18n.T(ctx, key)
			break
		}
	}
	switch e.Type {
	case review.EventAccountActivated, review.EventApproved:
		out.Kind = "success"
	case review.EventCorrectionRequested:
		out.Kind = "warning"
	}
	return out
}
