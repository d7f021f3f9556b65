//go:build race

package scan_test

// slow tells that the race detector makes arithmetic many times slower and
// memory several times larger: make test runs these tests without it as well.
const slow = true
