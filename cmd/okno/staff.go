package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"okno/review"
	"okno/review/staff"
	"okno/views/link"
)

// staff runs "okno staff add", which appoints somebody, and "okno staff reset",
// which takes password and code generator from somebody who is locked out. Both
// print the one-time link at which the person sets them.
func (p program) staff(ctx context.Context, args []string) (err error) {
	if len(args) == 0 || args[0] != "add" && args[0] != "reset" {
		return errors.New("usage: okno staff add -name NAME -email ADDRESS -role ROLE[,ROLE]\n       okno staff reset -email ADDRESS")
	}
	reset := args[0] == "reset"
	f := p.flags("staff " + args[0])
	email := f.String("email", "", "address that the person signs in with")
	name, role := new(string), new(string)
	if !reset {
		name = f.String("name", "", "full name, shown to colleagues")
		role = f.String("role", "", "one or more of: "+roleList())
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	c, err := p.settings(f)
	if err != nil {
		return err
	}
	var roles []review.Role
	for r := range strings.SplitSeq(*role, ",") {
		roles = append(roles, review.Role(strings.TrimSpace(r)))
	}
	d, err := openData(ctx, c, shared)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	k, err := newDesk(c, d, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	var invitation staff.Invitation
	if reset {
		invitation, err = k.staff.ResetByEmail(ctx, review.System(), *email)
	} else {
		invitation, err = k.staff.Invite(ctx, review.System(), *email, *name, roles)
	}
	if err != nil {
		return explain(err)
	}
	_, err = fmt.Fprintf(p.stdout, "%s%s\n", c.Public, link.Enrol(invitation.Token))
	return err
}

func roleList() string {
	var names []string
	for _, r := range review.StaffRoles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// explain names the inputs of an invalid request for the terminal.
func explain(err error) error {
	e, ok := errors.AsType[*review.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	var faults []string
	for _, f := range e.Fields {
		faults = append(faults, f.Field+": "+f.Code)
	}
	return errors.New(strings.Join(faults, ", "))
}
