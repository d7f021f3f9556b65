package main

import (
	"context"
	"time"

	"okno/cmd/internal/config"
	"okno/handlers/infoweb"
	"okno/review/scan"
	"okno/review/scan/clamd"
	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/poppler"
	"okno/review/scan/portrait"
	"okno/review/scan/tesseract"
)

// helpers are what the inspection of files has found outside of the program.
// All of them may be missing.
type helpers struct {
	raster  bool           // a PDF renderer
	reader  bool           // a reader of print
	scanner *clamd.Scanner // of malware; nil when none is set
	malware config.Malware
}

// inspector judges uploaded files with what is there.
func (k *desk) inspector() scan.Inspector {
	i := scan.Inspector{PDF: pdfdoc.Reader{}, Lines: ocrb.New(), Portraits: portrait.Finder{}, Timeout: k.config.Inspection}
	if k.config.Programs {
		if r, ok := poppler.Find(); ok {
			i.Rasterizer, k.helpers.raster = r, true
		}
		if r, ok := tesseract.Find(context.Background()); ok {
			i.Texts, k.helpers.reader = r, true
		}
	}
	k.helpers.malware = k.config.Malware
	if k.config.Malware.Address != "" {
		// The address was checked when the settings were read.
		if s, err := clamd.New(k.config.Malware.Address); err == nil {
			i.Malware, k.helpers.scanner = s, s
		}
	}
	i.MalwareRequired = k.config.Malware.Required
	return i
}

// facts are the helpers' lines of the system page.
func (h helpers) facts(ctx context.Context, f *infoweb.Facts) {
	if h.raster {
		f.Rasterizer = "pdftoppm"
	}
	if h.reader {
		f.TextReader = "tesseract"
	}
	f.Malware = infoweb.Scanner{Set: h.malware.Address != "", Required: h.malware.Required}
	if h.scanner != nil {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		f.Malware.Answers = h.scanner.Ping(ctx) == nil
	}
}
