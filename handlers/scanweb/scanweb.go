// Package scanweb is the HTTP side of scans: one upload page per document, and
// the only two places from which page pictures are served, the applicant's own
// and those of the member of staff who holds the case.
package scanweb

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/scan"
	"okno/views/link"
)

// Handlers answers uploads and page pictures. All fields are needed.
type Handlers struct {
	Scan *scan.Service
	// Own returns the newest submission of the actor's account; an error of the
	// kind NotFound says that there is none yet.
	Own func(ctx context.Context, actor review.Actor) (*review.Submission, error)
	// Wording names things in the texts of reasons.
	Wording review.Wording
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Upload(":slot"), Action: review.ActIntake, Handler: h.page},
		{Method: "POST", Path: link.Upload(":slot"), Action: review.ActIntake, Handler: h.accept, Upload: true, Hold: true},
		{Method: "GET", Path: link.RemoveDocument(":slot"), Action: review.ActIntake, Handler: h.askRemove},
		{Method: "POST", Path: link.RemoveDocument(":slot"), Action: review.ActIntake, Handler: h.remove},
		{Method: "GET", Path: link.OwnPage(":document", ":page", ":size"), Action: review.ActIntake, Handler: h.ownPage},
		{Method: "GET", Path: link.OwnPlace(":slot", ":field"), Action: review.ActIntake, Handler: h.place},
		{Method: "GET", Path: link.Crop(":n"), Action: review.ActIntake, Handler: h.crop},
		{Method: "GET", Path: link.CasePage(":id", ":document", ":page", ":size"), Action: review.ActScanView, Handler: h.staffPage},
	}
}

// slot finds the submission and the slot of the request.
func (h *Handlers) slot(c *web.Ctx) (sub *review.Submission, slot review.Slot, done bool, err error) {
	sub, err = h.Own(c.Context(), c.Actor())
	if err != nil {
		return nil, "", true, err
	}
	slot = review.Slot(c.Param("slot"))
	if !slices.Contains(review.Slots(sub.Track), slot) {
		return nil, "", true, review.ErrNotFound
	}
	return sub, slot, false, nil
}

// home is the list that the upload page belongs to.
func home(sub *review.Submission) string {
	switch sub.Status {
	case review.Draft:
		return link.Apply()
	case review.CorrectionRequested:
		return link.Corrections()
	}
	return link.Status()
}

// pictured finds the submission whose picture is asked for: there is none of
// somebody who has begun nothing.
func (h *Handlers) pictured(c *web.Ctx) (*review.Submission, error) {
	sub, err := h.Own(c.Context(), c.Actor())
	if errors.Is(err, review.ErrNoSubmission) {
		err = review.ErrNotFound
	}
	return sub, err
}

func (h *Handlers) ownPage(c *web.Ctx) error {
	sub, err := h.pictured(c)
	if err != nil {
		return err
	}
	document, page, size, err := wanted(c)
	if err != nil {
		return err
	}
	return picture(c)(h.Scan.OwnPage(c.Context(), c.Actor(), sub.ID, document, page, size))
}

func (h *Handlers) staffPage(c *web.Ctx) error {
	document, page, size, err := wanted(c)
	if err != nil {
		return err
	}
	return picture(c)(h.Scan.StaffPage(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")), document, page, size))
}

// wanted reads which picture is asked for.
func wanted(c *web.Ctx) (document review.DocumentID, page int, size scan.Size, err error) {
	page, err = strconv.Atoi(c.Param("page"))
	if err != nil {
		return "", 0, "", review.ErrNotFound
	}
	return review.DocumentID(c.Param("document")), page, scan.Size(c.Param("size")), nil
}

// picture answers with a page that we encoded ourselves.
func picture(c *web.Ctx) func([]byte, error) error {
	return func(jpeg []byte, err error) error {
		if err != nil {
			return err
		}
		return c.Bytes("image/jpeg", jpeg)
	}
}

// invalid returns the fault code of a refused file.
func invalid(err error) (code string, ok bool) {
	e, ok := errors.AsType[*review.Error](err)
	if !ok || e.Kind != review.Invalid || len(e.Fields) == 0 {
		return "", false
	}
	return e.Fields[0].Code, true
}

// The statuses of the upload page.
const (
	statusOK      = 200
	statusInvalid = 422
)
