package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"okno/review"
)

// Purpose is one thing that a person may agree to.
type Purpose struct {
	Code     string // translation keys consent.<code>.title and consent.<code>.<version>
	Version  string
	Required bool // without it the submission cannot be reviewed
}

// Purposes lists the consents that are asked for, each on its own.
var Purposes = []Purpose{
	{Code: "processing", Version: "v1", Required: true},
	{Code: "documents", Version: "v1", Required: true},
	{Code: "quality", Version: "v1"},
}

// ungiven reports the required consents that are missing or were given to an
// older text.
func ungiven(given []review.Consent) (faults []review.FieldFault) {
	for _, p := range Purposes {
		if p.Required && !slices.ContainsFunc(given, func(c review.Consent) bool { return c.Purpose == p.Code && c.Version == p.Version }) {
			faults = append(faults, review.FieldFault{Field: "consent-" + p.Code, Code: "consent-needed"})
		}
	}
	return faults
}

// Consent records which purposes the person agrees to, with the text as it was
// shown in the language. A missing required consent is an Invalid error.
func (s *Service) Consent(ctx context.Context, actor review.Actor, language string, want int64, agreed []string) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	given := s.Given(language, agreed, now)
	if faults := ungiven(given); len(faults) > 0 {
		return nil, review.Faulty(faults...)
	}
	return s.Submissions.Update(ctx, own.ID, want, func(sub *review.Submission) (review.Change, error) {
		return sub.Consented(actor, given, now)
	})
}

// Given makes the records of the consents to the purposes agreed to: which text,
// in which language, when.
func (s *Service) Given(language string, agreed []string, at time.Time) (given []review.Consent) {
	for _, p := range Purposes {
		if !slices.Contains(agreed, p.Code) {
			continue
		}
		sum := sha256.Sum256([]byte(s.ConsentText(language, p.Code, p.Version)))
		given = append(given, review.Consent{Purpose: p.Code, Version: p.Version, Hash: hex.EncodeToString(sum[:]),
			Language: language, At: at.UnixMilli(), Channel: "web"})
	}
	return given
}
