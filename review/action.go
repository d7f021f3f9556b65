package review

// Action is one thing a role may be allowed to do. The policy file lists, per
// role, the actions; every use case and every route asks for exactly one.
type Action string

// The actions of the desk.
const (
	ActPublic Action = "public" // open to everybody: start page, help, health, static files

	ActRegister Action = "register" // create an account: contacts, codes, password
	ActSignIn   Action = "sign-in"
	ActSignOut  Action = "sign-out"

	ActIntake  Action = "intake"  // fill, save, upload, send, correct, withdraw one's own submission
	ActStatus  Action = "status"  // see one's own submission
	ActCabinet Action = "cabinet" // profile, activity log of one's own account

	ActStaffSignIn Action = "staff-sign-in"
	ActEnrol       Action = "enrol" // set password and second factor from a one-time link
	ActDesk        Action = "desk"  // the staff start page and one's own settings

	ActQueueList  Action = "queue-list"
	ActTakeNext   Action = "take-next"
	ActClaim      Action = "claim" // free pick: take any case, not only the next
	ActCaseOpen   Action = "case-open"
	ActScanView   Action = "scan-view"
	ActDecide     Action = "decide"
	ActNote       Action = "note"
	ActCheck      Action = "check"      // run the checks of a case in hand again, call one a false alarm
	ActDuplicates Action = "duplicates" // look at two cases side by side and say whether they are one person
	ActRelease    Action = "release"
	ActSecond     Action = "second-review"
	ActArbitrate  Action = "arbitrate" // decide when first and second reviewer disagree, or after three rounds
	ActReleaseAny Action = "release-any"
	ActAppeal     Action = "appeal" // read appeals against refusals and answer them

	ActSearch Action = "search" // find a case by what is known of the person

	ActReport       Action = "report"
	ActReportExport Action = "report-export"
	ActAudit        Action = "audit"
	ActAccessLog    Action = "access-log" // who opened the papers of one case
	ActSupport      Action = "support"    // status by case number, no documents
	ActStaffList    Action = "staff-list"
	ActSystem       Action = "system"       // the system page
	ActRules        Action = "rules"        // replay and switch versions of the checks; from the command line
	ActStaffReset   Action = "staff-reset"  // let somebody enrol anew who is locked out, with a second administrator
	ActReinstate    Action = "reinstate"    // open an account again that "this was not me" has closed
	ActStaffManage  Action = "staff-manage" // appoint, re-invite and disable staff; from the command line

	ActDemoMailbox Action = "demo-mailbox"
)

// Actions lists every action, for the policy's completeness test.
var Actions = []Action{
	ActPublic, ActRegister, ActSignIn, ActSignOut, ActIntake, ActStatus, ActCabinet,
	ActStaffSignIn, ActEnrol, ActDesk, ActQueueList, ActTakeNext, ActClaim, ActCaseOpen, ActScanView,
	ActDecide, ActNote, ActCheck, ActDuplicates, ActRelease, ActSecond, ActArbitrate, ActReleaseAny, ActAppeal,
	ActSearch, ActReport, ActReportExport, ActAudit, ActAccessLog, ActSupport, ActStaffList, ActStaffReset, ActReinstate, ActSystem, ActRules, ActStaffManage, ActDemoMailbox,
}

// Gate answers one question: may one of this actor's roles do this action?
// What depends on the object (claimed by me, not my own file, four eyes) is
// decided by the use case. A nil error allows; otherwise the error is
// ErrUnauthenticated (nobody signed in) or ErrForbidden.
type Gate interface {
	Allow(actor Actor, action Action) error
}
