package reviewtest

import (
	"os"
	"testing"
	"time"
)

// Brisk fails when a call takes longer than OKNO_FUZZ_LIMIT, a length of time such as
// 50ms, in the best of five tries: a busy machine is no fault. Without it nothing is
// called. A limit that cannot be read is a failure.
func Brisk(t testing.TB, what string, call func()) {
	t.Helper()
	wanted := os.Getenv("OKNO_FUZZ_LIMIT")
	if wanted == "" {
		return
	}
	limit, err := time.ParseDuration(wanted)
	if err != nil {
		t.Fatal(err)
	}
	best := time.Duration(1<<63 - 1)
	for try := 0; try < 5 && best > limit; try++ {
		began := time.Now()
		call()
		best = min(best, time.Since(began))
	}
	if best > limit {
		t.Errorf("%s took %s", what, best)
	}
}
