//go:build !race

package portrait_test

const slow = false
