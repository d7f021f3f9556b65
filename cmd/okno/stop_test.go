package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"okno/review"
	"okno/views/link"
)

// output is what a started program writes, readable while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// inside runs the program in this process until the context ends.
func inside(t *testing.T, ctx context.Context, env map[string]string, args ...string) (base string, done chan error, out *output) {
	t.Helper()
	done, out = make(chan error, 1), &output{}
	go func() { done <- run(ctx, args, func(name string) string { return env[name] }, out, out) }()
	for range 400 {
		if _, at, ok := strings.Cut(out.String(), "Okno is open at "); ok && strings.Contains(at, "\n") {
			base, _, _ = strings.Cut(at, "\n")
			return base, done, out
		}
		select {
		case err := <-done:
			t.Fatalf("the program ended: %v\n%s", err, out)
		case <-time.After(25 * time.Millisecond):
		}
	}
	t.Fatal("the program did not open")
	return "", nil, nil
}

// TestStopLosesNothing stops a desk in the middle of forty clients' work.
func TestStopLosesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var h *house
	var tokens []string
	t.Run("prepare", func(t *testing.T) {
		h = houseIn(t, dir, io.Discard)
		for range 8 {
			by := h.applicant(review.ForeignCitizen)
			h.draft(by, review.ForeignCitizen)
			tokens = append(tokens, h.accountToken(by.Account))
		}
	})
	env := surroundings(t, dir)
	env["OKNO_CHECKPOINTS"] = filepath.Join(t.TempDir(), "checkpoints")
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	base, done, _ := inside(t, ctx, env, "serve")

	var answered, unready, refusedAfter atomic.Int64
	var wg sync.WaitGroup
	stopped := make(chan struct{})
	for n := range 40 {
		b := h.browse(base, tokens[n%len(tokens)])
		wg.Go(func() {
			defer b.client.CloseIdleConnections()
			for {
				var a answer
				var err error
				switch n % 4 {
				case 0:
					a, err = b.send(t.Context(), link.Section("address"), "address", "г. Образцово, ул. Примерная, д. 7", "postal-index", "101000")
				case 1:
					a, err = b.get(t.Context(), "/readyz")
				default:
					a, err = b.get(t.Context(), link.Apply())
				}
				if err != nil {
					select {
					case <-stopped:
						if strings.Contains(err.Error(), "refused") {
							refusedAfter.Add(1)
							return
						}
						t.Errorf("a broken request: %v", err)
					default:
						t.Errorf("broken before the stop: %v", err)
					}
					return
				}
				answered.Add(1)
				switch {
				case a.status == 503 && n%4 == 1:
					unready.Add(1)
				case a.status >= 400:
					t.Errorf("%d", a.status)
					return
				}
			}
		})
	}
	time.Sleep(700 * time.Millisecond)
	close(stopped)
	began := time.Now()
	cancel()
	wg.Wait()
	stop(t, cancel, done)
	t.Logf("%d answered, %d times not ready, %d refused connections, stopped after %s", answered.Load(), unready.Load(), refusedAfter.Load(), time.Since(began).Round(time.Millisecond))
	if refusedAfter.Load() != 40 || answered.Load() < 40 {
		t.Errorf("%d clients were refused at the end, %d requests answered", refusedAfter.Load(), answered.Load())
	}
	if took := time.Since(began); took > stopTime {
		t.Errorf("stopping took %s", took)
	}
	lines, err := os.ReadFile(env["OKNO_CHECKPOINTS"])
	if err != nil || len(lines) == 0 {
		t.Errorf("the last checkpoint: %d bytes, %v", len(lines), err)
	}
	for range 100 {
		if runtime.NumGoroutine() <= before+3 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before+3 {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after\n%.6000s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
	t.Run("look", func(t *testing.T) {
		h := houseIn(t, dir, io.Discard)
		h.isWhole()
		report, err := h.history.Verify(t.Context())
		h.must(err)
		if report.Checkpoints == 0 {
			t.Error("no signed checkpoint")
		}
		f, err := h.Facts(t.Context())
		h.must(err)
		if f.Signed != int64(h.entries()) {
			t.Errorf("%d of %d entries are signed for", f.Signed, h.entries())
		}
	})
}

// TestSignalsEndTheProcess sends the shipped program the signal of a service
// manager; a second program beside it is refused, staff add is not.
func TestSignalsEndTheProcess(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	env := surroundings(t, dir)
	p := launchProcess(t, env, "serve", "-init")
	getenv := func(name string) string { return env[name] }
	if err := run(t.Context(), []string{"serve"}, getenv, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "another process uses this data folder") {
		t.Errorf("a second server: %v", err)
	}
	if err := run(t.Context(), []string{"migrate"}, getenv, io.Discard, io.Discard); err == nil {
		t.Error("migrate beside a running server")
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"staff", "add", "-name", "Анна Образцова", "-email", "anna@example.org", "-role", "reviewer,supervisor"}, getenv, &out, io.Discard); err != nil {
		t.Errorf("staff add beside a running server: %v", err)
	}
	path, ok := strings.CutPrefix(strings.TrimSpace(out.String()), env["OKNO_PUBLIC_URL"])
	if !ok || !strings.HasPrefix(path, link.Enrol("")) {
		t.Errorf("staff add printed %q", out.String())
	}
	resp, err := http.Get(p.base + path)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("the link answers %d", resp.StatusCode)
	}
	for _, args := range [][]string{
		{"staff", "add", "-name", "", "-email", "b@example.org", "-role", "reviewer"}, {"staff", "add", "-name", "Б", "-email", "not an address", "-role", "reviewer"},
		{"staff", "add", "-name", "Б", "-email", "b@example.org", "-role", "emperor"}, {"staff", "add", "-name", "Б", "-email", "b@example.org", "-role", "reviewer,administrator"},
	} {
		if err := run(t.Context(), args, getenv, io.Discard, io.Discard); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v", args, err)
		}
	}
	out.Reset()
	if err := run(t.Context(), []string{"audit", "verify"}, getenv, &out, io.Discard); err != nil || !strings.Contains(out.String(), "The log is whole.") {
		t.Errorf("audit verify beside a running server: %q, %v", out.String(), err)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("ended with %v: %s", err, p.log.String())
	}
	if strings.Contains(p.log.String(), "anna@") || strings.Contains(p.log.String(), strings.TrimPrefix(path, link.Enrol(""))) {
		t.Error("the log names somebody")
	}
}

