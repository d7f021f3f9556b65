package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io"
	"os"

	"okno/review"
)

// Spool holds the body of an upload outside of memory until its turn comes: in a
// file without a name, encrypted with a key that is nowhere else and goes with it.
type Spool struct {
	file  *os.File
	block cipher.Block
	size  int
}

// NewSpool makes an empty spool in a folder; an empty name is the system's own.
func NewSpool(dir string) (*Spool, error) {
	f, err := os.CreateTemp(dir, "upload-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	var key [32]byte
	rand.Read(key[:])
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Spool{file: f, block: block}, nil
}

// cipher is the key stream from the beginning. The key serves one body only.
func (s *Spool) cipher() cipher.Stream { return cipher.NewCTR(s.block, make([]byte, aes.BlockSize)) }

// Fill takes in a body of the given size; part is overwritten. It is called once.
func (s *Spool) Fill(body io.Reader, size int, part []byte) error {
	stream := s.cipher()
	for s.size < size {
		n, err := body.Read(part[:min(len(part), size-s.size)])
		stream.XORKeyStream(part[:n], part[:n])
		if _, err := s.file.Write(part[:n]); err != nil {
			return review.ErrBusy.Because(err) // the disk is full
		}
		s.size += n
		if errors.Is(err, io.EOF) && s.size < size {
			return io.ErrUnexpectedEOF
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

// Size is how many bytes the spool holds.
func (s *Spool) Size() int { return s.size }

// Reader reads the body from its beginning.
func (s *Spool) Reader() io.Reader {
	return cipher.StreamReader{S: s.cipher(), R: io.NewSectionReader(s.file, 0, int64(s.size))}
}

// Close frees the place.
func (s *Spool) Close() error { return s.file.Close() }

type spoolKey struct{}

// Attach gives a request its body.
func (s *Spool) Attach(r interface{ SetUserValue(key, value any) }) { r.SetUserValue(spoolKey{}, s) }

// SpoolOf is what was attached to a request, or nil.
func SpoolOf(r interface{ UserValue(key any) any }) *Spool {
	s, _ := r.UserValue(spoolKey{}).(*Spool)
	return s
}
