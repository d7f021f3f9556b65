// Package rbac answers one question with Casbin: may one of the actor's roles
// do this action? The model and the policy are files of this package, reviewed
// like code and embedded in the binary; nothing changes them at run time, so
// every answer is computed once at start and read from an immutable table.
package rbac

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"okno/review"
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// Roles lists every role that the policy knows, appointed or not.
var Roles = append([]review.Role{review.RoleAnonymous, review.RoleApplicant, review.RoleAccountHolder, review.RoleSystem}, review.StaffRoles...)

// Gate implements review.Gate.
type Gate struct {
	allowed map[review.Role]map[review.Action]bool
}

// New loads the embedded policy. An unknown role or action in it is an error.
func New() (*Gate, error) { return Load(policyText) }

// Load builds a gate from a policy text.
func Load(policy string) (*Gate, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("policy model: %w", err)
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(withoutComments(policy)))
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	lines, err := e.GetPolicy()
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if want := strings.Count(withoutComments(policy), "\n") + 1; len(lines) != want {
		return nil, fmt.Errorf("policy: %d lines, %d understood", want, len(lines))
	}
	for _, l := range lines {
		if len(l) != 2 || !slices.Contains(Roles, review.Role(l[0])) || !slices.Contains(review.Actions, review.Action(l[1])) {
			return nil, fmt.Errorf("policy line %q: unknown role or action", strings.Join(l, ", "))
		}
	}
	g := &Gate{allowed: map[review.Role]map[review.Action]bool{}}
	for _, role := range Roles {
		g.allowed[role] = map[review.Action]bool{}
		for _, act := range review.Actions {
			ok, err := e.Enforce(string(role), string(act))
			if err != nil {
				return nil, fmt.Errorf("policy: %w", err)
			}
			g.allowed[role][act] = ok
		}
	}
	return g, nil
}

func withoutComments(policy string) string {
	var kept []string
	for line := range strings.Lines(policy) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// Allow reports nil when one of the actor's roles may do the action,
// review.ErrUnauthenticated when nobody is signed in, else review.ErrForbidden.
func (g *Gate) Allow(actor review.Actor, action review.Action) error {
	for _, r := range actor.Roles {
		if g.allowed[r][action] {
			return nil
		}
	}
	if actor.ID() == "" && !actor.Has(review.RoleSystem) {
		return review.ErrUnauthenticated
	}
	return review.ErrForbidden
}
