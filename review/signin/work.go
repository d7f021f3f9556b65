package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"math/bits"
	"slices"
	"time"

	"okno/review"
)

// WorkBits is how many leading bits of a hash must be zero: a second or so for a
// telephone's browser, which works while the number is typed.
const WorkBits = 14

// changeWindow is how long the task of a change stays the same. Two of them are
// shorter than the life of a flow, so the code that the flow has is still known as
// long as work for the task before it is taken.
const changeWindow = 6 * time.Hour

// Task is what a browser works on before a code is sent by SMS. It belongs to the
// flow and to the code that the flow has, so it serves one sending. A browser
// without scripts cannot work: its messages come from a narrower bucket.
func (s *Service) Task(f *Flow) string { return s.task(f.ID, lastCode(f)) }

// ChangeTask is the task before the first code to another phone number of the actor.
// A flow begins with the sending only, so it belongs to the account, its present
// number, the code that the last change has, and the time.
func (s *Service) ChangeTask(ctx context.Context, by review.Actor) (string, error) {
	if _, _, err := s.changing(by, review.Phone); err != nil {
		return "", err
	}
	c, err := s.Accounts.CredentialOf(ctx, by.Account)
	if err != nil {
		return "", err
	}
	tasks, err := s.changeTasks(ctx, c)
	if err != nil {
		return "", err
	}
	return tasks[0], nil
}

// changeTasks are the task of now and the one of the window before.
func (s *Service) changeTasks(ctx context.Context, c *Credential) (tasks []string, err error) {
	last, err := s.Flows.ContactFlow(ctx, c.Account, PhoneChange)
	if err != nil && review.KindOf(err) != review.NotFound {
		return nil, err
	}
	for _, ago := range []time.Duration{0, changeWindow} {
		at := s.Clock.Now().UTC().Add(-ago).Truncate(changeWindow)
		tasks = append(tasks, s.task(string(c.Account), c.Phone, lastCode(last), at.Format(time.RFC3339)))
	}
	return tasks, nil
}

func lastCode(f *Flow) string {
	if f == nil || f.Code == nil {
		return ""
	}
	return f.Code.ID
}

func (s *Service) task(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(s.mac("work", parts...)[:16])
}

// worked reports whether the browser has found the number for one of the tasks.
func worked(from From, tasks []string) bool {
	return from.Work != "" && len(from.Work) <= 20 && slices.ContainsFunc(tasks, func(task string) bool {
		return zeros(sha256.Sum256([]byte(task+":"+from.Work))) >= WorkBits
	})
}

func zeros(sum [sha256.Size]byte) (n int) {
	for _, b := range sum {
		n += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return n
}

// unproven are the further tokens for a message to somebody who has not worked.
func (s *Service) unproven(from From) []Take {
	return []Take{{s.Limits.SMSUnprovenAddress, from.network()}, {s.Limits.SMSUnproven, everybody}}
}
