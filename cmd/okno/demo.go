package main

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okno/cmd/internal/config"
	"okno/cmd/internal/specimen"
	"okno/db/seal"
	"okno/review"
	"okno/views/link"
)

const (
	// demoSeed makes every demo desk hold the same people.
	demoSeed = 1
	// demoMark stands in the folder of a demo desk: "filling", then "ready".
	demoMark = "demo"
)

// demo fills a fresh folder with invented people and serves it; a second start
// reuses the folder.
func (p program) demo(ctx context.Context, args []string) (err error) {
	f := p.flags("demo").withAddr()
	list := f.Bool("sign-ins", false, "print the staff's sign-ins as JSON and end")
	if err := f.Parse(args); err != nil {
		return err
	}
	c, err := config.Load(p.getenv, f.data, f.addr, true)
	if err != nil {
		return err
	}
	if *list {
		return p.signIns(c)
	}
	ready, err := clearHalf(c.Data)
	if err != nil {
		return err
	}
	d, err := openData(ctx, c, creating)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	k, err := newDesk(c, d, p.logger())
	if err != nil {
		return err
	}
	if !ready {
		if err := p.fillDemo(ctx, k); err != nil {
			return fmt.Errorf("filling the demo desk: %w", err)
		}
	}
	p.welcome(k)
	return p.run(ctx, k)
}

// clearHalf reports whether the folder holds a filled demo desk. A folder whose
// filling was cut off is emptied but for its keys; one that holds a real desk is
// refused.
func clearHalf(dir string) (ready bool, err error) {
	mark, err := os.ReadFile(filepath.Join(dir, demoMark))
	if err == nil && string(mark) == "ready" {
		return true, nil
	}
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, "okno.db")); err == nil {
			return false, fmt.Errorf("%s holds a real desk: give the demo another folder", dir)
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, name := range []string{"okno.db", "okno.db-wal", "okno.db-shm", "scans"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return false, err
		}
	}
	return false, nil
}

// signIn is how one member of the demo's staff signs in.
type signIn struct {
	Name     string      `json:"name"`
	Email    string      `json:"email"`
	Password string      `json:"password"`
	Secret   string      `json:"secret"` // of the code generator, base32
	Role     review.Role `json:"role"`

	key string // of specimen.Colleague; empty for those who act in no story
}

// demoStaff derives everybody's sign-in from the folder's own secret, so that
// they can be printed again at any time and are different in every folder.
func demoStaff(v *seal.Vault) (all []signIn) {
	add := func(key, name, address string, role review.Role) {
		email := address + "@example.org"
		raw := v.Secret("demo " + email)
		all = append(all, signIn{
			Name: name, Email: email, Role: role, key: key,
			Password: "Okno-" + hex.EncodeToString(raw[:6]) + "-Demo",
			Secret:   base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[8:28]),
		})
	}
	for _, m := range specimen.Staff() {
		add(m.Key, m.Name, m.Key, review.Role(m.Role))
	}
	add("", "Аудитов Демьян", "auditor-1", review.RoleAuditor)
	add("", "Тайнова Вера", "privacy-1", review.RolePrivacyOfficer)
	add("", "Ответова Лада", "support-1", review.RoleSupportAgent)
	add("", "Админов Глеб", "admin-1", review.RoleAdministrator)
	return all
}

// signIns prints the staff's sign-ins. It needs the keys only, so it works
// before the first start and while the desk runs.
func (p program) signIns(c config.Config) error {
	if _, err := os.Stat(filepath.Join(c.Data, "vault.json")); errors.Is(err, os.ErrNotExist) {
		if _, err := prepare(c, true); err != nil {
			return err
		}
		if err := seal.Create(c.Data, c.KeyFile); err != nil {
			return err
		}
	}
	v, err := seal.Open(c.Data, c.KeyFile)
	if err != nil {
		return err
	}
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(demoStaff(v))
}

// welcome tells where to go and how to sign in.
func (p program) welcome(k *desk) {
	base := k.config.Public.String()
	var b strings.Builder
	fmt.Fprintf(&b, "\nDemo desk: all people and documents are invented.\n\n  applicants  %s%s\n  mailbox     %s%s\n  staff       %s%s\n\n",
		base, link.Start(), base, link.DemoMailbox(), base, link.StaffSignIn())
	fmt.Fprintf(&b, "  %-16s %-26s %-24s %s\n", "role", "e-mail", "password", "generator secret")
	for _, s := range demoStaff(k.data.vault) {
		fmt.Fprintf(&b, "  %-16s %-26s %-24s %s\n", s.Role, s.Email, s.Password, s.Secret)
	}
	fmt.Fprintf(&b, "\n  Everybody in the list of applicants has the password %s\n\n", applicantPassword(k.data.vault))
	_, _ = io.WriteString(p.stdout, b.String())
}

func applicantPassword(v *seal.Vault) string {
	return "Okno-" + hex.EncodeToString(v.Secret("demo applicants")[:4]) + "-Demo"
}

// fillDemo makes staff and submissions and marks the folder as ready.
func (p program) fillDemo(ctx context.Context, k *desk) error {
	mark := filepath.Join(k.config.Data, demoMark)
	if err := os.WriteFile(mark, []byte("filling"), 0o600); err != nil {
		return err
	}
	started := time.Now()
	f := &filler{ctx: ctx, d: k, now: k.clock.Now(), staff: map[string]review.Actor{}, progress: p.progress(), paint: specimen.Case.Filing, inspect: k.scan.Inspector.Inspect}
	if err := f.appoint(ctx); err != nil {
		return err
	}
	var err error
	if f.password, err = k.hasher.Hash(ctx, applicantPassword(k.data.vault)); err != nil {
		return err
	}
	if err := f.fill(ctx); err != nil {
		return err
	}
	if err := k.history.Checkpoint(ctx); err != nil {
		return err
	}
	if err := k.data.db.Checkpoint(ctx); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\rFilled in %s.%40s\n", time.Since(started).Round(time.Second), "")
	return os.WriteFile(mark, []byte("ready"), 0o600)
}

// appoint makes the staff, enrolled and ready to sign in.
func (f *filler) appoint(ctx context.Context) error {
	for _, s := range demoStaff(f.d.data.vault) {
		secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s.Secret)
		if err != nil {
			return err
		}
		id, err := f.d.staff.EnrolDirectly(ctx, review.System(), s.Email, s.Name, []review.Role{s.Role}, s.Password, secret)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Email, explain(err))
		}
		if s.key != "" {
			f.staff[s.key] = review.Actor{Staff: id, Name: s.Name, Roles: []review.Role{s.Role}}
		}
	}
	return nil
}

// progress writes a line that shows how far the filling is, ten times at most
// when the output is not a terminal.
func (p program) progress() func(done, all int) {
	step := 0
	terminal := isTerminal(p.stdout)
	return func(done, all int) {
		tenth := done * 10 / all
		switch {
		case terminal:
			fmt.Fprintf(p.stdout, "\rFilling the demo desk: %d of %d papers", done, all)
		case tenth > step:
			step = tenth
			fmt.Fprintf(p.stdout, "Filling the demo desk: %d %%\n", tenth*10)
		}
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
