package link

// ReportPeriod is the activity report of a ready period, such as week.
func ReportPeriod(period, track string) string {
	return query(Report(), "period", period, "track", track)
}

// ReportDays is the activity report between two days, both included.
func ReportDays(from, to, track string) string {
	return query(Report(), "from", from, "to", to, "track", track)
}

// ReportDaysCSV is the same as a file.
func ReportDaysCSV(from, to, track string) string {
	return query(ReportCSV(), "from", from, "to", to, "track", track)
}
