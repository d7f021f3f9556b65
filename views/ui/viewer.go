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
}

// ScanDocument is one document of the case.
type ScanDocument struct {
	ID    string
	Label string
	// Download is the address of the original, offered as a file only.
	Download string
	// Mark is the verdict so far.
	Mark  Mark
	Pages []ScanPage
}

// ScanPage is one page as an image. Href is the page of the desk with this scan shown, for
// browsers without scripts; Thumb a small image.
type ScanPage struct {
	ID    string
	URL   string
	Thumb string
	Href  string
	Label string
	Alt   string
}

type shownPage struct {
	doc  ScanDocument
	page ScanPage
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
