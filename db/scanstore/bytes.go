package scanstore

import (
	"context"
	"time"

	"okno/db/blob"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// Bytes keeps the sealed bytes of documents and their pages: the port of
// review/scan. A blob opens only under the submission, name and kind it was
// put with.
type Bytes struct {
	DB    *sqlite.DB
	Vault *seal.Vault
	Blobs *blob.Store
	Scans *Store
}

func blobPlace(kind, name string) seal.Place {
	return seal.Place{Table: "blobs", Column: kind, Row: name}
}

func (b *Bytes) box(ctx context.Context, id review.SubmissionID) (box *seal.Box, err error) {
	err = b.DB.Read(ctx, func(rx *sqlite.Rx) error {
		box, err = b.Vault.Box(rx, seal.Owner{Kind: seal.Submission, ID: string(id)})
		return err
	})
	return box, err
}

// Put seals and stores bytes; when it returns, they have reached the disk.
func (b *Bytes) Put(ctx context.Context, id review.SubmissionID, kind, name string, plain []byte) error {
	box, err := b.box(ctx, id)
	if err != nil {
		return err
	}
	_, err = b.Blobs.Put(box, name, blobPlace(kind, name), plain)
	return err
}

// Fetch reads and opens bytes. It reports [review.ErrNotFound] when they are
// not there, or erased.
func (b *Bytes) Fetch(ctx context.Context, id review.SubmissionID, kind, name string) ([]byte, error) {
	box, err := b.box(ctx, id)
	if err != nil {
		return nil, err
	}
	return b.Blobs.Get(box, name, blobPlace(kind, name))
}

// Remove deletes bytes that no row refers to.
func (b *Bytes) Remove(name string) error { return b.Blobs.Remove(name) }

// Sweep removes bytes that no row refers to and that are older than the given
// moment, and returns how many files it removed.
func (b *Bytes) Sweep(ctx context.Context, olderThan time.Time) (int, error) {
	var failed error
	n, err := b.Blobs.Sweep(func(name string) bool {
		known, err := b.Scans.Known(ctx, []string{name})
		if err != nil {
			failed = err
			return true // keep what cannot be judged
		}
		return known[name]
	}, olderThan)
	if err == nil {
		err = failed
	}
	return n, err
}
