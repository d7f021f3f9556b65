package audit

import (
	"context"
	"time"

	"okno/review"
)

// Verification is the last check of the whole record since the program started.
type Verification struct {
	Running bool
	Ended   time.Time // zero if there was none yet
	Failed  bool      // it could not be carried out
	Outcome
}

// OK reports whether a finished verification found the record whole.
func (v Verification) OK() bool { return !v.Ended.IsZero() && !v.Failed && len(v.Faults) == 0 }

const (
	verifyTime = 10 * time.Minute
	patience   = 3 * time.Second
)

// Last returns the last verification, or that one is running.
func (s *Service) Last() Verification {
	v := <-s.last
	s.last <- v
	v.Running = len(s.runs) > 0
	return v
}

// Verify starts a check of the whole record unless one is running, and waits a
// little for its end. A long history takes longer: [Service.Last] tells then.
func (s *Service) Verify(ctx context.Context, by review.Actor) error {
	if err := s.gate.Allow(by, review.ActAudit); err != nil {
		return err
	}
	if err := s.history.Record(ctx, by.Event(review.EventAuditRead, s.clock.Now()).With("view", "verify")); err != nil {
		return err
	}
	select {
	case s.runs <- struct{}{}:
	default:
		return nil // one is running already
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { <-s.runs }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), verifyTime)
		defer cancel()
		outcome, err := s.log.Verify(ctx)
		<-s.last
		s.last <- Verification{Ended: s.clock.Now(), Failed: err != nil, Outcome: outcome}
	}()
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case <-done:
	case <-wait.C:
	case <-ctx.Done():
	}
	return nil
}
