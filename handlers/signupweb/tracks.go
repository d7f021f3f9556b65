package signupweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/signuppage"
	"okno/views/ui"
)

// tracks asks the two questions that find the track.
func (h *Handlers) tracks(c *web.Ctx) error {
	if c.Actor().IsApplicant() {
		return c.Redirect(link.Apply())
	}
	return c.OK(signuppage.StartPage(start(c, "", "", nil)))
}

func start(c *web.Ctx, document, place string, err error) signuppage.Start {
	ctx := c.Context()
	faults := web.Faults(ctx, err, "signup")
	p := c.Page(i18n.T(ctx, "signup.start.title"))
	p.ErrorPrefix = len(faults) > 0
	return signuppage.Start{
		Page: p, Back: link.Start(), Faults: faults, Post: link.Tracks(), SignIn: link.SignIn(),
		Document: ui.Choices{Name: "document", Legend: i18n.T(ctx, "signup.document.legend"), Hint: i18n.T(ctx, "signup.document.hint"), Error: web.FaultAt(faults, "document"), Options: []ui.Option{
			{Value: "foreign", Label: i18n.T(ctx, "signup.document.foreign"), Selected: document == "foreign"},
			{Value: "russian", Label: i18n.T(ctx, "signup.document.russian"), Selected: document == "russian"},
		}},
		Place: ui.Choices{Name: "place", Legend: i18n.T(ctx, "signup.place.legend"), Error: web.FaultAt(faults, "place"), Options: []ui.Option{
			{Value: "russia", Label: i18n.T(ctx, "signup.place.russia"), Selected: place == "russia"},
			{Value: "abroad", Label: i18n.T(ctx, "signup.place.abroad"), Selected: place == "abroad"},
		}},
	}
}

// chooseTrack begins a registration, or explains why there is none.
func (h *Handlers) chooseTrack(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	document, place := form.Value("document"), form.Value("place")
	var faults []review.FieldFault
	if document != "foreign" && document != "russian" {
		faults = append(faults, review.FieldFault{Field: "document", Code: "empty"})
	}
	if place != "russia" && place != "abroad" {
		faults = append(faults, review.FieldFault{Field: "place", Code: "empty"})
	}
	if len(faults) > 0 {
		return c.Unprocessable(signuppage.StartPage(start(c, document, place, review.Faulty(faults...))))
	}
	outcome := review.TrackFor(document == "russian", place == "russia")
	if outcome != review.OutcomeForeignCitizen && outcome != review.OutcomeFromAbroad {
		return c.Redirect(link.TrackOutcome(string(outcome)))
	}
	_, token, err := h.SignIn.Register(c.Context(), c.Actor(), review.Track(outcome), c.Lang(), from(c))
	if review.KindOf(err) == review.Invalid && err != nil {
		return c.Unprocessable(signuppage.StartPage(start(c, document, place, err)))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.ApplicantCookie, token)
	return c.Redirect(link.RegisterEmail())
}

// outcome explains why the desk cannot serve somebody.
func (h *Handlers) outcome(c *web.Ctx) error {
	ctx := c.Context()
	m := signuppage.Outcome{Back: link.Tracks(), Home: ui.Link{Label: i18n.T(ctx, "signup.outcome.home"), URL: link.Start()}}
	switch review.TrackOutcome(c.Param("outcome")) {
	case review.OutcomeInRussia:
		m.Title = i18n.T(ctx, "signup.in-russia.title")
		m.Lines = []string{i18n.T(ctx, "signup.in-russia.why"), i18n.T(ctx, "signup.in-russia.instead")}
	case review.OutcomeForeignAbroad:
		m.Title = i18n.T(ctx, "signup.foreign-abroad.title")
		m.Lines = []string{i18n.T(ctx, "signup.foreign-abroad.why"), i18n.T(ctx, "signup.foreign-abroad.instead")}
	default:
		return review.ErrNotFound
	}
	m.Page = c.Page(m.Title)
	return c.OK(signuppage.OutcomePage(m))
}
