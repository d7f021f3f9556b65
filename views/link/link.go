// Package link holds every address of the desk as a function, so that no
// template or handler spells one out. Identifiers are path parts; nothing
// personal ever stands in an address.
package link

import "net/url"

func query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Start is the public start page.
func Start() string { return "/" }

// Language switches the language of pages and returns to back.
func Language(to, back string) string { return query("/language", "to", to, "back", back) }

// Help explains the desk to applicants.
func Help() string { return "/help" }

// Accessibility is the accessibility statement.
func Accessibility() string { return "/accessibility" }

// Cookies tells which cookies are set.
func Cookies() string { return "/cookies" }

// Privacy tells what happens to personal data.
func Privacy() string { return "/privacy" }

// Session keeps the applicant's session alive.
func Session() string { return "/session" }

// StaffSession keeps a staff session alive.
func StaffSession() string { return "/desk/session" }
