package clamd_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/review/scan/clamd"
)

// patient is far longer than anything here takes on any machine.
const patient = 2 * time.Minute

// pretend is a daemon that treats every connection in its own way.
func pretend(t *testing.T, network string, treat func(net.Conn)) *clamd.Scanner {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); treat(c) }()
		}
	}()
	s, err := clamd.New(network + ":" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = patient
	return s
}

// stream reads a command and the file behind it.
func stream(c net.Conn) (command string, body []byte) {
	in := bufio.NewReader(c)
	command, _ = in.ReadString(0)
	for command == "zINSTREAM\x00" {
		var size uint32
		if binary.Read(in, binary.BigEndian, &size) != nil || size == 0 {
			break
		}
		part := make([]byte, size)
		if _, err := io.ReadFull(in, part); err != nil {
			break
		}
		body = append(body, part...)
	}
	return command, body
}

func TestAnswers(t *testing.T) {
	for answer, want := range map[string]struct {
		found bool
		err   error
	}{
		"stream: OK\x00":                               {false, nil},
		"stream: Specimen.UNOFFICIAL FOUND\x00":        {true, nil},
		"stream: OK":                                   {false, clamd.ErrAnswer}, // truncated
		"stream: Specimen FOU":                         {false, clamd.ErrAnswer},
		"stream: OK\x00stream: X FOUND\x00":            {false, clamd.ErrAnswer}, // two answers
		"stream:  FOUND\x00":                           {false, clamd.ErrAnswer},
		"OK\x00":                                       {false, clamd.ErrAnswer},
		"stream: ok\x00":                               {false, clamd.ErrAnswer},
		"INSTREAM size limit exceeded. ERROR\x00":      {false, clamd.ErrAnswer},
		"UNKNOWN COMMAND\x00":                          {false, clamd.ErrAnswer},
		"HTTP/1.1 400 Bad Request\r\n\r\n":             {false, clamd.ErrAnswer},
		strings.Repeat("stream: OK ", 10_000) + "\x00": {false, clamd.ErrAnswer},
		"": {false, clamd.ErrAway},
	} {
		for _, network := range []string{"tcp", "unix"} {
			s := pretend(t, network, func(c net.Conn) { stream(c); io.WriteString(c, answer) })
			found, err := s.Scan(t.Context(), []byte("SPECIMEN"))
			if found != want.found || !errors.Is(err, want.err) || want.err == nil && err != nil {
				t.Errorf("%s, %.40q: %v %v", network, answer, found, err)
			}
		}
	}
}

// The file arrives whole, whatever its size.
func TestTheFileArrivesWhole(t *testing.T) {
	for _, n := range []int{0, 1, 64 << 10, 64<<10 + 1, 5 << 20} {
		body := make([]byte, n)
		for i := range body {
			body[i] = byte(i * 7)
		}
		got := make(chan []byte, 1)
		s := pretend(t, "tcp", func(c net.Conn) {
			command, file := stream(c)
			if command != "zINSTREAM\x00" {
				file = nil
			}
			got <- file
			io.WriteString(c, "stream: OK\x00")
		})
		if found, err := s.Scan(t.Context(), body); found || err != nil {
			t.Fatal(n, found, err)
		}
		if file := <-got; string(file) != string(body) {
			t.Errorf("%d bytes arrived as %d", n, len(file))
		}
	}
}

// A daemon that hangs, dies, or is not there costs a moment and an error, never a verdict.
func TestTroubles(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	for name, treat := range map[string]func(net.Conn){
		"hangs at once":         func(net.Conn) { <-stop },
		"hangs before answer":   func(c net.Conn) { stream(c); <-stop },
		"hangs in its answer":   func(c net.Conn) { stream(c); io.WriteString(c, "stream: OK"); <-stop },
		"dies at once":          func(net.Conn) {},
		"dies while listening":  func(c net.Conn) { io.CopyN(io.Discard, c, 1000) },
		"dies before answering": func(c net.Conn) { stream(c) },
	} {
		s := pretend(t, "tcp", treat)
		s.Timeout = 300 * time.Millisecond
		if found, err := s.Scan(t.Context(), make([]byte, 4<<20)); found || err == nil {
			t.Errorf("%s: %v %v", name, found, err)
		}
		if err := s.Ping(t.Context()); err == nil {
			t.Errorf("%s: answers a ping", name)
		}
	}
	s, err := clamd.New(filepath.Join(t.TempDir(), "nobody"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Scan(t.Context(), nil); !errors.Is(err, clamd.ErrAway) {
		t.Errorf("nobody listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s = pretend(t, "unix", func(c net.Conn) { stream(c); cancel(); <-stop })
	if _, err := s.Scan(ctx, nil); !errors.Is(err, clamd.ErrAway) {
		t.Errorf("given up: %v", err)
	}
}

// A daemon that has heard enough answers early and closes: the answer counts.
func TestEarlyAnswer(t *testing.T) {
	s := pretend(t, "unix", func(c net.Conn) {
		io.CopyN(io.Discard, c, 100)
		io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
	})
	if found, err := s.Scan(t.Context(), make([]byte, 4<<20)); found || err == nil {
		t.Errorf("%v %v", found, err)
	}
}

func TestAddresses(t *testing.T) {
	for address, fits := range map[string]bool{
		"unix:/run/clamd.ctl": true, "/run/clamd.ctl": true, "tcp:127.0.0.1:3310": true, "localhost:3310": true, "tcp:[::1]:3310": true,
		"": false, "unix:": false, "tcp:": false, "localhost": false, "clamd": false, ":3310": false, "http://host/": false,
	} {
		if _, err := clamd.New(address); (err == nil) != fits {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestDaemon runs the real daemon with one signature of our own.
func TestDaemon(t *testing.T) {
	program, err := exec.LookPath("clamd")
	if err != nil {
		t.Fatal("clamd is missing: install clamav-daemon (make test does)")
	}
	dir := t.TempDir()
	socket, database, settings := filepath.Join(dir, "s"), filepath.Join(dir, "db"), filepath.Join(dir, "clamd.conf")
	// The text by which scanners are tested, in parts, so that none trips over this file.
	eicar := `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE" + "!$H+H*"
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(database, 0o700); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(database, "specimen.ndb"), fmt.Sprintf("Okno.Specimen:0:*:%s\n", hex.EncodeToString([]byte(eicar))))
	write(settings, fmt.Sprintf("Foreground yes\nLocalSocket %s\nDatabaseDirectory %s\nStreamMaxLength 6M\nLogFile %s\nTemporaryDirectory %s\n",
		socket, database, filepath.Join(dir, "log"), dir))
	daemon := exec.Command(program, "--config-file="+settings)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- daemon.Wait() }()
	t.Cleanup(func() { daemon.Process.Kill(); <-ended })
	s, err := clamd.New("unix:" + socket)
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = patient
	for until := time.Now().Add(patient); s.Ping(t.Context()) != nil; time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-ended:
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			ended <- err
			t.Fatalf("clamd ended: %v\n%s", err, log)
		default:
		}
		if time.Now().After(until) {
			t.Fatal("clamd does not answer")
		}
	}
	for name, c := range map[string]struct {
		body  []byte
		found bool
		fails bool
	}{
		"harmless": {[]byte("SPECIMEN"), false, false}, "five megabytes": {make([]byte, 5<<20), false, false},
		"signature": {[]byte(eicar), true, false}, "behind a picture": {append(make([]byte, 100_000), eicar...), true, false},
		"over its limit": {make([]byte, 7<<20), false, true},
	} {
		if found, err := s.Scan(t.Context(), c.body); found != c.found || (err != nil) != c.fails {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
}
