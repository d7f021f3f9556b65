package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"okno/cmd/internal/config"
	"okno/db/blob"
	"okno/db/migrations"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// data is an opened data folder: locked, migrated, unsealed.
type data struct {
	db     *sqlite.DB
	vault  *seal.Vault
	blobs  *blob.Store
	unlock func() error
}

// mode says how a command uses the data folder.
type mode int

const (
	// exclusive is for the one process that serves: nobody else may.
	exclusive mode = iota
	// creating is exclusive, and makes a new folder and key when there is none.
	// All others refuse a missing folder, so that a typing error in a path never
	// starts an empty desk.
	creating
	// shared is for short commands beside a running server.
	shared
)

// openData opens the folder.
func openData(ctx context.Context, c config.Config, m mode) (_ *data, err error) {
	fresh, err := prepare(c, m == creating)
	if err != nil {
		return nil, err
	}
	d := &data{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	d.unlock, err = sqlite.Lock(c.Data)
	beside := m == shared && errors.Is(err, sqlite.ErrInUse)
	if err != nil && !beside {
		return nil, fmt.Errorf("data folder %s: %w", c.Data, err)
	}
	if fresh {
		if err := seal.Create(c.Data, c.KeyFile); err != nil {
			return nil, fmt.Errorf("new keys: %w", err)
		}
	}
	if d.vault, err = seal.Open(c.Data, c.KeyFile); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if d.blobs, err = blob.Open(filepath.Join(c.Data, "scans")); err != nil {
		return nil, err
	}
	if d.db, err = sqlite.Open(ctx, filepath.Join(c.Data, "okno.db")); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if beside { // the server has brought the schema up to date
		return d, nil
	}
	if err := migrations.Apply(ctx, d.db, review.SystemClock{}); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return d, nil
}

// prepare makes sure that the folder is there and nobody else's business. It
// reports whether the folder holds no desk yet.
func prepare(c config.Config, create bool) (fresh bool, err error) {
	_, err = os.Stat(filepath.Join(c.Data, "vault.json"))
	switch {
	case err == nil:
		info, err := os.Stat(c.Data)
		if err != nil {
			return false, err
		}
		if info.Mode().Perm()&0o077 != 0 {
			return false, fmt.Errorf("data folder %s is open to others: chmod 700 it", c.Data)
		}
		return false, nil
	case !errors.Is(err, os.ErrNotExist):
		return false, err
	case !create:
		return false, fmt.Errorf("no desk in %s: okno serve -init makes one", c.Data)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return false, err
	}
	return true, os.Chmod(c.Data, 0o700)
}

func (d *data) close() error {
	var errs []error
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	if d.unlock != nil {
		errs = append(errs, d.unlock())
	}
	return errors.Join(errs...)
}
