// Package intakeweb is the HTTP side of the intake: the task list, one form per
// section, the check and the sending, and the corrections. Nothing needs a
// script.
package intakeweb

import (
	"context"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/link"
)

// Contacts are the account's confirmed contacts, the track that was chosen at
// registration, and the language in which its holder is written to.
type Contacts struct {
	Email, Phone string
	Track        review.Track
	Language     string
}

// Handlers answers the applicant's pages. All fields are needed.
type Handlers struct {
	Intake *intake.Service
	// Contacts returns those of the signed-in account.
	Contacts func(ctx context.Context, actor review.Actor) (Contacts, error)
	// Wording names things in the texts of reasons.
	Wording review.Wording
}

// Routes lists the routes. Fixed paths come before the sections.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Apply(), Action: review.ActIntake, Handler: h.list},
		{Method: "POST", Path: link.StartSubmission(), Action: review.ActIntake, Handler: h.start, Hold: true},
		{Method: "GET", Path: link.CheckAnswers(), Action: review.ActIntake, Handler: h.check},
		{Method: "POST", Path: link.Send(), Action: review.ActIntake, Handler: h.send},
		{Method: "GET", Path: link.Section(":section"), Action: review.ActIntake, Handler: h.section},
		{Method: "POST", Path: link.Section(":section"), Action: review.ActIntake, Handler: h.save, Hold: true},
		{Method: "GET", Path: link.Corrections(), Action: review.ActIntake, Handler: h.corrections},
		{Method: "POST", Path: link.SendCorrections(), Action: review.ActIntake, Handler: h.sendCorrections},
	}
}

// The statuses of pages that may be shown for several reasons.
const (
	statusOK       = 200
	statusConflict = 409
	statusInvalid  = 422
)
