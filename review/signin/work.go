package signin

import (
	"crypto/sha256"
	"encoding/base64"
	"math/bits"
)

// WorkBits is how many leading bits of a hash must be zero: a second or so for a
// telephone's browser, which works while the number is typed.
const WorkBits = 14

// Task is what a browser works on before a code is sent by SMS. It belongs to the
// flow and to the code that the flow has, so it serves one sending. A browser
// without scripts cannot work: its messages come from a narrower bucket.
func (s *Service) Task(f *Flow) string {
	last := ""
	if f.Code != nil {
		last = f.Code.ID
	}
	return base64.RawURLEncoding.EncodeToString(s.mac("work", f.ID, last)[:16])
}

// worked reports whether the browser has found the number.
func (s *Service) worked(f *Flow, from From) bool {
	return from.Work != "" && len(from.Work) <= 20 && zeros(sha256.Sum256([]byte(s.Task(f)+":"+from.Work))) >= WorkBits
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
