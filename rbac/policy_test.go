package rbac

import (
	"errors"
	"strings"
	"testing"

	"okno/review"
)

func gate(t *testing.T) *Gate {
	t.Helper()
	g, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNothingIsAllowedThatIsNotWritten(t *testing.T) {
	g := gate(t)
	for _, role := range Roles {
		for _, act := range review.Actions {
			written := strings.Contains(policyText, "p, "+string(role)+", "+string(act)+"\n")
			if got := g.Allow(review.Actor{Staff: "x", Roles: []review.Role{role}}, act) == nil; got != written {
				t.Errorf("%s may %s: %v, the policy says %v", role, act, got, written)
			}
		}
	}
}

func TestEveryActionIsOpenToSomebody(t *testing.T) {
	g := gate(t)
	for _, act := range review.Actions {
		open := false
		for _, role := range Roles {
			open = open || g.allowed[role][act]
		}
		if !open {
			t.Errorf("nobody may %s", act)
		}
	}
}

func TestNobodyReadsScansWhoMustNot(t *testing.T) {
	g := gate(t)
	for _, role := range []review.Role{review.RoleAdministrator, review.RoleAuditor, review.RolePrivacyOfficer, review.RoleSupportAgent, review.RoleApplicant, review.RoleAccountHolder, review.RoleAnonymous, review.RoleSystem} {
		for _, act := range []review.Action{review.ActScanView, review.ActCaseOpen, review.ActDecide, review.ActTakeNext} {
			if g.allowed[role][act] {
				t.Errorf("%s may %s", role, act)
			}
		}
	}
}

func TestRefusalSaysWhetherToSignIn(t *testing.T) {
	g := gate(t)
	if err := g.Allow(review.Anonymous(), review.ActDecide); !errors.Is(err, review.ErrUnauthenticated) {
		t.Errorf("anonymous: %v", err)
	}
	if err := g.Allow(review.Actor{Staff: "s", Roles: []review.Role{review.RoleAuditor}}, review.ActDecide); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("auditor: %v", err)
	}
	if err := g.Allow(review.Actor{}, review.ActPublic); err == nil {
		t.Error("an actor without roles was let in")
	}
}

func TestBadPoliciesStopTheStart(t *testing.T) {
	for _, bad := range []string{"p, reviewer, fly", "p, emperor, decide", "p, reviewer"} {
		if _, err := Load(bad); err == nil {
			t.Errorf("policy %q was accepted", bad)
		}
	}
}
