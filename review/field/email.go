package field

import (
	"regexp"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

var (
	dotAtom = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	label   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// longestTyped bounds what is worth converting: no valid address comes near.
const longestTyped = 2000

// Email checks an address and returns it with the domain in lower case and, where
// it is international, in punycode. The local part stays as typed; compare
// addresses by [EmailKey].
func Email(s string) (string, []Fault) {
	s = strings.TrimSpace(norm.NFC.String(s))
	if s == "" {
		return s, fault("empty")
	}
	local, host, _ := strings.Cut(s, "@")
	if len(s) > longestTyped {
		return s, fault("length")
	}
	if strings.Count(s, "@") != 1 || !printable(s) {
		return s, fault("format")
	}
	if len(local) > 64 || !dotAtom.MatchString(local) {
		return s, fault("local-part")
	}
	host, ok := mailDomain(host)
	if !ok {
		return s, fault("domain")
	}
	if s = local + "@" + host; len(s) > 254 {
		return s, fault("length")
	}
	return s, nil
}

// mailDomain turns a domain into its ASCII form and tests its labels.
func mailDomain(host string) (string, bool) {
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return host, false
	}
	labels := strings.Split(ascii, ".")
	for _, l := range labels {
		if !label.MatchString(l) {
			return host, false
		}
	}
	return ascii, len(labels) > 1 && !allDigits(labels[len(labels)-1])
}

// EmailKey is the form of a normal address under which it is unique.
func EmailKey(n string) string { return strings.ToLower(n) }
