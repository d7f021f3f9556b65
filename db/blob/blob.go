// Package blob keeps the bytes of scans and page pictures as sealed files.
//
// A blob is written before the row that names it and removed after that row is
// gone, so a crash leaves a file without a row, which [Store.Sweep] removes,
// and never a row without bytes:
//
//	name := blobs.NewName(ids)
//	digest, err := blobs.Put(box, name, place, plain)
//	err = db.Write(ctx, …insert the row with name and digest…)
//
// Bytes are sealed in memory; plain bytes never reach the disk.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okno/db/seal"
	"okno/review"
)

const (
	suffix     = ".sealed"
	tempPrefix = "put-" // never a name: names have no dash
)

// Store is the folder with the blobs. It is safe for concurrent use.
type Store struct {
	dir string
}

// Open uses the folder for blobs and creates it if need be.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the folder for scans: %w", err)
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return nil, fmt.Errorf("creating the folder for scans: %w", err)
	}
	return &Store{dir}, nil
}

// NewName returns a random name for a blob.
func (s *Store) NewName(ids review.IDs) string { return ids.NewID() }

// valid reports whether name is one that NewName makes: it becomes part of a path.
func valid(name string) bool {
	if len(name) < 16 || len(name) > 64 {
		return false
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (s *Store) path(name string) (string, error) {
	if !valid(name) {
		return "", errors.New("blob: malformed name")
	}
	return filepath.Join(s.dir, name[:2], name+suffix), nil
}

// Put seals the bytes for their place and stores them under a fresh name. When
// it returns, they have reached the disk. The digest is the SHA-256 of the
// sealed file in hex.
func (s *Store) Put(box *seal.Box, name string, place seal.Place, plain []byte) (digest string, err error) {
	path, err := s.path(name)
	if err != nil {
		return "", err
	}
	folder := filepath.Dir(path)
	if err := s.fanOut(folder); err != nil {
		return "", fmt.Errorf("storing a blob: %w", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return "", errors.New("storing a blob: the name is taken")
	}
	sealed := box.Seal(place, plain)
	temp, err := os.CreateTemp(folder, tempPrefix+"*")
	if err != nil {
		return "", fmt.Errorf("storing a blob: %w", err)
	}
	_, err = temp.Write(sealed)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err == nil {
		err = syncDir(folder)
	}
	if err != nil {
		os.Remove(temp.Name())
		return "", fmt.Errorf("storing a blob: %w", err)
	}
	sum := sha256.Sum256(sealed)
	return hex.EncodeToString(sum[:]), nil
}

// fanOut makes one of the subfolders durable before anything is put into it.
func (s *Store) fanOut(folder string) error {
	err := os.Mkdir(folder, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(s.dir)
}

// Get reads a blob. It reports [review.ErrNotFound] when there is no such file
// and [seal.ErrDamaged] when it was changed or belongs elsewhere.
func (s *Store) Get(box *seal.Box, name string, place seal.Place) ([]byte, error) {
	sealed, err := s.Sealed(name)
	if err != nil {
		return nil, err
	}
	return box.Open(place, sealed)
}

// Sealed reads a blob as it lies on the disk, to compare its digest.
func (s *Store) Sealed(name string) ([]byte, error) {
	path, err := s.path(name)
	if err != nil {
		return nil, err
	}
	sealed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, review.ErrNotFound.Because(errors.New("blob is missing"))
	}
	if err != nil {
		return nil, fmt.Errorf("reading a blob: %w", err)
	}
	return sealed, nil
}

// Has reports whether there is a blob of that name.
func (s *Store) Has(name string) bool {
	path, err := s.path(name)
	if err != nil {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// Remove deletes a blob; one that is not there is no error.
func (s *Store) Remove(name string) error {
	path, err := s.path(name)
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("removing a blob: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// Sweep removes blobs that nobody knows and writes that were broken off, if
// they were last changed before olderThan, and returns how many. Give it a
// moment well in the past: a blob is older than the row that names it.
func (s *Store) Sweep(known func(name string) bool, olderThan time.Time) (removed int, err error) {
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return 0, fmt.Errorf("sweeping blobs: %w", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		n, err := s.sweep(filepath.Join(s.dir, folder.Name()), known, olderThan)
		removed += n
		if err != nil {
			return removed, fmt.Errorf("sweeping blobs: %w", err)
		}
	}
	return removed, nil
}

func (s *Store) sweep(folder string, known func(string) bool, olderThan time.Time) (removed int, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return removed, err
		}
		name, sealed := strings.CutSuffix(f.Name(), suffix)
		ours := sealed && valid(name) || strings.HasPrefix(f.Name(), tempPrefix)
		if !ours || !info.ModTime().Before(olderThan) || sealed && known(name) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
		removed++
	}
	if removed > 0 {
		return removed, syncDir(folder)
	}
	return 0, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
