package check

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"okno/review"
)

// Submissions finds what waits for its checks and writes the result.
type Submissions interface {
	// WaitingForCheck lists submissions in the automatic check, oldest first.
	WaitingForCheck(ctx context.Context, limit int) ([]review.SubmissionID, error)
	// Submission returns a submission with its documents, or review.ErrNotFound.
	Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error)
	// Twins lists, by kind of key, other sent submissions that share a value.
	Twins(ctx context.Context, s *review.Submission) (map[string][]review.SubmissionID, error)
	// Update changes a submission in one transaction; another version than want
	// is review.ErrStale.
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
}

// Contacts are an account's confirmed ways to be reached.
type Contacts struct {
	Phone, Email           string // empty = not confirmed
	PhoneTaken, EmailTaken bool   // confirmed by another account, too
}

// Accounts knows the contacts of an account.
type Accounts interface {
	// ConfirmedContacts returns what is confirmed; a missing account is review.ErrNotFound.
	ConfirmedContacts(ctx context.Context, account review.AccountID) (Contacts, error)
}

// Service runs the checks of what waits for them.
type Service struct {
	Submissions Submissions
	Accounts    Accounts
	// Missing lists what the intake rules still ask for: one source of truth for
	// completeness.
	Missing func(s *review.Submission) []review.Target
	// Consents lists the purposes that every submission must agree to.
	Consents []string
	Clock    review.Clock
	Zone     *time.Location
	Log      *slog.Logger
}

// batch is how many submissions one tick checks, twinsPerKind how many others
// are compared for one shared value.
const (
	batch        = 10
	twinsPerKind = 50
)

// Tick checks a batch and reports whether more may be waiting. One that cannot
// be checked is logged and left for the next tick; it does not stop the others.
func (sv *Service) Tick(ctx context.Context) (more bool, err error) {
	ids, err := sv.Submissions.WaitingForCheck(ctx, batch)
	if err != nil {
		return false, err
	}
	failed := 0
	for _, id := range ids {
		if err := sv.Check(ctx, id); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			failed++
			sv.Log.Error("submission not checked", "submission", id, "error", err)
		}
	}
	return len(ids) == batch && failed == 0, nil
}

// Check gathers the facts about one submission, runs the checks and writes the
// result. A submission that changed meanwhile, or was checked by somebody else,
// is left alone.
func (sv *Service) Check(ctx context.Context, id review.SubmissionID) error {
	s, err := sv.Submissions.Submission(ctx, id)
	if err != nil {
		return err
	}
	if s.Status != review.Checking {
		return nil
	}
	facts, err := sv.Facts(ctx, s)
	if err != nil {
		return err
	}
	now := sv.Clock.Now()
	checks := Run(s, facts, now)
	_, err = sv.Submissions.Update(ctx, id, s.Version, func(s *review.Submission) (review.Change, error) {
		return s.Checked(review.System(), checks, now)
	})
	if errors.Is(err, review.ErrStale) || errors.Is(err, review.ErrTransition) {
		return nil
	}
	return err
}

// Facts gathers what the submission itself does not hold.
func (sv *Service) Facts(ctx context.Context, s *review.Submission) (Facts, error) {
	contacts, err := sv.Accounts.ConfirmedContacts(ctx, s.Account)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return Facts{}, err
	}
	twins, err := sv.twins(ctx, s)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{
		Consents: sv.Consents, Phone: contacts.Phone, Email: contacts.Email,
		PhoneTaken: contacts.PhoneTaken, EmailTaken: contacts.EmailTaken, Twins: twins, Zone: sv.Zone,
	}
	if sv.Missing != nil {
		f.Missing = sv.Missing(s)
	}
	return f, nil
}

func (sv *Service) twins(ctx context.Context, s *review.Submission) (twins []Twin, err error) {
	byKind, err := sv.Submissions.Twins(ctx, s)
	if err != nil {
		return nil, err
	}
	var ids []review.SubmissionID
	for _, found := range byKind {
		ids = append(ids, found[:min(len(found), twinsPerKind)]...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		other, err := sv.Submissions.Submission(ctx, id)
		if errors.Is(err, review.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		twins = append(twins, Twin{ID: other.ID, Number: other.Number, Account: other.Account, Status: other.Status, Answers: other.Answers})
	}
	return twins, nil
}
