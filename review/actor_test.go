package review

import (
	"testing"
	"time"
)

func TestWhoTheHistoryNames(t *testing.T) {
	for name, c := range map[string]struct {
		actor Actor
		role  Role
		id    string
	}{
		"nobody":                    {Anonymous(), RoleAnonymous, ""},
		"no roles at all":           {Actor{}, RoleAnonymous, ""},
		"just signed in":            {Actor{Account: "acc", Roles: []Role{RoleAnonymous}}, RoleApplicant, "acc"},
		"account without a session": {Actor{Account: "acc"}, RoleApplicant, "acc"},
		"holder of an account":      {Actor{Account: "acc", Roles: []Role{RoleAccountHolder}}, RoleAccountHolder, "acc"},
		"member of staff":           {Actor{Staff: "st", Roles: []Role{RoleReviewer}}, RoleReviewer, "st"},
		"the program":               {System(), RoleSystem, ""},
	} {
		e := c.actor.Event(EventSignedIn, time.Unix(0, 0))
		if e.Role != c.role || e.Actor != c.id {
			t.Errorf("%s: the history names %q as %q, want %q as %q", name, e.Actor, e.Role, c.id, c.role)
		}
	}
}
