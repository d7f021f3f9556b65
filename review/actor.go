package review

import "slices"

// Role is what a member of staff is appointed to. A person may hold several.
type Role string

// The roles of the desk.
const (
	RoleReviewer       Role = "reviewer"
	RoleSeniorReviewer Role = "senior-reviewer"
	RoleSupervisor     Role = "supervisor"
	RoleAuditor        Role = "auditor"
	RolePrivacyOfficer Role = "privacy-officer"
	RoleSupportAgent   Role = "support-agent"
	RoleAdministrator  Role = "administrator"

	// RoleAnonymous, RoleApplicant, RoleAccountHolder and RoleSystem are never
	// appointed; they follow from how the actor came in.
	RoleAnonymous     Role = "anonymous"
	RoleApplicant     Role = "applicant"      // signed in, account not active yet
	RoleAccountHolder Role = "account-holder" // signed in, account active
	RoleSystem        Role = "system"         // a background loop or the command line
)

// StaffRoles lists the roles that staff can be appointed to, in display order.
var StaffRoles = []Role{RoleReviewer, RoleSeniorReviewer, RoleSupervisor, RoleAuditor, RolePrivacyOfficer, RoleSupportAgent, RoleAdministrator}

// excludedPairs may never be held by one person: who administers the desk must
// not read papers, who destroys data must not audit the destruction.
var excludedPairs = [][2]Role{
	{RoleAdministrator, RoleReviewer},
	{RoleAdministrator, RoleSeniorReviewer},
	{RolePrivacyOfficer, RoleAuditor},
}

// CheckRoles reports an Invalid error for an empty, unknown or excluded combination.
func CheckRoles(roles []Role) error {
	if len(roles) == 0 {
		return Faulty(FieldFault{Field: "roles", Code: "empty"})
	}
	for _, r := range roles {
		if !slices.Contains(StaffRoles, r) {
			return Faulty(FieldFault{Field: "roles", Code: "unknown"})
		}
	}
	for _, p := range excludedPairs {
		if slices.Contains(roles, p[0]) && slices.Contains(roles, p[1]) {
			return Faulty(FieldFault{Field: "roles", Code: "excluded-pair"})
		}
	}
	return nil
}

// Actor is who asks: a member of staff, an applicant or account holder, the
// system, or nobody known. The request edge builds it from the session.
type Actor struct {
	Staff     StaffID   // set for staff
	Account   AccountID // set for applicants and account holders
	Name      string    // staff display name; empty for applicants
	Roles     []Role
	Session   string // keyed fingerprint of the session, never its id
	RequestID string
	Network   Network // from where an applicant asks; empty when that is not known
}

// Network is what network addresses are counted by. It serves to recognise a network
// by its keyed hash and prints as [redacted].
type Network string

// String keeps addresses out of logs.
func (Network) String() string { return "[redacted]" }

// GoString keeps addresses out of logs.
func (Network) GoString() string { return "[redacted]" }

// System is the actor of background loops and of the command line.
func System() Actor { return Actor{Roles: []Role{RoleSystem}} }

// Anonymous is the actor of a request without a session.
func Anonymous() Actor { return Actor{Roles: []Role{RoleAnonymous}} }

// Has reports whether the actor holds the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// IsStaff reports whether the actor is a signed-in member of staff.
func (a Actor) IsStaff() bool { return a.Staff != "" }

// IsApplicant reports whether the actor is signed in to an applicant's account.
func (a Actor) IsApplicant() bool { return a.Account != "" }

// ID returns the identifier under which the actor stands in the history.
func (a Actor) ID() string {
	if a.Staff != "" {
		return string(a.Staff)
	}
	return string(a.Account)
}

// FirstRole returns the role written into the history. Somebody who has just
// proved to own an account is an applicant there, though the request came
// without a session.
func (a Actor) FirstRole() Role {
	if len(a.Roles) > 0 && a.Roles[0] != RoleAnonymous {
		return a.Roles[0]
	}
	if a.Account != "" {
		return RoleApplicant
	}
	return RoleAnonymous
}
