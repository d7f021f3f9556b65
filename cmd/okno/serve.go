package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"okno/cmd/internal/config"
	"okno/cmd/internal/loop"
)

// serve runs the desk until the context ends.
func (p program) serve(ctx context.Context, args []string) (err error) {
	f := p.flags("serve").withAddr()
	fresh := f.Bool("init", false, "make an empty desk and its key when the folder holds none")
	if err := f.Parse(args); err != nil {
		return err
	}
	c, err := config.Load(p.getenv, f.data, f.addr, false)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(c.Data, demoMark)); err == nil {
		return fmt.Errorf("%s is a demo folder: okno demo serves it", c.Data)
	}
	m := exclusive
	if *fresh {
		m = creating
	}
	d, err := openData(ctx, c, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	k, err := newDesk(c, d, p.logger())
	if err != nil {
		return err
	}
	return p.run(ctx, k)
}

// logger writes one JSON object per line to standard error.
func (p program) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// stopTime bounds how long running requests and ticks may take to end.
const stopTime = 10 * time.Second

// run listens, serves and runs the loops until the context ends, then stops in
// order: no new requests, running ones answered, loops ended, last checkpoint.
func (p program) run(ctx context.Context, k *desk) error {
	if err := k.catchUp(ctx); err != nil {
		return err
	}
	app, err := k.app()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", k.config.Addr)
	if err != nil {
		return fmt.Errorf("OKNO_ADDR: %w", err)
	}
	work, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLoops()
	set := loop.Start(work, k.log, k.loops()...)
	k.wake = set.Kick
	served := make(chan error, 1)
	go func() { served <- app.Serve(l) }()
	fmt.Fprintf(p.stdout, "Okno is open at http://%s\n", l.Addr())
	select {
	case err = <-served:
	case <-ctx.Done():
		k.closing.Store(true)
		err = app.Stop(stopTime)
	}
	stopLoops()
	set.Wait()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, k.history.Checkpoint(end))
}

// migrate brings the schema up to date and ends.
func (p program) migrate(ctx context.Context, args []string) error {
	f := p.flags("migrate")
	if err := f.Parse(args); err != nil {
		return err
	}
	c, err := p.settings(f)
	if err != nil {
		return err
	}
	d, err := openData(ctx, c, exclusive)
	if err != nil {
		return err
	}
	if err := d.close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "The schema is up to date.")
	return err
}

// audit runs "okno audit verify".
func (p program) audit(ctx context.Context, args []string) (err error) {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New("usage: okno audit verify")
	}
	f := p.flags("audit verify")
	if err := f.Parse(args[1:]); err != nil {
		return err
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
	report, err := k.history.Verify(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d entries, %d checkpoints\n", report.Entries, report.Checkpoints)
	for _, x := range report.Findings {
		fmt.Fprintf(p.stdout, "entry %d: %s\n", x.Seq, x.Problem)
	}
	if !report.OK() {
		return fmt.Errorf("the log was changed: %d findings", len(report.Findings))
	}
	_, err = fmt.Fprintln(p.stdout, "The log is whole.")
	return err
}
