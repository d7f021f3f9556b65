package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// moreMemory is what sixty-four uploads at once may take, in MiB, beyond what a few
// one after the other do.
const moreMemory = 64

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that the process had since it was asked last, in MiB.
func (p *process) peak(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells the most memory that a process had")
	}
	at := "/proc/" + strconv.Itoa(p.Process.Pid)
	text, err := os.ReadFile(at + "/status")
	if err != nil {
		t.Fatal(err)
	}
	m := peakLine.FindSubmatch(text)
	if m == nil {
		t.Fatalf("no peak is told:\n%s", text)
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at+"/clear_refs", []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}

// TestUploadsStayOutOfMemory sends sixty-four large photos at once to the real
// program, while some links are slow and some break.
func TestUploadsStayOutOfMemory(t *testing.T) {
	const many = 60 // and four bad links: an address may hold 64 connections
	dir := filepath.Join(t.TempDir(), "data")
	var people []*browser
	t.Run("prepare", func(t *testing.T) {
		h := houseIn(t, dir, io.Discard)
		for range many + 4 {
			by := h.applicant(review.ForeignCitizen)
			h.draft(by, review.ForeignCitizen)
			people = append(people, h.browse("", h.accountToken(by.Account)))
		}
	})
	file, err := os.ReadFile(filepath.Join(specimens, "s001_passport.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	// What follows a picture is cut off, and lines that are found are read soon: looking at it is quick.
	file = append(file, make([]byte, web.MaxFile-len(file)-100)...)
	env := surroundings(t, dir)
	p := launchProcess(t, env, "serve")
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = p.Wait()
	})
	stored := atomic.Int32{}
	send := func(n int) {
		b := people[n]
		b.base, b.client.Timeout = p.base, 3*time.Minute
		own := slices.Insert(slices.Clone(file), 2, comment(n)...)
		a, err := b.upload(t.Context(), link.Upload("passport"), "SPECIMEN.jpg", own)
		switch { // a busy machine may ask to come again, or take too long over a picture
		case err != nil || a.status != 303 && a.status != 503 && a.status != 422:
			t.Errorf("upload %d: %d, %v", n, a.status, err)
		case a.status == 303:
			stored.Add(1)
		}
		b.client.CloseIdleConnections()
	}
	start := p.peak(t)
	for range 4 {
		send(0)
	}
	few := p.peak(t)
	for n := range 4 { // never complete
		b := people[many+n]
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		kind, body := multipartForm(b.csrf, "SPECIMEN.jpg", file)
		if _, err := fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: %s\r\nContent-Length: %d\r\nCookie: %s=%s\r\n\r\n%s",
			link.Upload("passport"), kind, len(body), web.ApplicantCookie, b.token, body[:len(body)*(n+1)/5]); err != nil {
			t.Error(err)
		}
	}
	began := time.Now()
	var wg sync.WaitGroup
	for n := range many {
		wg.Go(func() { send(n) })
	}
	wg.Wait()
	all := p.peak(t)
	t.Logf("%d uploads of %d KiB in %s, %d stored: %d MiB at the start, %d after a few, %d at most", many+4, len(file)>>10, time.Since(began).Round(time.Second), stored.Load(), start, few, all)
	if stored.Load() < 8 {
		t.Errorf("only %d were stored", stored.Load())
	}
	if all-few > moreMemory {
		t.Errorf("%d uploads at once take %d MiB more than a few, want at most %d", many, all-few, moreMemory)
	}
}
