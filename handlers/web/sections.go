package web

import (
	"okno/review"
	"okno/views/link"
)

// sections are the staff side's main navigation, in order.
var sections = []struct {
	action review.Action
	key    string
	url    string
	press  string // the key that leads there
}{
	{review.ActQueueList, "nav.queue", link.Queue(), ""},
	{review.ActSearch, "nav.search", link.Search(), "/"},
	{review.ActDecide, "nav.decisions", link.MyDecisions(), ""},
	{review.ActNote, "nav.mentions", link.Mentions(), ""},
	{review.ActReport, "nav.report", link.Report(), ""},
	{review.ActAudit, "nav.audit", link.Audit(), ""},
	{review.ActAccessLog, "nav.access", link.AccessLog(), ""},
	{review.ActSupport, "nav.support", link.Support(), ""},
	{review.ActReinstate, "nav.suspended", link.Suspended(), ""},
	{review.ActStaffList, "nav.staff", link.StaffList(), ""},
	{review.ActSystem, "nav.system", link.System(), ""},
}

// WorkPlace is where an applicant works on a submission in the status.
func WorkPlace(status review.Status) string {
	switch status {
	case review.Draft:
		return link.Apply()
	case review.CorrectionRequested:
		return link.Corrections()
	}
	return link.Status()
}
