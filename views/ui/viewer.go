package ui

// Scans is everything the viewer shows: documents, each with its pages as images.
type Scans struct {
	// Label names the viewer for those who hear the page.
	Label string
	// Case keeps rotations apart: they are remembered per page while the case is open.
	Case      string
	Documents []ScanDocument
	// Current is the id of the page shown first, the first page when empty.
	Current string
	// Window is the address of a second window that shows the same, for another monitor; Alone
	// tells that this is that window.
	Window string
	Alone  bool
}

// ScanDocument is one document of the case.
type ScanDocument struct {
	ID    string
	Label string
	// Before is the id of the document that this one replaced.
	Before string
	// Mark is the verdict so far.
	Mark  Mark
	Pages []ScanPage
}

// ScanPage is one page as an image. Href is the page of the desk with this scan shown, for
// browsers without scripts; Thumb a small image. Label names the page within its document, empty
// when there is only one; Short is document and page in a few letters, for the strip. Turn is how
// far the page has to be turned clockwise to stand upright.
type ScanPage struct {
	ID    string
	URL   string
	Thumb string
	Href  string
	Label string
	Short string
	Alt   string
	Turn  int
}

type shownPage struct {
	doc  ScanDocument
	page ScanPage
}

// caption names document and page.
func (s shownPage) caption() string {
	if s.page.Label == "" {
		return s.doc.Label
	}
	return s.doc.Label + " · " + s.page.Label
}

// name is what the page is called to those who hear it: what the strip shows comes first.
func (s shownPage) name() string {
	if s.page.Short == "" {
		return s.caption()
	}
	return s.page.Short + ": " + s.caption()
}

// shown is the page the viewer starts with.
func (s Scans) shown() (shownPage, bool) {
	var first shownPage
	found := false
	for _, d := range s.Documents {
		for _, p := range d.Pages {
			if p.ID == s.Current {
				return shownPage{d, p}, true
			}
			if !found {
				first, found = shownPage{d, p}, true
			}
		}
	}
	return first, found
}

func (s Scans) isShown(p ScanPage) bool {
	at, ok := s.shown()
	return ok && at.page.ID == p.ID
}
