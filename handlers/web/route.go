package web

import (
	"strings"
	"time"

	"okno/review"
)

// Handler answers one request. A returned error becomes a page or a redirect.
type Handler func(*Ctx) error

// Route is one method and path with the action that it stands for.
type Route struct {
	Method  string // GET (answers HEAD too) or POST
	Path    string // Fiber pattern, for instance /desk/cases/:id
	Action  review.Action
	Handler Handler

	// Upload routes take one file of up to MaxUpload in a multipart form;
	// all others take at most MaxForm bytes.
	Upload bool
	// Reads marks a handler that works on scans, which takes longer than others may.
	Reads bool
	// Hold keeps what was typed into the form, sealed, when the session has ended,
	// and sends it again after the same account has signed in.
	Hold bool
	// Background marks polls and prefetches that must not keep a session alive.
	Background bool
}

// Limits of request bodies, in bytes, and of the time a handler may take.
const (
	MaxForm      = 64 << 10
	MaxUpload    = 6 << 20
	MaxFile      = 5 << 20
	Deadline     = 10 * time.Second
	ScanDeadline = 60 * time.Second // uploads, and handlers that read scans
)

// Staff reports whether a path belongs to the staff side, which has its own
// session cookie.
func Staff(path string) bool {
	for _, p := range []string{"/desk", "/staff", "/admin", "/reports"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}
