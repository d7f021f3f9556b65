// Package poppler draws PDF pages with pdftoppm, a child process on a short leash.
//
//	raster, ok := poppler.Find()
//	if !ok {
//		// pdftoppm is not installed: leave scan.Inspector.Rasterizer nil
//	}
//
// The document goes in through a pipe and pixels come out through a pipe, so no plain copy of it touches the
// disk. The child has an empty environment, 768 MB of address space, 5 s of processor time, 30 MB for any
// file it might write and 10 s on the clock. The document was inspected before: page sizes, pictures and
// active content are already bounded when it arrives here.
package poppler

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"okno/review/scan"
)

const (
	wall = 10 * time.Second
	// The shell counts address space in KiB and file size in blocks of 512 bytes.
	limits = `ulimit -c 0; ulimit -v 786432 && ulimit -t 5 && ulimit -f 61440 && exec "$0" "$@"`
)

// Rasterizer runs pdftoppm. The zero value does not work; use Find.
type Rasterizer struct {
	shell, program string
}

var _ scan.Rasterizer = Rasterizer{}

// Find looks for pdftoppm and a shell on the path. The interface is nil when either is missing.
func Find() (scan.Rasterizer, bool) {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		return nil, false
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil, false
	}
	return Rasterizer{shell: shell, program: program}, true
}

// Rasterize implements scan.Rasterizer. Neighbouring pages share one child.
func (r Rasterizer) Rasterize(ctx context.Context, pdf []byte, pages []int, longSide int, yield func(int, image.Image) error) error {
	ctx, cancel := context.WithTimeout(ctx, wall)
	defer cancel()
	for len(pages) > 0 {
		n := 1
		for n < len(pages) && pages[n] == pages[n-1]+1 {
			n++
		}
		if err := r.run(ctx, pdf, pages[0], pages[n-1], longSide, yield); err != nil {
			return err
		}
		pages = pages[n:]
	}
	return nil
}

func (r Rasterizer) run(ctx context.Context, pdf []byte, first, last, longSide int, yield func(int, image.Image) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir, err := os.MkdirTemp("", "okno-draw-")
	if err != nil {
		return fmt.Errorf("working folder: %w", err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, r.shell, "-c", limits, r.program, "-q", "-cropbox",
		"-f", strconv.Itoa(first), "-l", strconv.Itoa(last), "-scale-to", strconv.Itoa(longSide), "-")
	cmd.Env = []string{}
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(pdf)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start pdftoppm: %w", err)
	}
	readErr := pixels(out, first, last, longSide, yield)
	if readErr != nil {
		cancel()
	}
	waitErr := cmd.Wait()
	return verdict(ctx, readErr, waitErr)
}

// verdict decides which of the errors tells the story.
func verdict(ctx context.Context, readErr, waitErr error) error {
	var refusal *scan.Refusal
	cut := errors.Is(readErr, io.EOF) || errors.Is(readErr, io.ErrUnexpectedEOF)
	switch {
	case readErr == nil && waitErr == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &scan.Refusal{Reason: scan.ReasonBomb, Detail: "drawing took too long"}
	case errors.As(readErr, &refusal):
		return readErr
	case readErr != nil && !cut:
		return readErr
	}
	var exit *exec.ExitError
	if errors.As(waitErr, &exit) && exit.ProcessState != nil && !exit.Exited() {
		return &scan.Refusal{Reason: scan.ReasonBomb, Detail: "drawing went over its limits"}
	}
	return &scan.Refusal{Reason: scan.ReasonDecode, Detail: "pdftoppm could not draw the page"}
}

// pixels reads the pictures of the pages first to last as they come, one at a time.
func pixels(r io.Reader, first, last, longSide int, yield func(int, image.Image) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for n := first; n <= last; n++ {
		img, err := portable(in, longSide)
		if err != nil {
			return err
		}
		if err := yield(n, img); err != nil {
			return err
		}
	}
	return nil
}

// portable reads one picture in the binary PPM format and nothing it does not expect.
func portable(in *bufio.Reader, longSide int) (image.Image, error) {
	var w, h, depth int
	if err := header(in, &w, &h, &depth); err != nil {
		return nil, err
	}
	if w < 1 || h < 1 || w > longSide+1 || h > longSide+1 || depth != 255 {
		return nil, &scan.Refusal{Reason: scan.ReasonDecode, Detail: "unexpected size of a drawn page"}
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	row := make([]byte, 3*w)
	for y := range h {
		if _, err := io.ReadFull(in, row); err != nil {
			return nil, err
		}
		dst := img.Pix[y*img.Stride:]
		for x := range w {
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = row[3*x], row[3*x+1], row[3*x+2], 255
		}
	}
	return img, nil
}

func header(in *bufio.Reader, values ...*int) error {
	var magic [2]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil {
		return err
	}
	bad := &scan.Refusal{Reason: scan.ReasonDecode, Detail: "unexpected output of pdftoppm"}
	if string(magic[:]) != "P6" {
		return bad
	}
	for _, v := range values {
		digits := 0
		for {
			c, err := in.ReadByte()
			if err != nil {
				return err
			}
			if c >= '0' && c <= '9' {
				*v = *v*10 + int(c-'0')
				if digits++; digits > 6 {
					return bad
				}
				continue
			}
			if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				return bad
			}
			if digits > 0 {
				break
			}
		}
	}
	return nil
}
