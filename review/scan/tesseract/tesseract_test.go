package tesseract_test

import (
	"context"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/review/scan"
	"okno/review/scan/tesseract"
)

func page(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "specimens", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestSpecimens reads clean papers with the real program.
func TestSpecimens(t *testing.T) {
	reader, ok := tesseract.Find(t.Context())
	if !ok {
		t.Fatal("tesseract with Russian and English is missing: install tesseract-ocr and tesseract-ocr-rus (make test does)")
	}
	for _, c := range []struct {
		file  string
		paper scan.Paper
		want  map[string]string
	}{
		{"s048_migration-card.jpg", scan.MigrationCard, map[string]string{"series": "4820", "number": "5153801"}},
		{"s052_insurance.jpg", scan.InsurancePolicy, map[string]string{
			"number": "SPEC-96754456", "valid-from": "2026-09-25", "valid-to": "2027-09-24", "birth-date": "1957-12-13"}},
		{"s043_rf-passport.jpg", scan.RussianPassport, map[string]string{
			"surname": "ПРИМЕРНЫЙ", "given-name": "ПРОБЕГАЙ", "patronymic": "МОДЕЛЕВИЧ", "birth-date": "1952-05-17",
			"issue-date": "2024-12-31", "division-code": "435-277"}},
	} {
		texts, err := reader.Texts(t.Context(), c.paper, page(t, c.file))
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		got := map[string]string{}
		for _, x := range texts {
			got[x.Code] = x.Value
			if b := x.Box; x.Confidence <= 0 || x.Confidence > 1 || b.X < 0 || b.Y < 0 || b.W <= 0 || b.H <= 0 || b.X+b.W > 1 || b.Y+b.H > 1 {
				t.Errorf("%s: %+v", c.file, x)
			}
		}
		t.Logf("%s: %v", c.file, got)
		for code, value := range c.want {
			if got[code] != value {
				t.Errorf("%s: %s is %q, want %q", c.file, code, got[code], value)
			}
		}
	}
}

// script is a program in tesseract's place.
func script(t *testing.T, text string) tesseract.Reader {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := tesseract.With(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// table is an answer of the program with one line of words.
func table(words ...string) string {
	out := "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
	for i, w := range words {
		out += "5\t1\t1\t1\t1\t1\t" + string(rune('0'+i)) + "0\t10\t8\t8\t91.5\t" + w + "\n"
	}
	return out
}

func TestTroubles(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	answer := table("№", "SPEC-12345")
	for name, c := range map[string]struct {
		script string
		texts  int
		err    error
	}{
		"answers":          {"cat >/dev/null\ncat <<'END'\n" + answer + "END", 1, nil},
		"does not listen":  {"exec 0<&-\ncat <<'END'\n" + answer + "END", 1, nil},
		"sees nothing":     {"cat >/dev/null", 0, nil},
		"dies":             {"kill -9 $$", 0, tesseract.ErrProgram},
		"fails":            {"cat >/dev/null\nexit 1", 0, tesseract.ErrProgram},
		"writes something": {"cat >/dev/null\necho stream: OK", 0, tesseract.ErrProgram},
		"breaks off":       {"cat >/dev/null\nprintf '%s' '5\t1\t1\t1\t1\t1\t10'", 0, tesseract.ErrProgram},
		"writes forever":   {"cat >/dev/null\nwhile :; do echo " + strings.Repeat("x", 4000) + "; done", 0, tesseract.ErrProgram},
		"fills the disk":   {"cat >/dev/null\nhead -c 3000000 /dev/zero >file || exit 1", 0, tesseract.ErrProgram},
	} {
		texts, err := script(t, c.script).Texts(t.Context(), scan.InsurancePolicy, img)
		if len(texts) != c.texts || !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: %v %v", name, texts, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := script(t, "exec sleep 600").Texts(ctx, scan.InsurancePolicy, img); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hangs: %v", err)
	}
	if _, err := script(t, `test -z "$HOME$PATH_INFO$OKNO_DATA$USER" && test "$OMP_THREAD_LIMIT" = 1 || exit 1`).Texts(t.Context(), scan.AnyPaper, img); err != nil {
		t.Errorf("the environment reaches the child: %v", err)
	}
}

// A page of another kind suggests nothing.
func TestOtherPapers(t *testing.T) {
	r := script(t, "cat >/dev/null\ncat <<'END'\n"+table("№", "SPEC-12345", "Фамилия", "ОБРАЗЦОВ")+"END")
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	for _, paper := range []scan.Paper{scan.AnyPaper, scan.Letter, scan.Passport} {
		if texts, err := r.Texts(t.Context(), paper, img); len(texts) != 0 || err != nil {
			t.Errorf("%q: %v %v", paper, texts, err)
		}
	}
}
