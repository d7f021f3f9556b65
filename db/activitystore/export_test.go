package activitystore

// Queries lists the queries of a report by name.
func Queries() map[string]string {
	return map[string]string{
		"per day": perDay, "waits": waits, "rounds": rounds, "per reviewer": perReviewer,
		"per group": perGroup, "per reason": perReason, "open ages": openAges,
	}
}
