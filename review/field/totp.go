package field

import (
	"crypto/hmac"
	"crypto/sha1" // RFC 6238 as generator applications implement it
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// The parameters of one-time codes, as every generator application expects them.
const (
	TOTPStep   = 30 * time.Second
	TOTPDigits = 6
	TOTPWindow = 1
)

// The results of [VerifyTOTP].
const (
	TOTPAccepted = "accepted"
	TOTPWrong    = "wrong"
	TOTPReplayed = "replayed"
)

// TOTP is the one-time code of a secret at a moment.
func TOTP(secret []byte, at time.Time) string { return codeAt(secret, totpStep(at)) }

// VerifyTOTP checks a code at a moment, allowing one step of clock drift either way.
// lastStep is the step of the last accepted code (0 if none). When the result is
// accepted, the caller stores the returned step in the same transaction; a code of
// that step or an earlier one is then a replay.
func VerifyTOTP(secret []byte, code string, at time.Time, lastStep int64) (step int64, result string) {
	code = compact(code, " -")
	now := totpStep(at)
	result = TOTPWrong
	for s := now - TOTPWindow; s <= now+TOTPWindow; s++ {
		if subtle.ConstantTimeCompare([]byte(code), []byte(codeAt(secret, s))) != 1 {
			continue
		}
		if s > lastStep {
			return s, TOTPAccepted
		}
		step, result = s, TOTPReplayed
	}
	return step, result
}

func totpStep(at time.Time) int64 { return at.Unix() / int64(TOTPStep/time.Second) }

// codeAt is HOTP (RFC 4226) of a step number.
func codeAt(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}

// TOTPSecret decodes a secret from base 32 as people copy it: any case, with spaces
// and with or without padding.
func TOTPSecret(s string) ([]byte, error) {
	s = strings.TrimRight(strings.ToUpper(compact(s, " -")), "=")
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
}

// FormatTOTPSecret writes a secret in base 32 without padding.
func FormatTOTPSecret(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}
