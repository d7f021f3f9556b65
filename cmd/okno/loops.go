package main

import (
	"context"
	"time"

	"okno/cmd/internal/loop"
)

// Names of loops that others wake.
const (
	loopCheck  = "check"
	loopNotice = "notice"
)

// loops is the table of the desk's background work.
func (k *desk) loops() []loop.Loop {
	return []loop.Loop{
		{Name: loopCheck, Every: time.Second, Tick: k.checks.Tick},
		{Name: "rules", Every: 20 * time.Second, Tick: k.checks.Catch},
		{Name: "settle", Every: time.Second, Tick: counted(k.verdict.Settle)},
		{Name: loopNotice, Every: time.Second, Tick: k.notices.Tick},
		{Name: "leases", Every: 15 * time.Second, Tick: counted(k.queue.Sweep)},
		{Name: "expiry", Every: 10 * time.Minute, Tick: counted(k.intake.Tick)},
		{Name: "green-lane", Every: time.Second, Tick: counted(k.greenlane.Tick)},
		{Name: "reminders", Every: 10 * time.Minute, Tick: counted(k.progress.Tick)},
		{Name: "orphans", Every: time.Hour, Tick: plain(func(ctx context.Context) error { _, err := k.scan.Tick(ctx); return err })},
		{Name: "sessions", Every: 10 * time.Minute, Tick: plain(k.signinKeys.Tick)},
		{Name: "held", Every: 5 * time.Minute, Tick: counted(k.held.Tick)},
		{Name: "networks", Every: time.Hour, Tick: counted(k.submissions.ForgetNetworks)},
		{Name: "checkpoint", Every: 15 * time.Minute, Tick: plain(k.history.Checkpoint)},
		{Name: "wal", Every: time.Minute, Tick: plain(k.shrink)},
	}
}

// counted adapts a tick that says how much it did: it goes on while there is work.
func counted(tick func(context.Context) (int, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		n, err := tick(ctx)
		return n > 0, err
	}
}

func plain(tick func(context.Context) error) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) { return false, tick(ctx) }
}

// maxWAL is the size at which the write-ahead log is emptied by force.
const maxWAL = 64 << 20

func (k *desk) shrink(ctx context.Context) error {
	if k.data.db.WALSize() < maxWAL {
		return nil
	}
	return k.data.db.Checkpoint(ctx)
}
