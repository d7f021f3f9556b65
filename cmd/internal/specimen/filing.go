package specimen

import "image"

// Filing is a file with the picture and the thumbnail that the desk makes of
// its page when it is sent in.
type Filing struct {
	Name          string
	Original      []byte // what the applicant sends: JPEG or PDF
	Page, Thumb   []byte // JPEG; the thumbnail's long side is 320
	Width, Height int    // of the page, in pixels
}

// thumbSide is the long side of a thumbnail in pixels.
const thumbSide = 320

// Filing draws one scan of the case once and returns all that is kept of it.
// It is safe to call from several goroutines.
func (c Case) Filing(s Scan) Filing {
	paper := c.draw(s)
	defer paper.recycle()
	var m image.Image = degrade(paper.RGBA, s, c.face)
	f := Filing{Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	if m == image.Image(paper.RGBA) {
		f.Page = paper.encode()
	} else {
		f.Page = encode(m)
	}
	f.Name, f.Original = fileOf(s, f.Page)
	f.Thumb = encode(scaled(m, thumbSide*f.Width/max(f.Width, f.Height)))
	return f
}
