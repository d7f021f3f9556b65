//go:build race

package quality_test

// slow tells that the race detector makes arithmetic many times slower: a part
// of the specimens is enough then, for make test runs all of them without it.
const slow = true
