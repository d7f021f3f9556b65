// Command okno is the registration desk: one program, one database file, one
// folder of sealed scans. Run "okno help" for the list of commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"okno/cmd/internal/config"
)

// collectAt is how much garbage, in percent of what is in use, is let lie. Pictures are large and soon done
// with: half of Go's usual hundred keeps sixty uploads at once small and costs less than a hundredth of the time.
const collectAt = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "okno:", strings.ReplaceAll(err.Error(), "\n", "\nokno: "))
		os.Exit(1)
	}
}

// program is what every command is given.
type program struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// command is one word after the program's name.
type command struct {
	name  string
	about string
	run   func(p program, ctx context.Context, args []string) error
}

// commands in the order in which help lists them.
func commands() []command {
	return []command{
		{"serve", "run the desk", program.serve},
		{"demo", "run a desk with invented people; messages stay on a local page", program.demo},
		{"migrate", "bring the database to this version's schema", program.migrate},
		{"staff", "add a member of staff, or let one enrol anew (staff add …, staff reset -email …)", program.staff},
		{"checks", "list, replay and switch the automatic checks (checks list)", program.checks},
		{"audit", "verify the audit log (audit verify)", program.audit},
		{"bench", "measure this machine and its documents (bench documents DIR)", program.bench},
		{"version", "tell the version", program.version},
	}
}

// run is the whole program apart from signals and exit codes; tests start it too.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	p := program{getenv, stdout, stderr}
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		p.help()
		return nil
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return fmt.Errorf("unknown command %q; okno help lists them", args[0])
	}
	err := all[i].run(p, ctx, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	return err
}

func (p program) help() {
	fmt.Fprint(p.stdout, "okno: a registration desk\n\nusage: okno <command> [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(p.stdout, "  %-10s %s\n", c.name, c.about)
	}
	fmt.Fprint(p.stdout, "\nokno <command> -h lists the flags; README.md lists the settings.\n")
}

func (p program) version(context.Context, []string) error {
	_, err := fmt.Fprintln(p.stdout, version())
	return err
}

// version is the module version or the commit that the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}

// flags are the flags that every command with a data folder takes.
type flags struct {
	*flag.FlagSet
	data, addr string
}

func (p program) flags(name string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet("okno "+name, flag.ContinueOnError)}
	f.SetOutput(p.stderr)
	f.StringVar(&f.data, "data", "", "folder of the data (OKNO_DATA)")
	return f
}

func (f *flags) withAddr() *flags {
	f.StringVar(&f.addr, "addr", "", "host:port to listen on (OKNO_ADDR)")
	return f
}

// settings are the settings for commands that only touch the data folder: what
// a server needs beyond that is not asked for.
func (p program) settings(f *flags) (config.Config, error) {
	return config.Load(p.getenv, f.data, "", true)
}
