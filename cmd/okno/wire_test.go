package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// listening is a desk that answers on a loopback port.
func (h *house) listening() (addr string) {
	h.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(h.t.Context(), "tcp", "127.0.0.1:0")
	h.must(err)
	ended := make(chan error, 1)
	go func() { ended <- h.app.Serve(l) }()
	h.t.Cleanup(func() {
		_ = h.app.Stop(1100 * time.Millisecond)
		<-ended
	})
	return l.Addr().String()
}

// exchange sends raw bytes and reads every answer until the other side is done
// or silent for a moment.
func exchange(t *testing.T, addr string, raw string, silence time.Duration) (statuses []int, body string) {
	t.Helper()
	c, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, raw); err != nil && !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "broken pipe") {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	for {
		if err := c.SetReadDeadline(time.Now().Add(silence)); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses, body
		}
		b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		resp.Body.Close()
		statuses = append(statuses, resp.StatusCode)
		body += string(b)
		if err != nil {
			return statuses, body
		}
	}
}

const hidden = "GET /demo/mailbox.json HTTP/1.1\r\nHost: desk.example.org\r\n\r\n"

// TestParserIsStrict speaks HTTP by hand: what is malformed is refused, and no
// byte after a refusal is taken for another request.
func TestParserIsStrict(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	addr := h.listening()
	applicant := h.call(asApplicant)
	host := "Host: desk.example.org\r\n"
	cookie := "Cookie: " + web.ApplicantCookie + "=" + applicant.who.token + "\r\n"
	form := "Content-Type: application/x-www-form-urlencoded\r\n"
	long := strings.Repeat("x", 100<<10)
	filled := strings.Repeat("a", 20000)
	entries := h.entries()
	var wg sync.WaitGroup
	for name, k := range map[string]struct {
		raw  string
		want []int // the one answer; none: the connection is closed without
	}{
		"plain":                  {"GET /healthz HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", []int{200}},
		"two hosts":              {"GET /healthz HTTP/1.1\r\n" + host + "Host: evil.example\r\n\r\n", []int{400}},
		"no host":                {"GET /healthz HTTP/1.1\r\n\r\n", []int{400}},
		"bare line feeds":        {"GET /healthz HTTP/1.1\nHost: desk.example.org\n\n", []int{400}},
		"bare line feed inside":  {"GET /healthz HTTP/1.1\r\n" + host + "X-A: b\nX-C: d\r\n\r\n", []int{400}},
		"zero byte in a header":  {"GET /healthz HTTP/1.1\r\n" + host + "X-A: b\x00c\r\n\r\n", []int{400}},
		"space before the colon": {"GET /healthz HTTP/1.1\r\n" + host + "X-A : b\r\n\r\n", []int{400}},
		"length and chunked":     {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, []int{400, 403, 413, 422}},
		"two lengths":            {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd" + hidden, []int{400}},
		"a negative length":      {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Length: -1\r\n\r\n" + hidden, []int{400}},
		"a signed length":        {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Length: +4\r\n\r\nabcd" + hidden, []int{400}},
		"unknown coding":         {"POST /sign-in HTTP/1.1\r\n" + host + form + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden, []int{400, 403, 422, 501}},
		"too long for the route": {"POST /sign-in HTTP/1.1\r\n" + host + form + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(long)) + long, []int{413}},
		"too long, hidden":       {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Length: 70000\r\n\r\n" + hidden, []int{413}},
		"compressed":             {"POST /sign-in HTTP/1.1\r\n" + host + form + "Content-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd", []int{422}},
		"refused early, hidden":  {"POST /apply/send HTTP/1.1\r\n" + host + form + fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{303}},
		"refused upload, hidden": {"POST /apply/documents/passport HTTP/1.1\r\n" + host + cookie + "Content-Type: multipart/form-data; boundary=x\r\n" + fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{403, 422}},
		"refused kept, hidden":   {"POST /apply/documents/passport HTTP/1.1\r\n" + host + "Content-Type: multipart/form-data; boundary=x\r\n" + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{303}},
		"unread, hidden":         {"GET /healthz HTTP/1.1\r\n" + host + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{200}},
		"no such page, hidden":   {"POST /nowhere HTTP/1.1\r\n" + host + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{404, 405}},
		"unknown method, hidden": {"BREW /healthz HTTP/1.1\r\n" + host + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(filled)+len(hidden)) + filled + hidden, []int{405, 400, 404, 501}},
		"upload too long":        {"POST /apply/documents/passport HTTP/1.1\r\n" + host + cookie + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 7000000\r\n\r\n" + hidden, []int{413}},
		"headers too long":       {"GET /healthz HTTP/1.1\r\n" + host + "X-A: " + strings.Repeat("a", 9000) + "\r\n\r\n", []int{431, 400}},
		"unknown method":         {"BREW /healthz HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", []int{405, 400, 404, 501}},
		"not HTTP":               {"hello\r\n\r\n", []int{400}},
		"absolute address":       {"GET http://evil.example/healthz HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", []int{200, 400}},
	} {
		wg.Go(func() {
			got, body := exchange(t, addr, k.raw, 2*time.Second)
			ok := len(got) == 0 && name != "plain"
			for _, status := range k.want {
				ok = ok || len(got) == 1 && got[0] == status
			}
			if !ok {
				t.Errorf("%s: answered %v, want one of %v", name, got, k.want)
			}
			if strings.Contains(body, "evil.example") || strings.Contains(body, "\"channel\"") {
				t.Errorf("%s: the answer holds what it must not", name)
			}
		})
	}
	wg.Wait()
	if n := h.entries(); n != entries {
		t.Errorf("%d entries in the audit log", n-entries)
	}
}

// TestSlowClientsAreCut keeps two halves of a request open: they are closed, and
// others are answered meanwhile.
func TestSlowClientsAreCut(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	addr := h.listening()
	var wg sync.WaitGroup
	for name, start := range map[string]string{
		"header": "GET /healthz HTTP/1.1\r\nHost: desk.example.org\r\nX-A: ",
		"body":   "POST /sign-in HTTP/1.1\r\nHost: desk.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n",
	} {
		wg.Go(func() {
			c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			began := time.Now()
			over := make(chan struct{})
			go func() {
				defer close(over)
				_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
				_, _ = io.Copy(io.Discard, c)
			}()
			_, err = io.WriteString(c, start)
			for err == nil {
				select {
				case <-over:
					err = io.EOF
				case <-time.After(500 * time.Millisecond):
					_, err = io.WriteString(c, "a")
				}
			}
			<-over
			if took := time.Since(began); took < 8*time.Second || took > 15*time.Second {
				t.Errorf("a slow %s was cut after %s", name, took.Round(time.Second))
			}
		})
	}
	wg.Go(func() {
		for range 8 {
			began := time.Now()
			a, err := h.browse("http://"+addr, "").get(t.Context(), "/healthz")
			if err != nil || a.status != 200 || time.Since(began) > 2*time.Second {
				t.Errorf("others: %d, %v, after %s", a.status, err, time.Since(began))
			}
			time.Sleep(time.Second)
		}
	})
	wg.Wait()
}

// TestUploadOverTheWire sends a real picture in a real multipart body and reads
// its page back.
func TestUploadOverTheWire(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.call(asApplicant)
	b := h.browse("http://"+h.listening(), c.who.token)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	a, err := b.upload(ctx, link.Upload("passport"), "SPECIMEN.jpg", picture())
	if err != nil || a.status != 303 {
		t.Fatalf("%d, %v", a.status, err)
	}
	s, err := h.submissions.ForAccount(ctx, c.actor.Account)
	h.must(err)
	doc, _ := s.Document(review.SlotPassport)
	page, err := b.get(ctx, link.OwnPage(string(doc.ID), "1", "page"))
	if err != nil || page.status != 200 || page.header.Get("Content-Type") != "image/jpeg" || len(page.body) < 1000 {
		t.Errorf("%d, %d bytes, %v", page.status, len(page.body), err)
	}
	if _, body := multipartForm(b.csrf, filepath.Base("x.jpg"), nil); len(body) == 0 {
		t.Error("no form")
	}
}
