package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"

	"okno/review"
	"okno/review/check"
)

// checks lists the rules of the automatic checks, replays one over past cases, and
// switches it.
func (p program) checks(ctx context.Context, args []string) (err error) {
	f := p.flags("checks list | replay CODE@VERSION | use CODE@VERSION | off CODE")
	var limit int
	f.IntVar(&limit, "cases", 10000, "how many past cases a replay looks at, oldest first")
	usage := errors.New("usage: okno checks list | replay CODE@VERSION | use CODE@VERSION | off CODE [-data DIR] [-cases N]")
	if len(args) == 0 {
		return usage
	}
	what, rest := args[0], args[1:]
	var rule string
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		rule, rest = rest[0], rest[1:]
	}
	if err := f.Parse(rest); err != nil {
		return err
	}
	if (what == "list") != (rule == "") {
		return usage
	}
	c, err := p.settings(f)
	if err != nil {
		return err
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
	sv := k.checks
	code, version, _ := strings.Cut(rule, "@")
	switch what {
	case "list":
		return p.listRules(ctx, sv)
	case "replay":
		return p.replay(ctx, sv, code, version, limit)
	case "use":
		if version == "" {
			return usage
		}
		return sv.Switch(ctx, review.System(), code, version)
	case "off":
		return sv.Switch(ctx, review.System(), code, "")
	}
	return usage
}

func (p program) listRules(ctx context.Context, sv *check.Service) error {
	set, err := sv.Set(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CHECK\tVERSION\tEFFECT\tSWITCHED ON")
	for _, r := range check.Rules() {
		on := ""
		if set.Version(r.Code) == r.Version {
			on = "yes"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Code, r.Version, r.Effect, on)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	const most = 1000
	waiting, err := sv.Submissions.Stale(ctx, set.Print(), most)
	if err != nil {
		return err
	}
	more := ""
	if len(waiting) == most {
		more = " or more"
	}
	_, err = fmt.Fprintf(p.stdout, "Documents are read by: %s. Of what is in the queue, %d%s will be read and checked again.\n", sv.Reader.Version(), len(waiting), more)
	return err
}

// replay prints what a version of a rule would have said about past cases. It prints
// counts only.
func (p program) replay(ctx context.Context, sv *check.Service, code, version string, limit int) error {
	report, err := sv.Replay(ctx, review.System(), code, version, limit)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %s now, %s on trial; %d cases, %d would be told something else\n",
		report.Code, cmp.Or(report.Now, "off"), report.Then, report.Cases, report.Changed)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CASES\tNOW\tON TRIAL")
	for _, row := range report.Rows {
		fmt.Fprintf(w, "%d\t%s\t%s\n", row.Cases, told(row.Now), told(row.Then))
	}
	return w.Flush()
}

// told is one line for what a rule says.
func told(o check.Outcome) string {
	words := []string{cmp.Or(string(o.Verdict), "nothing")}
	if o.Effect != "" {
		words = append(words, string(o.Effect))
	}
	if o.Reason != "" {
		words = append(words, o.Reason)
	}
	return strings.Join(words, " ")
}
