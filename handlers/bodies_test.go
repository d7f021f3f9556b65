package handlers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// doorway serves with the real settings; behind it stands nothing but a counter.
type doorway struct {
	*bodies
	t    *testing.T
	addr string
	hold chan struct{} // what an upload waits for

	mu   sync.Mutex
	now  int // uploads at work
	most int
	got  map[string]int // bytes by address
}

// specimen is a body whose bytes are easily found again.
func specimen(n int) []byte { return bytes.Repeat([]byte("SPECIMEN"), n/8+1)[:n] }

func (d *doorway) take(r *fasthttp.RequestCtx) {
	body := r.Request.Body()
	if s := web.SpoolOf(r); s != nil {
		d.count(1)
		defer d.count(-1)
		<-d.hold
		var err error
		if body, err = io.ReadAll(s.Reader()); err != nil {
			d.t.Error(err)
		}
		for range 2 { // it may be read again
			if again, err := io.ReadAll(s.Reader()); err != nil || !bytes.Equal(again, body) {
				d.t.Error("the second reading differs", err)
			}
		}
	}
	if !bytes.Equal(body, specimen(len(body))) {
		d.t.Error("a body did not arrive as it was sent")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got[string(r.RequestURI())] = len(body)
	r.SetBodyString("taken\n")
}

func (d *doorway) count(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now += n
	d.most = max(d.most, d.now)
}

func (d *doorway) working() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func openDoor(t *testing.T) *doorway {
	t.Helper()
	kit := &web.Kit{Clock: review.SystemClock{}, IDs: review.RandomIDs{}, Log: slog.New(slog.DiscardHandler)}
	app := fiber.New(settings(Config{Kit: kit}))
	tune(app.Server())
	d := &doorway{t: t, hold: make(chan struct{}), got: map[string]int{}}
	s := app.Server()
	d.bodies = &bodies{next: d.take, fail: s.ErrorHandler, app: app, dir: t.TempDir(), turns: make(chan struct{}, uploadsAtWork), wait: 30 * time.Second}
	s.Handler = d.serve
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		l.Close()
		<-served
	})
	d.addr = l.Addr().String()
	return d
}

func (d *doorway) dial() net.Conn {
	d.t.Helper()
	c, err := (&net.Dialer{}).DialContext(d.t.Context(), "tcp", d.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(60 * time.Second))
	return c
}

func head(path string, size int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: desk.test\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n", path, size)
}

// send writes a whole request.
func (d *doorway) send(c net.Conn, path string, size int) {
	d.t.Helper()
	if _, err := c.Write(append([]byte(head(path, size)), specimen(size)...)); err != nil {
		d.t.Error(err)
	}
}

func answered(t *testing.T, r *bufio.Reader, want int) {
	t.Helper()
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != want {
		t.Errorf("answered %d, %v", answer.StatusCode, err)
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// Uploads take turns in memory. Whoever has a slow link, or goes away in the
// middle, takes nobody's.
func TestUploadsTakeTurns(t *testing.T) {
	d := openDoor(t)
	const many, size = 24, 1 << 20
	for range uploadsAtWork + 1 { // never complete
		c := d.dial()
		if _, err := c.Write(append([]byte(head(link.Upload("slow"), size)), specimen(20<<10)...)); err != nil {
			t.Fatal(err)
		}
	}
	gone := d.dial()
	if _, err := gone.Write(append([]byte(head(link.Upload("gone"), size)), specimen(size/2)...)); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	var wg sync.WaitGroup
	for n := range many {
		c := d.dial()
		wg.Go(func() {
			d.send(c, fmt.Sprintf("%s?n=%d", link.Upload("passport"), n), size)
			answered(t, bufio.NewReader(c), 200)
		})
	}
	eventually(t, "all turns are taken", func() bool { return d.working() == uploadsAtWork })
	eventually(t, "the rest is spooled", func() bool { return d.spools.Load() == many+uploadsAtWork+1 })
	c := d.dial() // meanwhile a form is answered at once
	d.send(c, "/apply/send", 2000)
	answered(t, bufio.NewReader(c), 200)
	if names, err := os.ReadDir(d.dir); err != nil || len(names) != 0 {
		t.Errorf("files of spools can be found: %v, %v", names, err)
	}
	close(d.hold)
	wg.Wait()
	if d.most != uploadsAtWork {
		t.Errorf("%d at the same time, want %d", d.most, uploadsAtWork)
	}
	if len(d.got) != many+1 {
		t.Errorf("%d bodies arrived, want %d", len(d.got), many+1)
	}
	for path, n := range d.got {
		if path != "/apply/send" && n != size {
			t.Errorf("%s: %d bytes", path, n)
		}
	}
	eventually(t, "places are free again", func() bool { return d.spools.Load() == uploadsAtWork+1 })
}

// Whoever waits for a turn too long is told to come again, and may do so over the
// same connection.
func TestUploadsWaitForATimeOnly(t *testing.T) {
	d := openDoor(t)
	d.wait = 50 * time.Millisecond
	var wg sync.WaitGroup
	for range uploadsAtWork {
		c := d.dial()
		wg.Go(func() {
			d.send(c, link.Upload("first"), 100<<10)
			answered(t, bufio.NewReader(c), 200)
		})
	}
	eventually(t, "all turns are taken", func() bool { return d.working() == uploadsAtWork })
	c := d.dial()
	r := bufio.NewReader(c)
	d.send(c, link.Upload("late"), 100<<10)
	answered(t, r, 503)
	close(d.hold)
	wg.Wait()
	d.send(c, link.Upload("late"), 100<<10)
	answered(t, r, 200)
}

// What lies in the file of a spool tells nothing.
func TestSpoolIsSealed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux lets a file without a name be read by another way")
	}
	dir := t.TempDir()
	s, err := web.NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	body := specimen(200_000)
	if err := s.Fill(bytes.NewReader(body), len(body), make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	links, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, l := range links {
		path := "/proc/self/fd/" + l.Name()
		if to, _ := os.Readlink(path); len(to) < len(dir) || to[:len(dir)] != dir {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) != len(body) {
			t.Fatal(len(raw), err)
		}
		found = true
		if bytes.Contains(raw, []byte("SPEC")) || bytes.Equal(raw[:64], raw[64:128]) {
			t.Error("the file shows what was sent")
		}
	}
	if !found {
		t.Error("no file")
	}
	short, err := web.NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer short.Close()
	if err := short.Fill(bytes.NewReader(body), len(body)+1, make([]byte, 1000)); err == nil {
		t.Error("half a body is taken for a whole one")
	}
}
