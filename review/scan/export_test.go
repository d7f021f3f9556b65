package scan

// The steps of redrawing a page, for measuring each by itself.
var (
	Fit    = fit
	Orient = orient
	HashOf = dhash
)
