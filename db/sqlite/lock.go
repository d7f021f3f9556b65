package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Lock takes the data folder for this process, creating it if need be, and
// returns the function that gives it back. A second process gets [ErrInUse].
// The kernel drops the lock with the process, however it ends.
func Lock(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "okno.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse.Because(errors.New("another process uses this data folder"))
		}
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	return f.Close, nil
}
