package signin

import (
	"context"
	"time"

	"okno/review"
)

// The breaker of messages: of the last codes sent to numbers with the same
// beginning, fewer were entered than people would enter. Then somebody sends
// them for another reason, such as a share of the price.
const (
	breakerSample = 50
	breakerShare  = 30 // per cent
	breakerTerm   = 24 * time.Hour
	prefixDigits  = 7
)

// Texts counts codes sent by SMS and how many of them were entered.
type Texts interface {
	// Texted returns, of the last n codes sent since to numbers that begin so, how
	// many there are, how many were entered, and when the oldest was sent. Codes
	// that may still be entered are not counted.
	Texted(ctx context.Context, prefix string, since, before time.Time, n int) (sent, entered int, oldest time.Time, err error)
}

// Texted is a code that goes out by SMS.
type Texted struct {
	ID     string
	Prefix string
	At     time.Time
}

// beginning is the part of a number by which messages are counted.
func beginning(phone string) string { return phone[:min(len(phone), prefixDigits+1)] }

// broken reports whether messages to numbers that begin alike are stopped.
func (s *Service) broken(ctx context.Context, phone string) (Refusal, error) {
	now := s.Clock.Now()
	sent, entered, oldest, err := s.Texts.Texted(ctx, beginning(phone), now.Add(-breakerTerm), now.Add(-CodeTerm), breakerSample)
	if err != nil || sent < breakerSample || entered*100 >= sent*breakerShare {
		return Refusal{}, err
	}
	return Refusal{Limit: "sms-conversion", Until: oldest.Add(breakerTerm)}, nil
}

// Budget tells how much of the day's messages has been sent, in per cent, for
// whoever watches the desk.
func (s *Service) Budget(ctx context.Context) (int, error) {
	left, err := s.Limiter.Left(ctx, s.Clock.Now(), Take{s.Limits.SMSPerDesk, everybody})
	if err != nil {
		return 0, err
	}
	return 100 - 100*left/s.Limits.SMSPerDesk.Burst, nil
}

// textedNow is the record of a code that goes to a phone; nil for any other.
func textedNow(channel review.Channel, c *Code, phone string, at time.Time) *Texted {
	if channel != review.SMS {
		return nil
	}
	return &Texted{ID: c.ID, Prefix: beginning(phone), At: at}
}
