package caseweb

import (
	"strconv"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
)

// warning is the time before the end of a lease from which it is shown in colour.
const warning = 2 * time.Minute

// claim takes the case: by free pick, or one that is the actor's to go on with. A colleague's claim is answered with the
// page that names the colleague.
func (h *Handlers) claim(c *web.Ctx) error {
	s, err := h.Queue.Claim(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.Redirect(link.Case(string(s.ID)))
}

// renew keeps the lease alive: the page calls it after real activity.
func (h *Handlers) renew(c *web.Ctx) error {
	id := c.Param("id")
	until, err := h.Queue.Renew(c.Context(), c.Actor(), review.SubmissionID(id))
	if review.KindOf(err) == review.Conflict {
		return h.clock(c, id, time.Time{})
	}
	if err != nil {
		return err
	}
	return h.clock(c, id, until)
}

// lease tells how long the case is held: 204 while the page says so already.
func (h *Handlers) lease(c *web.Ctx) error {
	id := c.Param("id")
	until, err := h.Verdict.Lease(c.Context(), c.Actor(), review.SubmissionID(id))
	if err != nil {
		return err
	}
	if c.Query("until") == shown(until, c.Now()) {
		return c.NoContent()
	}
	return h.clock(c, id, until)
}

// shown names what a lease clock shows: the end of the lease, and whether it is
// near. Zero is a lost lease.
func shown(until, now time.Time) string {
	switch {
	case until.IsZero():
		return "over"
	case until.Sub(now) <= warning:
		return strconv.FormatInt(until.UnixMilli(), 36) + "-soon"
	default:
		return strconv.FormatInt(until.UnixMilli(), 36)
	}
}

func (h *Handlers) clock(c *web.Ctx, id string, until time.Time) error {
	if !c.HTMX() {
		return c.Redirect(link.Case(id))
	}
	return c.OK(casepage.LeaseClock(leaseModel(c, id, until)))
}

func leaseModel(c *web.Ctx, id string, until time.Time) casepage.Lease {
	ctx, now := c.Context(), c.Now()
	l := casepage.Lease{URL: link.CaseLease(id, shown(until, now)), RenewURL: link.CaseAction(id, "renew"), ClaimURL: link.CaseAction(id, "claim")}
	switch {
	case until.IsZero():
		l.Text, l.State, l.Lost = i18n.T(ctx, "case.leaseOver"), "late", true
	case until.Sub(now) <= warning:
		l.Text, l.State = i18n.T(ctx, "case.leaseSoon", "time", i18n.Clock(ctx, until)), "soon"
	default:
		l.Text = i18n.T(ctx, "case.lease", "time", i18n.Clock(ctx, until))
	}
	return l
}

// release gives the case back.
func (h *Handlers) release(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := h.Queue.Release(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")), f.Value("note")); err != nil {
		return err
	}
	return c.Redirect(link.Queue())
}

// releaseAny gives back a colleague's case.
func (h *Handlers) releaseAny(c *web.Ctx) error {
	s, err := h.Queue.ReleaseAny(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.Redirect(link.Case(string(s.ID)))
}
