package reviewtest

import (
	"testing"
	"time"
)

// heard is a test that remembers whether it failed.
type heard struct {
	testing.TB
	failed bool
}

func (h *heard) Helper()               {}
func (h *heard) Errorf(string, ...any) { h.failed = true }
func (h *heard) Fatal(...any)          { h.failed = true }

func TestBrisk(t *testing.T) {
	slow, quick := func() { time.Sleep(20 * time.Millisecond) }, func() {}
	tries := 0
	soon := func() {
		if tries++; tries < 5 {
			slow()
		}
	}
	for _, c := range []struct {
		name, limit string
		call        func()
		fails       bool
	}{{"slow", "5ms", slow, true}, {"quick", "5ms", quick, false}, {"quick at the fifth try", "5ms", soon, false}, {"without a limit", "", slow, false}} {
		t.Setenv("OKNO_FUZZ_LIMIT", c.limit)
		h := &heard{TB: t}
		if Brisk(h, c.name, c.call); h.failed != c.fails {
			t.Errorf("%s: failed %v", c.name, h.failed)
		}
	}
}
