package link

// StaffSignIn is the staff sign-in page.
func StaffSignIn() string { return "/staff/sign-in" }

// StaffCode asks for the code of the generator.
func StaffCode() string { return "/staff/code" }

// StaffSignOut ends a staff session.
func StaffSignOut() string { return "/staff/sign-out" }

// Enrol is the one-time link of an invitation.
func Enrol(token string) string { return "/staff/enrol/" + token }

// Desk is the staff start page.
func Desk() string { return "/desk" }

// Settings is how a member of staff likes the desk: keys, density, theme.
func Settings() string { return "/desk/settings" }

// SettingsSaved is the same after saving.
func SettingsSaved() string { return query(Settings(), "saved", "yes") }

// Shortcuts switches the reader's single keys on and off and returns to back.
func Shortcuts(back string) string { return query(ShortcutsPath, "back", back) }

// ShortcutsPath is where that is posted to.
const ShortcutsPath = "/desk/shortcuts"

// Queue is the review queue.
func Queue() string { return "/desk/queue" }

// QueueNews tells how many rows are new since the page was shown (fragment).
func QueueNews() string { return "/desk/queue/news" }

// TakeNext claims the next submission.
func TakeNext() string { return "/desk/next" }

// Search looks for cases by what is known of a person.
func Search() string { return "/desk/search" }

// SearchResults is a page of the results of a search; id is a random word, the
// text itself never stands in an address.
func SearchResults(id, page string) string { return query(Search(), "s", id, "page", page) }

// Case is the workbench of one submission.
func Case(id string) string { return "/desk/cases/" + id }

// CaseAction is a form target of the workbench: claim, release, renew, mark,
// note, undo.
func CaseAction(id, action string) string { return "/desk/cases/" + id + "/" + action }

// CaseHistory is the timeline of a case.
func CaseHistory(id string) string { return "/desk/cases/" + id + "/history" }

// Verdict is the decision panel for an outcome: approve, request-correction,
// reject or escalate.
func Verdict(id, outcome string) string { return "/desk/cases/" + id + "/verdict/" + outcome }

// CasePage is a page image for staff; size is page or thumb.
func CasePage(id, document, page, size string) string {
	return "/desk/cases/" + id + "/pages/" + document + "/" + page + "/" + size
}

// MyDecisions lists one's own decisions.
func MyDecisions() string { return "/desk/decisions" }

// Report is the activity report.
func Report() string { return "/reports/activity" }

// ReportCSV is the activity report as a file.
func ReportCSV() string { return "/reports/activity.csv" }

// Audit is the audit log.
func Audit() string { return "/admin/audit" }

// AccessLog tells who opened the papers of a case.
func AccessLog() string { return "/admin/access" }

// Support looks a case up by its number.
func Support() string { return "/desk/support" }

// StaffList lists the staff.
func StaffList() string { return "/admin/staff" }

// System is the system page.
func System() string { return "/admin/system" }

// DemoMailbox shows the messages of a demonstration desk.
func DemoMailbox() string { return "/demo/mailbox" }

// ResetStaff shows a member whose access may be reset, and asks for that.
func ResetStaff(id string) string { return "/admin/staff/" + id + "/reset" }

// GrantReset is the second administrator's word.
func GrantReset(id string) string { return ResetStaff(id) + "/grant" }

// RefuseReset takes the request back.
func RefuseReset(id string) string { return ResetStaff(id) + "/refuse" }

// StaffListDone is the list that confirms what was done about a reset.
func StaffListDone(what string) string { return query(StaffList(), "done", what) }

// Suspended lists accounts that "this was not me" has closed.
func Suspended() string { return "/desk/suspended" }

// SuspendedAccount is one of them, and asks for it to be opened again.
func SuspendedAccount(id string) string { return "/desk/suspended/" + id }

// Reinstate opens the account.
func Reinstate(id string) string { return SuspendedAccount(id) + "/open" }

// RefuseReinstatement drops the request.
func RefuseReinstatement(id string) string { return SuspendedAccount(id) + "/refuse" }

// SuspendedDone is the list that confirms what was done.
func SuspendedDone(what string) string { return query(Suspended(), "done", what) }
