package intakeweb

import (
	"errors"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// list shows the task list of a draft. Who comes here for the first time gets a
// draft of the track that was chosen at registration.
func (h *Handlers) list(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if errors.Is(err, review.ErrNoSubmission) {
		contacts, err := h.Contacts(c.Context(), c.Actor())
		if err != nil {
			return err
		}
		if contacts.Track == "" {
			return h.askTrack(c, nil, nil, nil)
		}
		if sub, err = h.Intake.Start(c.Context(), c.Actor(), contacts.Track, c.Lang()); err != nil {
			return err
		}
		return c.OK(intakepage.ListPage(h.listModel(c, sub)))
	}
	if err != nil {
		return err
	}
	switch {
	case sub.Status == review.Draft:
		return c.OK(intakepage.ListPage(h.listModel(c, sub)))
	case sub.Status.Final() && sub.Status != review.Approved:
		pause, err := h.Intake.Pause(c.Context(), c.Actor())
		if err != nil {
			return err
		}
		if pause.Reason != "" {
			return h.wait(c, statusOK, pause)
		}
		return h.askTrack(c, sub, nil, nil)
	}
	return c.Redirect(web.WorkPlace(sub.Status))
}

// askTrack asks for the track of a submission, and whether it takes over what was
// answered in an earlier one, if there is one. What was typed is nil at first.
func (h *Handlers) askTrack(c *web.Ctx, earlier *review.Submission, typed *web.Form, faults []ui.Fault) error {
	ctx := c.Context()
	m := intakepage.Start{
		Page: c.Page(i18n.T(ctx, "apply.start.title")), Again: earlier != nil, Faults: faults, Post: link.StartSubmission(),
		Tracks: ui.Choices{Name: "track", Legend: i18n.T(ctx, "apply.start.question")},
	}
	if earlier != nil && intake.CanCarry(earlier, earlier.Track) {
		m.Carry = ui.Tick{Name: "carry", Value: "yes", Label: i18n.T(ctx, "apply.start.carry"), Hint: i18n.T(ctx, "apply.start.carryHint"),
			Checked: typed == nil || typed.Value("carry") != ""}
	}
	for _, t := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		m.Tracks.Options = append(m.Tracks.Options, ui.Option{Value: string(t), Label: i18n.T(ctx, "track."+string(t)), Selected: c.Query("track") == string(t)})
	}
	if len(faults) == 0 {
		return c.OK(intakepage.StartPage(m))
	}
	m.Page.ErrorPrefix = true
	m.Tracks.Error = faults[0].Text
	return c.Unprocessable(intakepage.StartPage(m))
}

// start begins a submission for the chosen track.
func (h *Handlers) start(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	contacts, err := h.Contacts(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	begin := h.Intake.Start
	if f.Value("carry") != "" {
		begin = h.Intake.StartAgain
	}
	sub, err := begin(c.Context(), c.Actor(), review.Track(f.Value("track")), contacts.Language)
	switch {
	case review.KindOf(err) == review.Invalid:
		earlier, lost := h.Intake.Own(c.Context(), c.Actor())
		if lost != nil && !errors.Is(lost, review.ErrNoSubmission) {
			return lost
		}
		return h.askTrack(c, earlier, f, []ui.Fault{{Field: "track", Text: i18n.T(c.Context(), "apply.start.empty")}})
	case errors.Is(err, intake.ErrActiveAlready):
		return c.Redirect(link.Status())
	case errors.Is(err, intake.ErrPaused):
		pause, err := h.Intake.Pause(c.Context(), c.Actor())
		if err != nil {
			return err
		}
		if pause.Reason == "" { // over at this very moment
			return c.Redirect(link.Apply())
		}
		return h.wait(c, statusConflict, pause)
	case err != nil:
		return err
	}
	return c.Redirect(web.WorkPlace(sub.Status))
}

// wait says why and until when no other submission can be begun.
func (h *Handlers) wait(c *web.Ctx, status int, p review.Pause) error {
	ctx := c.Context()
	m := intakepage.Pause{
		Page:  c.Page(i18n.T(ctx, "apply.pause.title")),
		Until: i18n.T(ctx, "apply.pause."+string(p.Reason), "time", i18n.DateTime(ctx, p.Until)),
		Why:   i18n.T(ctx, "apply.pause.why."+string(p.Reason)),
		Now: []ui.Link{{Label: i18n.T(ctx, "apply.pause.status"), URL: link.Status()},
			{Label: i18n.T(ctx, "apply.pause.help"), URL: link.Help()}},
	}
	return c.Render(status, intakepage.PausePage(m))
}

var stateLooks = map[intake.State]ui.Mark{
	intake.ToDo:     {Kind: "neutral"},
	intake.Started:  {Kind: "warning"},
	intake.Done:     {Kind: "success", Icon: "check"},
	intake.Optional: {Kind: "neutral", Icon: "minus"},
}

func (h *Handlers) listModel(c *web.Ctx, sub *review.Submission) intakepage.List {
	ctx, today := c.Context(), intake.Today(c.Now())
	mark := func(s intake.State) ui.Mark {
		m := stateLooks[s]
		m.Text = i18n.T(ctx, "apply.state."+string(s))
		return m
	}
	m := intakepage.List{
		Page: c.Page(i18n.T(ctx, "apply.list.title")), Number: sub.Number.String(), Saved: c.Query("saved") != "",
		// Foreign citizens prepare their papers first, citizens abroad their data.
		First: sub.Track == review.ForeignCitizen, Withdraw: link.Withdraw(),
	}
	for _, check := range sub.Checks {
		if check.Raised() && check.Effect == review.Block {
			m.Blocked = append(m.Blocked, blockText(c, check))
		}
	}
	for _, sec := range intake.Sections(sub.Track) {
		m.Answers = append(m.Answers, ui.Task{Label: sectionTitle(ctx, sec.Code), URL: link.Section(sec.Code), Mark: mark(intake.SectionState(sub, sec, today))})
	}
	for _, slot := range review.Slots(sub.Track) {
		task := ui.Task{Label: slotName(ctx, slot), URL: link.Upload(string(slot)), Mark: mark(intake.SlotState(sub, slot, today))}
		if intake.SlotState(sub, slot, today) == intake.ToDo {
			task.Mark.Text = i18n.T(ctx, "apply.state.upload")
		}
		m.Documents = append(m.Documents, task)
	}
	m.Send = ui.Task{Label: i18n.T(ctx, "apply.list.check"), URL: link.CheckAnswers(), Mark: ui.Mark{Text: i18n.T(ctx, "apply.state.later")}}
	if len(intake.Missing(sub, today)) == 0 {
		m.Send.Mark = ui.Mark{Kind: "info", Text: i18n.T(ctx, "apply.state.ready")}
	}
	return m
}

// blockText tells what the automatic check has returned.
func blockText(c *web.Ctx, check review.Check) string {
	ctx := c.Context()
	if key := "apply.block." + check.Code; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	if check.Target != (review.Target{}) {
		return i18n.T(ctx, "apply.list.blockedItem", "what", web.TargetName(ctx, check.Target))
	}
	return first(ctx, "apply.block.other")
}
