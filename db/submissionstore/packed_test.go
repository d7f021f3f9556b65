package submissionstore_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"reflect"
	"testing"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// What the desk wrote down takes little room, and rows from before it did still open.
func TestDeskIsPacked(t *testing.T) {
	f := open(t)
	var checks []review.Check
	for i := range 40 {
		checks = append(checks, review.Check{
			Code: fmt.Sprintf("check-%d", i), Verdict: review.Pass, Effect: review.NoteOnly, Rule: "2026-09", At: f.now.UTC(), Print: fmt.Sprintf("%016x", i*i),
			Target: review.Target{Field: review.SNILS}, Values: map[string]string{"typed": "90123450752"},
		})
	}
	s := sentBy(t, f, "acc-1", checks, "set-a")
	place := seal.Place{Table: "submissions", Column: "desk", Row: string(s.ID), Version: s.Version}
	var box *seal.Box
	var packed []byte
	if err := f.DB.Read(t.Context(), func(rx *sqlite.Rx) (err error) {
		if box, err = f.Vault.Box(rx, seal.Owner{Kind: seal.Submission, ID: string(s.ID)}); err != nil {
			return err
		}
		var sealed []byte
		if err := rx.Get(&sealed, `SELECT desk FROM submissions WHERE id = ?`, s.ID); err != nil {
			return err
		}
		packed, err = box.Open(place, sealed)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if len(packed)*4 > len(plain) || packed[0] == '{' {
		t.Errorf("%d bytes are packed into %d", len(plain), len(packed))
	}
	if err := f.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE submissions SET desk = ? WHERE id = ?`, box.Seal(place, plain), s.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	old, err := f.store.Submission(t.Context(), s.ID)
	if err != nil || !reflect.DeepEqual(old.Checks, s.Checks) || len(old.Checks) != len(checks) {
		t.Errorf("a row in plain JSON opens with %d checks, %v", len(old.Checks), err)
	}
}
