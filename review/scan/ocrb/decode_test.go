package ocrb

import "testing"

// Waves beside a clearly read line may be taken for empty paper, one more character never,
// and nothing but empty paper beside a line that is hard to read.
func TestEmptyBesideALine(t *testing.T) {
	const count, end = 40, 10
	for name, c := range map[string]struct {
		blank, character float32
		clear, want      bool
	}{
		"paper":                          {-0.1, -3, false, true},
		"waves":                          {-1.3, -1.5, true, true},
		"waves beside an unclear line":   {-1.3, -1.5, false, false},
		"a character":                    {-4, -0.05, true, false},
		"a character, hardly":            {-1.3, -0.6, true, false},
		"neither paper nor a character ": {-2.5, -2, true, false},
	} {
		logp := make([]float32, count*classes)
		for i := range logp {
			logp[i] = -9
		}
		for at := range count {
			logp[at*classes+blank], logp[at*classes+classOf('<')] = c.blank, c.character
		}
		if got := empty(logp, end, count, 1, c.clear); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if empty(make([]float32, count*classes), count-3, count, 1, true) {
		t.Error("what lies beyond the strip was taken for empty")
	}
}
