package signin

import (
	"crypto/rand"
	"strings"
	"testing"
)

// DrawCode draws a code as the service does.
func DrawCode() (string, error) { return newCode(rand.Reader) }

// Roots counts the words of both lists.
func Roots() (latin, cyrillic int) {
	count := func(name string) int {
		text, err := rootFiles.ReadFile(name)
		if err != nil {
			return 0
		}
		return len(strings.Fields(string(text)))
	}
	return count("roots/latin.txt"), count("roots/cyrillic.txt")
}

// RootText returns both lists as they are embedded.
func RootText(t *testing.T) string {
	t.Helper()
	var all string
	for _, name := range []string{"roots/latin.txt", "roots/cyrillic.txt"} {
		text, err := rootFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
	}
	return all
}
