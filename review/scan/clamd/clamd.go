// Package clamd asks a ClamAV daemon about files.
//
//	scanner, err := clamd.New("unix:/run/clamav/clamd.ctl") // or tcp:host:port
//	found, err := scanner.Scan(ctx, body)
//	if err != nil {
//		// nothing is known: the daemon is away, too slow, or answers nonsense
//	}
//
// The protocol is INSTREAM of clamd(8): the file goes through the connection in chunks, so the daemon needs no
// access to any folder. Only the two exact answers count; whatever else comes back means that nothing is known.
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"okno/review/scan"
)

const (
	// DefaultTimeout is how long one answer may take.
	DefaultTimeout = 10 * time.Second

	chunk     = 64 << 10
	maxAnswer = 4 << 10
)

// The ways in which nothing becomes known about a file.
var (
	ErrAway   = errors.New("clamd: no answer")
	ErrAnswer = errors.New("clamd: an answer of another kind")
)

// Scanner speaks to one daemon. It may be used by many goroutines.
type Scanner struct {
	network, address string

	Timeout time.Duration // for connecting, sending and the answer together; zero means DefaultTimeout
}

var _ scan.MalwareScanner = (*Scanner)(nil)

// New makes a scanner for unix:PATH, tcp:HOST:PORT, a bare path or a bare HOST:PORT.
func New(address string) (*Scanner, error) {
	network, rest, ok := strings.Cut(address, ":")
	switch {
	case ok && network == "unix" && rest != "":
		return &Scanner{network: "unix", address: rest}, nil
	case strings.HasPrefix(address, "/"):
		return &Scanner{network: "unix", address: address}, nil
	case ok && network == "tcp":
		address = rest
	}
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
		return nil, errors.New("must be unix:/path or tcp:host:port")
	}
	return &Scanner{network: "tcp", address: address}, nil
}

// Ping reports whether the daemon answers.
func (s *Scanner) Ping(ctx context.Context) error {
	answer, err := s.ask(ctx, "PING", nil)
	if err == nil && answer != "PONG" {
		return ErrAnswer
	}
	return err
}

// Scan implements [scan.MalwareScanner].
func (s *Scanner) Scan(ctx context.Context, body []byte) (found bool, err error) {
	answer, err := s.ask(ctx, "INSTREAM", func(w io.Writer) error {
		var size [4]byte
		for rest := body; len(rest) > 0; {
			part := rest[:min(chunk, len(rest))]
			rest = rest[len(part):]
			binary.BigEndian.PutUint32(size[:], uint32(len(part)))
			if _, err := w.Write(size[:]); err != nil {
				return err
			}
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		_, err := w.Write(make([]byte, 4))
		return err
	})
	if err != nil {
		return false, err
	}
	rest, ok := strings.CutPrefix(answer, "stream: ")
	name, named := strings.CutSuffix(rest, " FOUND")
	switch {
	case ok && rest == "OK":
		return false, nil
	case ok && named && name != "":
		return true, nil
	}
	return false, ErrAnswer
}

// ask sends a command with its data over a new connection and reads the one answer.
func (s *Scanner) ask(ctx context.Context, command string, data func(io.Writer) error) (string, error) {
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", fmt.Errorf("%w: connect", ErrAway)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	sent := func() error {
		if _, err := io.WriteString(conn, "z"+command+"\x00"); err != nil || data == nil {
			return err
		}
		return data(conn)
	}()
	// A daemon that has heard enough answers before everything was sent: read in any case.
	answer, err := io.ReadAll(io.LimitReader(conn, maxAnswer))
	end := bytes.IndexByte(answer, 0)
	switch {
	case end >= 0 && end == len(answer)-1:
		return string(answer[:end]), nil
	case len(answer) > 0 && err == nil:
		return "", ErrAnswer
	case sent != nil:
		return "", fmt.Errorf("%w: sending", ErrAway)
	}
	return "", fmt.Errorf("%w: reading", ErrAway)
}
