// Package loop runs the desk's background work: named ticks, each doing one
// bounded piece and returning, supervised so that a failing or panicking tick
// backs off and never takes the program down.
package loop

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Loop is one piece of background work. Tick reports whether there is more to
// do at once.
type Loop struct {
	Name  string
	Every time.Duration
	Tick  func(context.Context) (more bool, err error)
}

// maxBackoff bounds the pause after repeated failures.
const maxBackoff = time.Minute

// Set runs loops until its context ends.
type Set struct {
	log  *slog.Logger
	wg   sync.WaitGroup
	kick map[string]chan struct{}
}

// Start runs every loop in a goroutine of its own.
func Start(ctx context.Context, log *slog.Logger, loops ...Loop) *Set {
	s := &Set{log: log, kick: map[string]chan struct{}{}}
	for _, l := range loops {
		s.kick[l.Name] = make(chan struct{}, 1)
	}
	for _, l := range loops {
		s.wg.Go(func() { s.run(ctx, l) })
	}
	return s
}

// Kick makes the named loop tick now instead of at its next interval.
func (s *Set) Kick(name string) {
	select {
	case s.kick[name] <- struct{}{}:
	default:
	}
}

// Wait returns when every loop has ended, which is after the context's end and
// the tick under way.
func (s *Set) Wait() { s.wg.Wait() }

func (s *Set) run(ctx context.Context, l Loop) {
	failures := 0
	for {
		more, err := s.tick(ctx, l)
		pause := l.Every
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			pause = min(l.Every<<min(failures, 6)+time.Second, maxBackoff)
			s.log.Error("loop failed", "loop", l.Name, "failures", failures, "error", err.Error())
		default:
			failures = 0
			if more {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		case <-s.kick[l.Name]:
		}
	}
}

func (s *Set) tick(ctx context.Context, l Loop) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("loop panicked", "loop", l.Name, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic in %s", l.Name)
		}
	}()
	return l.Tick(ctx)
}
