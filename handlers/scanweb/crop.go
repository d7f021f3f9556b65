package scanweb

import (
	"strconv"

	"okno/handlers/web"
	"okno/review"
)

// crop shows the applicant the place on the page that a correction is about.
func (h *Handlers) crop(c *web.Ctx) error {
	sub, err := h.pictured(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return review.ErrNotFound
	}
	return picture(c)(h.Scan.OwnCrop(c.Context(), c.Actor(), sub.ID, n))
}
