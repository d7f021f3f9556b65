package progress

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
)

// alphabet is Crockford's base 32: no letter looks like a digit.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength gives sixty bits.
const codeLength = 12

// Code is the check code of a receipt. It follows from the case number alone, so
// that a wrong one is refused without looking at any case.
func (s *Service) Code(number review.CaseNumber) string {
	h := hmac.New(sha256.New, s.Secret)
	h.Write([]byte("receipt\x00" + string(number)))
	sum := h.Sum(nil)
	var b strings.Builder
	for i := range codeLength {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[sum[i]%32]) // 256 is a multiple of 32
	}
	return b.String()
}

// alike are characters that people read or type for another one.
var alike = strings.NewReplacer("O", "0", "I", "1", "L", "1",
	"А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "Р", "P", "Т", "T", "Х", "X", "О", "0")

// plain is a typed code without what does not matter.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return -1
	}, alike.Replace(strings.ToUpper(field.Normalize(code))))
}

// Facts are what a receipt proves to whoever is shown it.
type Facts struct {
	Number   review.CaseNumber
	SentAt   time.Time
	Track    review.Track
	Initials string // of the applicant
	Document string // the end of its number
}

// ErrNoReceipt is the one answer to everything that cannot be verified: no such
// number, another code, or too many tries.
var ErrNoReceipt = &review.Error{Kind: review.Invalid, Code: "no-receipt", Fields: []review.FieldFault{{Field: "code", Code: "no-receipt"}}}

// Verify tells what a receipt with the number and check code proves. The answer
// to anything else is [ErrNoReceipt].
func (s *Service) Verify(ctx context.Context, by review.Actor, number, code, address string) (Facts, error) {
	if err := s.Gate.Allow(by, review.ActPublic); err != nil {
		return Facts{}, err
	}
	n, ok := review.ParseCaseNumber(number)
	if !ok {
		n = ""
	}
	allowed, err := s.Allow(ctx, n, address)
	if err != nil {
		return Facts{}, err
	}
	right := hmac.Equal([]byte(plain(code)), []byte(plain(s.Code(n))))
	if !allowed || !right || n == "" {
		return Facts{}, ErrNoReceipt
	}
	sub, err := s.Submissions.ByNumber(ctx, n)
	switch {
	case err != nil && review.KindOf(err) == review.NotFound:
		return Facts{}, ErrNoReceipt
	case err != nil:
		return Facts{}, err
	case sub.SubmittedAt.IsZero():
		return Facts{}, ErrNoReceipt
	}
	return Facts{Number: n, SentAt: sub.SubmittedAt, Track: sub.Track, Initials: initials(sub.Answers),
		Document: field.MaskDocument(sub.Answers.Value(review.DocumentNumber))}, nil
}

func initials(a review.Answers) string {
	var list []string
	for _, f := range []review.Field{review.Surname, review.GivenName, review.Patronymic} {
		if r, size := utf8.DecodeRuneInString(a.Value(f)); size > 0 && r != utf8.RuneError {
			list = append(list, strings.ToUpper(string(r))+".")
		}
	}
	return strings.Join(list, " ")
}
