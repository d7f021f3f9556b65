package signin

import (
	"context"
)

// Attempt takes the tokens for one more try at the password or code of a member
// of staff, and reports whether there were any. who is whatever the attempt is
// aimed at.
func (s *Service) Attempt(ctx context.Context, who string, address string) (bool, error) {
	from := From{Address: address}.network()
	h := s.mac("staff attempt", who)
	refusal, err := s.Limiter.Take(ctx, s.Clock.Now(),
		Take{s.Limits.PasswordAddress, "staff " + from},
		Take{s.Limits.PasswordPair, "staff " + string(h[:2]) + " " + from})
	return err == nil && !refusal.Refused(), err
}
