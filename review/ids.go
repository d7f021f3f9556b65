package review

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// Identifiers are 128 random bits as 26 lower-case base32 characters. They are
// no secrets, and say nothing about order or number.
type (
	// SubmissionID names a submission.
	SubmissionID string
	// AccountID names an applicant's account.
	AccountID string
	// StaffID names a member of staff.
	StaffID string
	// DocumentID names one uploaded document (one version of one slot).
	DocumentID string
)

// Clock tells the time. Production uses [SystemClock]; tests inject their own.
type Clock interface{ Now() time.Time }

// IDs makes identifiers and case numbers.
type IDs interface {
	// NewID returns a fresh random identifier.
	NewID() string
	// NewNumber returns a random case number; the store refuses one in use.
	NewNumber() CaseNumber
}

// SystemClock is the clock of the machine, in UTC and cut to milliseconds,
// which is what the database keeps.
type SystemClock struct{}

// Now returns the present moment.
func (SystemClock) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// RandomIDs makes identifiers from the operating system's random source.
type RandomIDs struct{}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID returns 128 random bits in base32.
func (RandomIDs) NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return idEncoding.EncodeToString(b[:])
}

// NewNumber returns nine random digits (the first not zero) and a check digit.
func (RandomIDs) NewNumber() CaseNumber {
	digits := make([]byte, 0, 10)
	for len(digits) < 9 {
		var b [1]byte
		rand.Read(b[:])
		if b[0] >= 250 { // keep the digits uniform
			continue
		}
		d := b[0] % 10
		if len(digits) == 0 && d == 0 {
			continue
		}
		digits = append(digits, '0'+d)
	}
	return CaseNumber(append(digits, luhn(digits)))
}

// CaseNumber is what people quote: ten digits, the last one a Luhn check digit.
type CaseNumber string

// String groups the digits for reading: 26 004 812 75.
func (n CaseNumber) String() string {
	if len(n) != 10 {
		return string(n)
	}
	return string(n[:2] + " " + n[2:5] + " " + n[5:8] + " " + n[8:])
}

// ParseCaseNumber accepts digits with spaces, no-break spaces, dashes or a
// number sign between them, and checks the last digit.
func ParseCaseNumber(s string) (CaseNumber, bool) {
	s = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		if strings.ContainsRune(" \u00a0\u202f-–—№", r) {
			return -1
		}
		return 'x'
	}, s)
	if len(s) != 10 || strings.Contains(s, "x") || luhn([]byte(s[:9])) != s[9] {
		return "", false
	}
	return CaseNumber(s), true
}

// luhn returns the check digit for the given digits (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) byte {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}