// TestStartIsRefused: each reason is one clear line.
func TestStartIsRefused(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		spoil func(t *testing.T, dir string, env map[string]string)
		says  string
	}{
		"no folder": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}, "no desk in"},
		"no key": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.Remove(dir + ".key"); err != nil {
				t.Fatal(err)
			}
		}, "no usable key file"},
		"another key": {func(t *testing.T, dir string, _ map[string]string) {
			other := filepath.Join(t.TempDir(), "other")
			t.Run("other", func(t *testing.T) { houseIn(t, other, io.Discard) })
			if err := os.Rename(other+".key", dir+".key"); err != nil {
				t.Fatal(err)
			}
		}, "does not open this data folder"},
		"a key for everybody": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.Chmod(dir+".key", 0o444); err != nil {
				t.Fatal(err)
			}
		}, "not protected"},
		"a folder for everybody": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}, "open to others"},
		"a bad setting": {func(_ *testing.T, _ string, env map[string]string) { env["OKNO_DECISION_HOLD"] = "soon" }, "OKNO_DECISION_HOLD"},
		"no gateway":    {func(_ *testing.T, _ string, env map[string]string) { delete(env, "OKNO_SMS_URL") }, "OKNO_SMS_URL"},
		"a plain public URL": {func(_ *testing.T, _ string, env map[string]string) {
			env["OKNO_PUBLIC_URL"] = "http://desk.example.org"
		}, "OKNO_PUBLIC_URL"},
		"a demo folder": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.WriteFile(filepath.Join(dir, demoMark), []byte("ready"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "demo folder"},
		"a port in use": {func(_ *testing.T, _ string, env map[string]string) {
			env["OKNO_ADDR"] = strings.TrimPrefix(env["OKNO_SMS_URL"], "http://")
		}, "OKNO_ADDR"},
		"not a database": {func(t *testing.T, dir string, _ map[string]string) {
			if err := os.WriteFile(filepath.Join(dir, "okno.db"), bytes.Repeat([]byte("junk"), 4096), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "database"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			t.Run("make", func(t *testing.T) { houseIn(t, dir, io.Discard) })
			env := surroundings(t, dir)
			k.spoil(t, dir, env)
			var out, errs bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			err := run(ctx, []string{"serve"}, func(name string) string { return env[name] }, &out, &errs)
			if err == nil || !strings.Contains(err.Error(), k.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
			if strings.Contains(out.String(), "open at") {
				t.Error("it opened all the same")
			}
		})
	}
}
