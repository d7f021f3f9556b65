package activitystore

// Queries lists the queries of a report by name, with a place for one track and
// two spans where there may be several.
func Queries() map[string]string {
	return map[string]string{
		"per day": perDay, "waits": waits, "per reviewer": perReviewer, "per group": perGroup, "per reason": perReason, "open ages": openAges,
	}
}
