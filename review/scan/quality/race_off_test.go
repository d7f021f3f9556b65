//go:build !race

package quality_test

const slow = false
