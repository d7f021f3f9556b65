package review

// HeldPost is a form that somebody sent after the session had ended: it waits,
// sealed, until the same account signs in again. It prints as [redacted].
type HeldPost struct {
	Path     string              `json:"path"`
	Values   map[string][]string `json:"values"`
	HasFile  bool                `json:"hasFile,omitempty"`
	FileName string              `json:"fileName,omitempty"`
	File     []byte              `json:"file,omitempty"`
}

// String keeps personal data out of logs.
func (HeldPost) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (HeldPost) GoString() string { return "[redacted]" }
