package scanweb

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/intake"
	"okno/review/scan"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/scanpage"
	"okno/views/ui"
)

// retake are the notes after which a new picture would help the applicant.
var retake = []string{
	string(scan.ReasonBlur), string(scan.ReasonDark), string(scan.ReasonBright), string(scan.ReasonResolution), string(scan.ReasonGrayscale),
}

// page shows the upload page of a slot.
func (h *Handlers) page(c *web.Ctx) error {
	sub, slot, done, err := h.slot(c)
	if done {
		return err
	}
	return h.show(c, sub, slot, statusOK, "")
}

// accept takes a file in. A refused one is answered on the same page with the
// reason; what the slot held before stays.
func (h *Handlers) accept(c *web.Ctx) error {
	sub, slot, done, err := h.slot(c)
	if done {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx := c.Context()
	file, ok := f.File()
	switch {
	case !ok:
		text := "upload.empty.any"
		if slot == review.SlotPassport {
			text = "upload.empty.passport"
		}
		return h.show(c, sub, slot, statusInvalid, word(ctx, text))
	case file.TooLarge:
		return h.show(c, sub, slot, statusInvalid, refusal(ctx, string(scan.ReasonTooLarge)))
	}
	_, _, err = h.Scan.Accept(ctx, c.Actor(), sub.ID, slot, file.Name, file.Body)
	if code, ok := invalid(err); ok {
		return h.show(c, sub, slot, statusInvalid, refusal(ctx, code))
	}
	if errors.Is(err, review.ErrTransition) { // sent or closed in another window
		return c.Redirect(home(sub))
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.UploadStored(string(slot)))
}

// onward is where the main button leads when a document is in its place: to the
// next one that is missing, then to the answers, then to the check.
func onward(ctx context.Context, sub *review.Submission, slot review.Slot, today field.Date) (next string, l ui.Link) {
	follow := func(what, to string) (string, ui.Link) {
		return i18n.T(ctx, "upload.page.next", "what", what), ui.Link{Label: i18n.T(ctx, "kit.continue"), URL: to}
	}
	switch sub.Status {
	case review.Draft:
		gaps := intake.Missing(sub, today)
		for _, g := range gaps {
			if g.Slot != "" && g.Slot != slot {
				return follow(i18n.T(ctx, "slot."+string(g.Slot)), link.Upload(string(g.Slot)))
			}
		}
		for _, g := range gaps {
			if g.Section != "" {
				return follow(i18n.T(ctx, "apply."+g.Section+".title"), link.Section(g.Section))
			}
		}
		return follow(i18n.T(ctx, "apply.check.title"), link.CheckAnswers())
	case review.CorrectionRequested:
		for _, i := range sub.Corrections {
			if i.Target.Slot != "" && i.Target.Slot != slot && !i.Done {
				return follow(i18n.T(ctx, "slot."+string(i.Target.Slot)), link.Upload(string(i.Target.Slot)))
			}
		}
	}
	return "", ui.Link{Label: i18n.T(ctx, "upload.page.back"), URL: home(sub)}
}

func word(ctx context.Context, key string) string { return i18n.T(ctx, key) }

// refusal tells why a file was refused and what to do.
func refusal(ctx context.Context, code string) string {
	for _, key := range []string{"upload.fault." + code, "scan-refused." + code} {
		if i18n.Has(key) {
			return word(ctx, key)
		}
	}
	return i18n.T(ctx, "scan-refused.other")
}

func (h *Handlers) show(c *web.Ctx, sub *review.Submission, slot review.Slot, status int, fault string) error {
	ctx := c.Context()
	title := i18n.T(ctx, "upload.title."+string(slot))
	m := scanpage.Upload{
		Page: c.Page(title), Back: home(sub), Title: title, About: i18n.T(ctx, "upload.about."+string(slot)),
		Open: sub.Open(review.Target{Slot: slot}), Post: link.Upload(string(slot)), Send: i18n.T(ctx, "upload.page.send"),
		Just: c.Query("stored") != "" && fault == "",
		File: ui.Field{Name: "file", Label: i18n.T(ctx, "upload.page.choose"), Hint: i18n.T(ctx, "upload.page.lead"), Error: fault, MaxBytes: scan.MaxBytes},
	}
	m.Next, m.Done = onward(ctx, sub, slot, intake.Today(c.Now()))
	if fault != "" {
		m.Faults = []ui.Fault{{Field: "file", Text: fault}}
		m.Page.ErrorPrefix = true
	}
	if sub.Status == review.CorrectionRequested {
		m.Reasons = h.reasons(ctx, sub, slot)
		m.Refused = slices.ContainsFunc(sub.Corrections, func(i review.Item) bool { return i.Target.Slot == slot && !i.Done })
	}
	if d, ok := sub.Document(slot); ok {
		m.Stored = stored(ctx, sub, d)
		compared(ctx, sub, d, intake.Today(c.Now()), m.Stored)
		m.Just = m.Just && len(m.Stored.Pictures) > 0
	} else {
		m.Just = false
	}
	return c.Render(status, scanpage.UploadPage(m))
}

func (h *Handlers) reasons(ctx context.Context, sub *review.Submission, slot review.Slot) (list []ui.Message) {
	for _, i := range sub.Corrections {
		if i.Target.Slot == slot {
			list = append(list, ui.Message{Kind: "warning", Passages: web.ReasonText(ctx, i, sub.StandingFacts(), h.Wording)})
		}
	}
	return list
}

// stored describes the document that the slot holds.
func stored(ctx context.Context, sub *review.Submission, d review.Document) *scanpage.Stored {
	name := i18n.T(ctx, "slot."+string(d.Slot))
	s := &scanpage.Stored{Rows: []ui.Row{
		{Key: i18n.T(ctx, "upload.page.file"), Value: d.Name},
		{Key: i18n.T(ctx, "upload.page.size"), Value: i18n.T(ctx, "file-format."+d.Format) + ", " + i18n.Bytes(ctx, int64(d.Bytes))},
		{Key: i18n.T(ctx, "upload.page.pages"), Value: strconv.Itoa(len(d.Pages))},
	}}
	for _, p := range d.Pages {
		n := strconv.Itoa(p.Number)
		s.Pictures = append(s.Pictures, scanpage.Picture{
			Thumb: link.OwnPage(string(d.ID), n, string(scan.Thumb)), Full: link.OwnPage(string(d.ID), n, string(scan.Full)),
			Alt: i18n.T(ctx, "upload.page.alt", "n", n, "what", name), Label: i18n.T(ctx, "upload.page.open", "n", n),
		})
	}
	for _, code := range d.Notes {
		if a, ok := ui.AdviceOn(ctx, code); ok {
			if code == string(scan.ReasonRetake) { // the most important comes first
				s.Advice = slices.Insert(s.Advice, 0, a)
				continue
			}
			s.Advice = append(s.Advice, a)
		} else if key := "upload.noted." + code; i18n.Has(key) { // what else is noted is for the desk
			s.Noticed = append(s.Noticed, word(ctx, key))
		}
		s.Better = s.Better || slices.Contains(retake, code)
	}
	if sub.Status == review.Draft {
		s.Remove = ui.Link{Label: i18n.T(ctx, "upload.page.remove"), Hidden: name, URL: link.RemoveDocument(string(d.Slot)), Icon: "trash-2"}
	}
	return s
}
