package scan

import (
	"encoding/hex"
	"math/bits"

	"okno/review/scan/ocrb"
	"okno/review/scan/quality"
)

// Verdict is what becomes of an uploaded file.
type Verdict string

// The four verdicts, from good to bad.
const (
	Accept      Verdict = "accept"
	AcceptStrip Verdict = "accept-strip" // fine once everything but the picture is gone
	Review      Verdict = "review"       // accepted; the reviewer sees a note
	Reject      Verdict = "reject"       // refused; the applicant is told why
)

// Stored tells whether the file is kept.
func (v Verdict) Stored() bool { return v == Accept || v == AcceptStrip || v == Review }

// Reason is a stable code; texts live in the catalogue.
type Reason string

// Every reason and note the engine can give.
const (
	ReasonEmpty           Reason = "empty"
	ReasonTooLarge        Reason = "too-large"
	ReasonTypeMismatch    Reason = "type-mismatch"
	ReasonDecode          Reason = "decode"
	ReasonResolution      Reason = "resolution"
	ReasonDimensions      Reason = "dimensions"
	ReasonScans           Reason = "scans"
	ReasonActiveContent   Reason = "active-content"
	ReasonEncrypted       Reason = "encrypted"
	ReasonPages           Reason = "pages"
	ReasonBomb            Reason = "bomb"
	ReasonTimeout         Reason = "timeout"
	ReasonNoRasterizer    Reason = "no-rasterizer"
	ReasonTrailingData    Reason = "trailing-data"
	ReasonMetadata        Reason = "metadata"
	ReasonGrayscale       Reason = "grayscale"
	ReasonEditingSoftware Reason = "editing-software"
	ReasonDecodeWarning   Reason = "decode-warning"
	ReasonLink            Reason = "link"
	ReasonForm            Reason = "form"
	ReasonRepaired        Reason = "repaired"
	ReasonPolyglot        Reason = "polyglot"
	ReasonGPS             Reason = "gps"
	ReasonBlur            Reason = "blur"
	ReasonDark            Reason = "dark"
	ReasonBright          Reason = "bright"
	ReasonGlare           Reason = "glare"
	ReasonCut             Reason = "cut"
	ReasonSkew            Reason = "skew"
	ReasonNoLines         Reason = "no-lines"
	ReasonNoPortrait      Reason = "no-portrait"
	ReasonRetake          Reason = "retake"
	ReasonMalware         Reason = "malware"
	ReasonScanner         Reason = "scanner"     // must be asked, and does not answer
	ReasonNotScanned      Reason = "not-scanned" // may be asked, and does not answer
)

// Level says whom a note concerns and how much.
type Level int

// The levels, ascending. The highest one among the notes decides the verdict of an accepted file.
const (
	Advice   Level = iota // for the applicant: a better picture would help
	Stripped              // removed while re-encoding
	Attend                // for the reviewer
)

// Note is one finding about an accepted file. Page is 0 when it concerns the whole file.
type Note struct {
	Code   Reason
	Level  Level
	Page   int
	Retake bool // the page is so poor that a new picture should be asked for
}

// Refusal is how a part of the engine says that the file is not acceptable.
type Refusal struct {
	Reason Reason
	Detail string // for engineers; never holds file content
}

// Error implements error.
func (r *Refusal) Error() string { return "scan refused (" + string(r.Reason) + "): " + r.Detail }

// Format is one of the two formats people may send.
type Format string

// The accepted formats; the zero value stands for anything else.
const (
	JPEG Format = "jpeg"
	PDF  Format = "pdf"
)

// Page is one page as reviewers see it: drawn and encoded by us, free of everything the sender put around it.
type Page struct {
	Number        int
	JPEG          []byte // quality 88, long side at most 2400
	Width, Height int
	Thumb         []byte // JPEG, long side at most 320
	DHash         DHash
	Quality       quality.Metrics
	Drawn         bool // by the rasterizer: the quality of a photograph says nothing about it

	Turned   int           // by how much the page was turned clockwise because its lines stood on their side or head
	Reading  *ocrb.Reading // of the machine-readable lines; nil when nobody looked for any. Places are on the page as it is here
	Portrait *Portrait     // nil when nobody looked for a face
	Origin   Origin        // of the photograph that the page is; empty for drawn pages
	Texts    []Text        // what a text reader suggests
}

// Report is the outcome of one inspection.
type Report struct {
	Verdict Verdict
	Reason  Reason // why it is not a plain accept; empty for Accept
	Detail  string // for engineers; never holds file content
	Notes   []Note
	Format  Format // by content; empty for refused types
	Actual  string // what the content is: jpeg, pdf, png, heic, avif, gif, webp, tiff, bmp, svg, html, zip, exe, text, unknown
	Pages   []Page // none when rejected
	SHA256  [32]byte
	DHash   DHash           // of the first page
	Quality quality.Metrics // of the first page
}

// DHash is a 256-bit difference hash of a whole page. It recognises a picture that was saved again.
type DHash [32]byte

// Distance counts the differing bits. Up to 40 means the same picture re-saved.
func (d DHash) Distance(other DHash) int {
	n := 0
	for i := range d {
		n += bits.OnesCount8(d[i] ^ other[i])
	}
	return n
}

// String is the hash in hexadecimal digits.
func (d DHash) String() string { return hex.EncodeToString(d[:]) }
