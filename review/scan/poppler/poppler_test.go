package poppler

import (
	"bufio"
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review/scan"
)

func find(t *testing.T) scan.Rasterizer {
	t.Helper()
	r, ok := Find()
	if !ok {
		t.Fatal("pdftoppm is missing: install poppler-utils (make test does)")
	}
	return r
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(append([]string{"..", "testdata"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestFindWithoutPath(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if r, ok := Find(); ok || r != nil {
		t.Error("found on an empty path")
	}
}

func TestDraws(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	var sizes []image.Point
	err := find(t).Rasterize(context.Background(), read(t, "specimens", "s060_lease.pdf"), []int{1}, 1000, func(n int, img image.Image) error {
		dark := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
					dark++
				}
			}
		}
		if n != 1 || dark < 1000 {
			t.Errorf("page %d has %d dark pixels", n, dark)
		}
		sizes = append(sizes, img.Bounds().Size())
		return nil
	})
	if err != nil || len(sizes) != 1 || max(sizes[0].X, sizes[0].Y) != 1000 {
		t.Errorf("%v %v", sizes, err)
	}
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOnlyWantedPages(t *testing.T) {
	var got []int
	err := find(t).Rasterize(context.Background(), read(t, "badfiles", "many_pages.pdf"), []int{2, 3, 7}, 200, func(n int, _ image.Image) error {
		got = append(got, n)
		return nil
	})
	if err != nil || !slices.Equal(got, []int{2, 3, 7}) {
		t.Errorf("%v %v", got, err)
	}
}

func TestRefuses(t *testing.T) {
	r := find(t)
	never := func(int, image.Image) error { return nil }
	var refusal *scan.Refusal
	for name, body := range map[string][]byte{"text": []byte("no document"), "password": read(t, "badfiles", "encrypted_user.pdf"), "empty": nil} {
		if err := r.Rasterize(context.Background(), body, []int{1}, 500, never); !errors.As(err, &refusal) || refusal.Reason != scan.ReasonDecode {
			t.Errorf("%s: %v", name, err)
		}
	}
	start := time.Now()
	if err := r.Rasterize(context.Background(), read(t, "badfiles", "plain_ok.pdf"), []int{4}, 500, never); !errors.As(err, &refusal) {
		t.Errorf("page that is not there: %v", err)
	}
	child := time.Since(start) // what any child takes on this machine at this moment
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start = time.Now()
	if err := r.Rasterize(ctx, read(t, "badfiles", "flate_bomb.pdf"), []int{1}, 500, never); !errors.As(err, &refusal) || refusal.Reason != scan.ReasonBomb {
		t.Errorf("bomb: %v", err)
	}
	if took := time.Since(start); took > 4*time.Second+10*child {
		t.Errorf("the child outlived its deadline: %v", took)
	}
	own := errors.New("own")
	if err := r.Rasterize(context.Background(), read(t, "badfiles", "plain_ok.pdf"), []int{1}, 500, func(int, image.Image) error { return own }); !errors.Is(err, own) {
		t.Errorf("error of the caller: %v", err)
	}
}

// TestLeash asks a child under the same limits what it may do.
func TestLeash(t *testing.T) {
	cmd := exec.Command("sh", "-c", limits, "sh", "-c", "ulimit -v; ulimit -t; ulimit -f; ulimit -c")
	cmd.Env = []string{}
	out, err := cmd.Output()
	if got := strings.Fields(string(out)); err != nil || !slices.Equal(got, []string{"786432", "5", "61440", "0"}) {
		t.Errorf("%q %v", got, err)
	}
	spin := exec.Command("sh", "-c", strings.Replace(limits, "-t 5", "-t 1", 1), "sh", "-c", "while :; do :; done")
	spin.Env = []string{}
	var exit *exec.ExitError
	if err := spin.Run(); !errors.As(err, &exit) || exit.Exited() {
		t.Errorf("a spinning child ended with %v", err)
	}
	if err := verdict(context.Background(), errEnd(t), spinError(t)); err == nil || err.(*scan.Refusal).Reason != scan.ReasonBomb {
		t.Errorf("killed child: %v", err)
	}
}

func errEnd(t *testing.T) error {
	t.Helper()
	_, err := portable(bufio.NewReader(strings.NewReader("")), 100)
	return err
}

func spinError(t *testing.T) error {
	t.Helper()
	return exec.Command("sh", "-c", "kill -9 $$").Run()
}

func TestPortable(t *testing.T) {
	for in, ok := range map[string]bool{
		"P6\n2 1\n255\nabcdef": true, "P6 2 1 255\nabcdef": true, "": false, "P5\n2 1\n255\nab": false, "P6\n2 1\n255\nabc": false,
		"P6\n200 1\n255\n": false, "P6\n0 1\n255\n": false, "P6\n2 1\n65535\nabcdefabcdef": false, "P6\n# x\n2 1\n255\nabcdef": false,
		"P6\n99999999999999999999 1\n255\n": false, "P6\n-1 1\n255\n": false,
	} {
		img, err := portable(bufio.NewReader(strings.NewReader(in)), 100)
		if (err == nil) != ok || ok && img.Bounds().Dx() != 2 {
			t.Errorf("%q: %v", in, err)
		}
	}
}
