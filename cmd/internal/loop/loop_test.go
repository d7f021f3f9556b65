package loop

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestPanicsAndErrorsDoNotEndALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ticks := 0
		s := Start(ctx, slog.New(slog.DiscardHandler), Loop{Name: "x", Every: time.Second, Tick: func(context.Context) (bool, error) {
			ticks++
			switch ticks {
			case 1:
				panic("boom")
			case 2:
				return false, errors.New("no luck")
			case 3:
				return true, nil // more work: no pause
			}
			return false, nil
		}})
		time.Sleep(time.Hour)
		synctest.Wait()
		if ticks < 3000 {
			t.Errorf("%d ticks in an hour of one a second", ticks)
		}
		before := ticks
		s.Kick("x")
		synctest.Wait()
		if ticks != before+1 {
			t.Errorf("a kick made %d ticks", ticks-before)
		}
		cancel()
		s.Wait()
	})
}
