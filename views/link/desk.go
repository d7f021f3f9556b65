package link

// QueueView is the queue with a tab, filters and a place in the list; empty
// values are left out.
func QueueView(tab, track, citizenship, lane, due, after string) string {
	return query(Queue(), "tab", tab, "track", track, "citizenship", citizenship, "lane", lane, "due", due, "after", after)
}

// QueueNewsSince asks what came into a filtered queue since a moment; shown is
// how many new ones the page tells already.
func QueueNewsSince(tab, track, citizenship, lane, due, since, shown string) string {
	return query(QueueNews(), "tab", tab, "track", track, "citizenship", citizenship, "lane", lane, "due", due, "since", since, "shown", shown)
}

// QueueAfter is the queue after a decision about a case, whose strip it shows.
func QueueAfter(done string) string { return query(Queue(), "done", done) }

// QueueEmpty is the queue after nothing was left to take.
func QueueEmpty(done string) string { return query(Queue(), "left", "none", "done", done) }

// CaseAfter is a case opened after the decision about another one.
func CaseAfter(id, done string) string { return query(Case(id), "done", done) }

// CaseShowing is the workbench with one page of a document on the stage, for
// browsers without scripts.
func CaseShowing(id, page string) string { return query(Case(id), "show", page) }

// CaseScans is a second window with the scans of a case, for another monitor.
func CaseScans(id string) string { return CaseAction(id, "scans") }

// CaseLease tells how long the case is held; until is what the page shows.
func CaseLease(id, until string) string { return query(CaseAction(id, "lease"), "until", until) }

// VerdictPreview shows what the applicant would read.
func VerdictPreview(id, outcome string) string { return Verdict(id, outcome) + "/preview" }

// VerdictSketch keeps what is being written in a decision panel.
func VerdictSketch(id, outcome string) string { return Verdict(id, outcome) + "/sketch" }

// Mentions is the place for remarks that name the reader.
func Mentions() string { return "/desk/mentions" }

// MentionsBefore is an older page of them.
func MentionsBefore(before string) string { return query(Mentions(), "before", before) }

// QueueViews keeps a named view of the queue; QueueViewDrop forgets one.
func QueueViews() string { return "/desk/queue/views" }

// QueueViewDrop forgets a named view of the queue.
func QueueViewDrop() string { return QueueViews() + "/drop" }

// VerdictClose takes the decision panel away.
func VerdictClose(id string) string { return Verdict(id, "close") }

// MyDecisionsBefore is an older page of one's own decisions.
func MyDecisionsBefore(before string) string { return query(MyDecisions(), "before", before) }

// CaseAppeal answers the appeal against the refusal of a case.
func CaseAppeal(id string) string { return CaseAction(id, "appeal") }

// CaseAnswered is the case that came back into somebody's hands by an answer.
func CaseAnswered(id string) string { return query(Case(id), "answered", "yes") }

// Appeals is the queue's tab of appeals that wait.
func Appeals() string { return query(Queue(), "tab", "appeals") }

// AppealsAnswered is the same after an answer was sent.
func AppealsAnswered() string { return query(Queue(), "tab", "appeals", "answered", "yes") }

// CaseUndone is the case after a decision about it was taken back.
func CaseUndone(id string) string { return query(Case(id), "undone", "yes") }

// CaseChecks leads to the checks of a case.
func CaseChecks(id string) string { return Case(id) + "#bench-checks" }

// Duplicate sets a case beside another one that a check of it names.
func Duplicate(id, other string) string { return CaseAction(id, "beside") + "/" + other }

// DuplicatePage is the picture of a page of the other case.
func DuplicatePage(id, other, document, page, size string) string {
	return Duplicate(id, other) + "/documents/" + document + "/" + page + "/" + size
}
