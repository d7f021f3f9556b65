// Package tesseract reads the print of some papers with the program of that name, when it is installed with
// Russian and English: suggestions for people, with confidence and place, on which no decision rests.
//
//	reader, ok := tesseract.Find(ctx)
//	if !ok {
//		// leave scan.Inspector.Texts nil: nothing else changes
//	}
//
// The program is a child on a short leash: the picture goes in through a pipe and words come out through a pipe,
// its environment is empty but for the number of threads, and memory, processor time and files are limited.
package tesseract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/review"
	"okno/review/scan"

	"golang.org/x/image/draw"
)

const (
	// Side is the long side of the pictures that are read.
	Side = 1600

	languages = "rus+eng"
	maxOutput = 1 << 20
	// The shell counts address space in KiB and file size in blocks of 512 bytes.
	limits = `ulimit -c 0; ulimit -v 786432 && ulimit -t 6 && ulimit -f 2048 && exec "$0" "$@"`
)

// Reader runs tesseract. The zero value does not work; use Find.
type Reader struct {
	shell, program string
}

var _ scan.TextReader = Reader{}

// ErrProgram says that the program failed, or wrote what cannot be understood.
var ErrProgram = errors.New("tesseract: no usable answer")

// Find looks for the program with both languages, and for a shell. The interface is nil when something is missing.
func Find(ctx context.Context) (scan.TextReader, bool) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, false
	}
	r, err := With(program)
	if err != nil {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := r.run(ctx, nil, "--list-langs")
	installed := strings.Fields(string(out))
	if err != nil || !slices.Contains(installed, "rus") || !slices.Contains(installed, "eng") {
		return nil, false
	}
	return r, true
}

// With makes a reader that runs the given program.
func With(program string) (Reader, error) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		return Reader{}, fmt.Errorf("shell: %w", err)
	}
	return Reader{shell: shell, program: program}, nil
}

// Texts implements [scan.TextReader].
func (r Reader) Texts(ctx context.Context, paper scan.Paper, img image.Image) ([]scan.Text, error) {
	gray := reduced(img)
	w, h := gray.Rect.Dx(), gray.Rect.Dy()
	in := append(fmt.Appendf(nil, "P5\n%d %d\n255\n", w, h), gray.Pix...)
	// Sparse text: papers are forms, with values beside and below their labels.
	out, err := r.run(ctx, in, "-", "-", "-l", languages, "--psm", "11", "tsv")
	if err != nil {
		return nil, err
	}
	lines, err := parse(out, w, h)
	if err != nil {
		return nil, err
	}
	return suggest(paper, lines), nil
}

// reduced makes a gray picture of bounded size without gaps between its rows.
func reduced(img image.Image) *image.Gray {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > Side {
		w, h = max(1, w*Side/long), max(1, h*Side/long)
	}
	gray := image.NewGray(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(gray, gray.Rect, img, b, draw.Src, nil)
	return gray
}

func (r Reader) run(ctx context.Context, in []byte, arguments ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "okno-text-")
	if err != nil {
		return nil, fmt.Errorf("working folder: %w", err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.shell, append([]string{"-c", limits, r.program}, arguments...)...)
	cmd.Env = []string{"OMP_THREAD_LIMIT=1"}
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(in)
	cmd.WaitDelay = time.Second
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: start", ErrProgram)
	}
	out, readErr := io.ReadAll(io.LimitReader(pipe, maxOutput+1))
	if len(out) > maxOutput {
		cancel()
	}
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil && len(out) <= maxOutput:
		return nil, ctx.Err()
	case len(out) > maxOutput, readErr != nil, waitErr != nil:
		return nil, ErrProgram
	}
	return out, nil
}

// word is one word of the print.
type word struct {
	text       string
	confidence float64
	box        review.Area
}

// line is a row of words.
type line struct {
	words []word
}

func (l line) text() string {
	parts := make([]string, len(l.words))
	for i, w := range l.words {
		parts[i] = w.text
	}
	return strings.Join(parts, " ")
}

// parse reads the table that the program writes: twelve columns, level 5 for words.
func parse(out []byte, w, h int) (lines []line, err error) {
	last := ""
	for row := range strings.Lines(string(out)) {
		c := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if len(c) != 12 {
			return nil, ErrProgram
		}
		text := strings.TrimSpace(c[11])
		if c[0] != "5" || text == "" {
			continue
		}
		var box [4]float64
		for i := range box {
			if box[i], err = strconv.ParseFloat(c[6+i], 64); err != nil {
				return nil, ErrProgram
			}
		}
		confidence, err := strconv.ParseFloat(c[10], 64)
		if err != nil {
			return nil, ErrProgram
		}
		if place := strings.Join(c[1:5], "."); place != last || len(lines) == 0 {
			lines, last = append(lines, line{}), place
		}
		l := &lines[len(lines)-1]
		l.words = append(l.words, word{text, min(max(confidence/100, 0), 1), review.Area{
			X: box[0] / float64(w), Y: box[1] / float64(h), W: box[2] / float64(w), H: box[3] / float64(h),
		}})
	}
	return lines, nil
}
