package scan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"okno/review/scan"
	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/poppler"
	"okno/review/scan/portrait"
)

// full is the inspector of a real desk with everything that is embedded.
func full() scan.Inspector {
	in := scan.Inspector{PDF: pdfdoc.Reader{}, Lines: ocrb.New(), Portraits: portrait.Finder{}, Timeout: patient}
	if r, ok := poppler.Find(); ok {
		in.Rasterizer = r
	}
	return in
}

// TestMain lets the test program serve as its own child: OKNO_INSPECT names files, and the child inspects them
// with as many workers as there are, or does nothing for the name "none".
func TestMain(m *testing.M) {
	list := os.Getenv("OKNO_INSPECT")
	if list == "" {
		os.Exit(m.Run())
	}
	in := full()
	names := make(chan string)
	var wg sync.WaitGroup
	for range scan.Workers {
		wg.Go(func() {
			for name := range names {
				body, err := os.ReadFile(name)
				if err == nil {
					_, err = in.InspectAs(context.Background(), scan.Passport, name, body)
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		})
	}
	for _, name := range filepath.SplitList(list) {
		if name != "none" {
			names <- name
		}
	}
	close(names)
	wg.Wait()
	os.Exit(0)
}

// cost is what a child used: the most memory that it or a program which it ran held at once, and processor time.
type cost struct {
	mib  int64
	time time.Duration
}

func inspectApart(t *testing.T, names ...string) cost {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program)
	child.Env = append(os.Environ(), "OKNO_INSPECT="+strings.Join(names, string(filepath.ListSeparator)))
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v %s", names, err, out)
	}
	usage := child.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{usage.Maxrss >> 10, child.ProcessState.UserTime() + child.ProcessState.SystemTime()}
}

// TestBounds holds every bad file, inspected in a process of its own, to 512 MiB and 5 seconds of processor time.
func TestBounds(t *testing.T) {
	if slow {
		t.Log("memory under the race detector says nothing; one file is inspected to see that it works")
		inspectApart(t, filepath.Join("testdata", "badfiles", "restart.jpg"))
		return
	}
	dir := filepath.Join("testdata", "badfiles")
	if other := os.Getenv("OKNO_BADFILES"); other != "" {
		dir = other
	}
	var manifest struct{ Items []struct{ File string } }
	if err := json.Unmarshal(read(t, filepath.Join(dir, "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Items) == 0 {
		t.Fatal("empty manifest")
	}
	var most, longest cost
	var large, late string
	for _, item := range manifest.Items {
		c := inspectApart(t, filepath.Join(dir, item.File))
		if c.mib > most.mib {
			most, large = c, item.File
		}
		if c.time > longest.time {
			longest, late = c, item.File
		}
		if c.mib > 512 || c.time > 5*time.Second {
			t.Errorf("%s: %d MiB, %v", item.File, c.mib, c.time)
		}
	}
	t.Logf("most memory: %d MiB (%s), most time: %v (%s)", most.mib, large, longest.time.Round(time.Millisecond), late)
}

// TestTwoWorkers holds two workers at ordinary photographs to 200 MiB above an idle process.
func TestTwoWorkers(t *testing.T) {
	if slow {
		t.Log("memory under the race detector says nothing")
		return
	}
	var names []string
	for _, n := range []string{"s001_passport.jpg", "s005_passport.jpg", "s009_passport.jpg", "s043_rf-passport.jpg", "s048_migration-card.jpg", "s055_passport.pdf"} {
		names = append(names, filepath.Join("testdata", "specimens", n), filepath.Join("testdata", "specimens", n))
	}
	idle, busy := inspectApart(t, "none"), inspectApart(t, names...)
	t.Logf("idle %d MiB, with two workers %d MiB, %v for %d files", idle.mib, busy.mib, busy.time.Round(time.Millisecond), len(names))
	if busy.mib-idle.mib > 200 {
		t.Errorf("two workers add %d MiB", busy.mib-idle.mib)
	}
}

// Without any outside program every bad file has the same verdict, but for PDFs that need to be drawn.
func TestManifestWithoutPrograms(t *testing.T) {
	dir := filepath.Join("testdata", "badfiles")
	var manifest struct {
		Items []struct{ File, Verdict, Reason string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	in, drawn := scan.Inspector{PDF: pdfdoc.Reader{}, Timeout: patient}, 0
	for _, item := range manifest.Items {
		report := inspect(t, in, item.File, read(t, filepath.Join(dir, item.File)))
		if report.Reason == scan.ReasonNoRasterizer && report.Verdict == scan.Reject && filepath.Ext(item.File) == ".pdf" {
			drawn++
			continue
		}
		if string(report.Verdict) != item.Verdict || item.Reason != "" && string(report.Reason) != item.Reason {
			t.Errorf("%s: %s %q (%s), want %s %q", item.File, report.Verdict, report.Reason, report.Detail, item.Verdict, item.Reason)
		}
	}
	if drawn == 0 || drawn > 12 {
		t.Errorf("%d files need a program", drawn)
	}
}
