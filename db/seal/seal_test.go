package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"okno/db/dbtest"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

var now = time.UnixMilli(1_760_000_000_000)

var (
	alice = seal.Owner{Kind: seal.Submission, ID: "alice"}
	bob   = seal.Owner{Kind: seal.Submission, ID: "bob"}
)

func newBox(t *testing.T, d *dbtest.Desk, owner seal.Owner) (box *seal.Box) {
	t.Helper()
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) (err error) {
		box, err = d.Vault.NewBox(tx, owner, now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return box
}

func load(t *testing.T, d *dbtest.Desk, v *seal.Vault, owner seal.Owner) (box *seal.Box, err error) {
	t.Helper()
	err = d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		box, err = v.Box(rx, owner)
		return err
	})
	return box, err
}

func TestASealedValueOpensOnlyInItsPlace(t *testing.T) {
	d := dbtest.Open(t)
	box, other := newBox(t, d, alice), newBox(t, d, bob)
	account := newBox(t, d, seal.Owner{Kind: seal.Account, ID: "alice"})
	home := seal.Place{Table: "submissions", Column: "answers", Row: "alice", Version: 3}
	plain := []byte("SPECIMEN passport 45 04 123456")
	sealed := box.Seal(home, plain)
	if bytes.Contains(sealed, plain[:8]) {
		t.Fatal("not sealed")
	}
	if again := box.Seal(home, plain); bytes.Equal(again, sealed) {
		t.Error("two seals of one value are equal")
	}
	if got, err := box.Open(home, sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q, %v", got, err)
	}
	for name, c := range map[string]struct {
		box   *seal.Box
		place seal.Place
	}{
		"other table":          {box, seal.Place{Table: "documents", Column: "answers", Row: "alice", Version: 3}},
		"other column":         {box, seal.Place{Table: "submissions", Column: "answer", Row: "alice", Version: 3}},
		"other row":            {box, seal.Place{Table: "submissions", Column: "answers", Row: "bob", Version: 3}},
		"older version":        {box, seal.Place{Table: "submissions", Column: "answers", Row: "alice", Version: 2}},
		"shifted names":        {box, seal.Place{Table: "submission", Column: "sanswers", Row: "alice", Version: 3}},
		"other owner":          {other, home},
		"same id, other owner": {account, home},
	} {
		if _, err := c.box.Open(c.place, sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := box.Open(home, bad); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := box.Open(home, sealed[:i]); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := box.Open(home, append(bytes.Clone(sealed), 0)); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("one byte more: %v", err)
	}
}

func TestKeysAreMadeOnceAndFoundAgain(t *testing.T) {
	d := dbtest.Open(t)
	place := seal.Place{Table: "t", Column: "c", Row: "r"}
	sealed := newBox(t, d, alice).Seal(place, []byte("x"))
	fresh, err := seal.Open(d.Dir, d.KeyFile) // without anything remembered
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*seal.Vault{"same vault": d.Vault, "opened again": fresh} {
		box, err := load(t, d, v, alice)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := box.Open(place, sealed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := newBox(t, d, alice).Open(place, sealed); err != nil {
		t.Errorf("NewBox made a second key: %v", err)
	}
	if _, err := load(t, d, d.Vault, bob); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("unknown owner: %v", err)
	}
}

func TestAKeyThatWasTakenBackIsForgotten(t *testing.T) {
	d := dbtest.Open(t)
	var lost *seal.Box
	d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		lost, _ = d.Vault.NewBox(tx, alice, now)
		if again, err := d.Vault.Box(tx.Rx, alice); err != nil || again == nil {
			t.Errorf("not there in its own transaction: %v", err)
		}
		return review.ErrForbidden
	})
	if _, err := load(t, d, d.Vault, alice); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	place := seal.Place{Table: "t"}
	if _, err := newBox(t, d, alice).Open(place, lost.Seal(place, nil)); err == nil {
		t.Error("the key came back")
	}
}

func TestDestroyedMeansErased(t *testing.T) {
	d := dbtest.Open(t)
	newBox(t, d, alice)
	for _, owner := range []seal.Owner{alice, bob} { // bob has no key yet
		if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { return d.Vault.Destroy(tx, owner, now) }); err != nil {
			t.Fatal(err)
		}
		fresh, err := seal.Open(d.Dir, d.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []*seal.Vault{d.Vault, fresh} {
			if _, err := load(t, d, v, owner); !errors.Is(err, seal.ErrErased) {
				t.Errorf("%s: %v", owner.ID, err)
			}
			if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { _, err := v.NewBox(tx, owner, now); return err }); !errors.Is(err, seal.ErrErased) {
				t.Errorf("%s got a new key: %v", owner.ID, err)
			}
		}
	}
	var n int
	if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		return rx.Get(&n, `SELECT count(*) FROM sealing_keys WHERE length(wrapped) > 0`)
	}); err != nil || n != 0 {
		t.Errorf("%d wrapped keys left, %v", n, err)
	}
}

func TestWrappedKeysCannotBeExchanged(t *testing.T) {
	d := dbtest.Open(t)
	newBox(t, d, alice)
	newBox(t, d, bob)
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE sealing_keys SET wrapped = (SELECT wrapped FROM sealing_keys WHERE owner_id = 'bob') WHERE owner_id = 'alice'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	fresh, err := seal.Open(d.Dir, d.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, d, fresh, alice); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestRotationKeepsOldKeysOpen(t *testing.T) {
	d := dbtest.Open(t)
	place := seal.Place{Table: "t", Column: "c", Row: "r"}
	sealed := newBox(t, d, alice).Seal(place, []byte("old"))
	wrapped := func(id string) (b []byte) {
		if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
			return rx.Get(&b, `SELECT wrapped FROM sealing_keys WHERE owner_id = ?`, id)
		}); err != nil {
			t.Fatal(err)
		}
		return b
	}
	before := wrapped("alice")
	if err := d.Vault.Rotate(); err != nil {
		t.Fatal(err)
	}
	newBox(t, d, bob)
	if bytes.Equal(wrapped("bob")[:5], before[:5]) {
		t.Error("the old key still wraps")
	}
	opens := func(when string) {
		t.Helper()
		v, err := seal.Open(d.Dir, d.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, owner := range []seal.Owner{alice, bob} {
			box, err := load(t, d, v, owner)
			if err != nil {
				t.Fatalf("%s: %s: %v", when, owner.ID, err)
			}
			if owner == alice {
				if _, err := box.Open(place, sealed); err != nil {
					t.Errorf("%s: %v", when, err)
				}
			}
		}
	}
	opens("after rotation")
	for after, rounds := (seal.Owner{}), 0; ; rounds++ {
		if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) (err error) { after, err = d.Vault.Rewrap(tx, after, 1); return err }); err != nil || rounds > 5 {
			t.Fatal(rounds, err)
		}
		if after == (seal.Owner{}) {
			break
		}
	}
	if !bytes.Equal(wrapped("alice")[:5], wrapped("bob")[:5]) {
		t.Error("alice is still wrapped with the old key")
	}
	opens("after wrapping anew")
}

func TestIndexes(t *testing.T) {
	d := dbtest.Open(t)
	v, err := seal.Open(d.Dir, d.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	a := d.Vault.Index("phone", "+79990000001")
	if len(a) != 16 || !bytes.Equal(a, v.Index("phone", "+79990000001")) {
		t.Error("not stable")
	}
	for _, other := range [][]byte{d.Vault.Index("phone", "+79990000002"), d.Vault.Index("email", "+79990000001"),
		d.Vault.Prefix("phone", "+79990000001"), dbtest.Open(t).Vault.Index("phone", "+79990000001")} {
		if bytes.Equal(a, other) {
			t.Error("equal to another value, field, use or installation")
		}
	}
	list := d.Vault.Prefixes("surname", "иванов", 2, 4)
	if len(list) != 3 || !bytes.Equal(list[0], v.Prefix("surname", "ив")) || !bytes.Equal(list[2], v.Prefix("surname", "иван")) {
		t.Errorf("%d prefixes", len(list))
	}
	if n := len(d.Vault.Prefixes("surname", "я", 2, 4)); n != 0 {
		t.Errorf("%d prefixes of one letter", n)
	}
}

func TestSecretsAndSigner(t *testing.T) {
	d := dbtest.Open(t)
	if bytes.Equal(d.Vault.Secret("csrf"), d.Vault.Secret("session")) || len(d.Vault.Secret("csrf")) != 32 || len(d.Vault.Pepper()) != 32 {
		t.Error("secrets are not separate")
	}
	msg, err := note.Sign(&note.Note{Text: "hello\n"}, d.Vault.Signer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(msg, note.VerifierList(d.Vault.Verifier())); err != nil {
		t.Error(err)
	}
	if _, err := note.Open(msg, note.VerifierList(dbtest.Open(t).Vault.Verifier())); err == nil {
		t.Error("another desk's signature passed")
	}
}

func TestTheVaultRefuses(t *testing.T) {
	root := t.TempDir()
	dir, key := filepath.Join(root, "data"), filepath.Join(root, "k")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	check := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	open := func(keyFile string) error { _, err := seal.Open(dir, keyFile); return err }
	check("nothing there", open(key), seal.ErrNoVault)
	check("key inside the folder", seal.Create(dir, filepath.Join(dir, "k")), seal.ErrKeyExposed)
	if err := seal.Create(dir, key); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(key)
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("key file: %v, %v", info.Mode(), err)
	}
	check("second vault", seal.Create(dir, key), seal.ErrExists)
	check("missing key", open(filepath.Join(root, "none")), seal.ErrNoKey)

	copyTo := func(name string, mode os.FileMode, change func(string) string) string {
		text, err := os.ReadFile(key)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(root, name)
		if err := os.WriteFile(file, []byte(change(string(text))), mode); err != nil {
			t.Fatal(err)
		}
		return file
	}
	same := func(s string) string { return s }
	for _, mode := range []os.FileMode{0o440, 0o404, 0o644, 0o420} {
		file := copyTo(fmt.Sprintf("m%o", mode), 0o400, same)
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("mode %o", mode), open(file), seal.ErrKeyExposed)
	}
	check("cut key", open(copyTo("cut", 0o400, func(s string) string { return s[:20] })), seal.ErrNoKey)
	check("no key at all", open(copyTo("empty", 0o400, func(string) string { return "" })), seal.ErrNoKey)
	check("folder as key", open(root), seal.ErrNoKey)
	check("another key", open(copyTo("other", 0o400, func(s string) string { return strings.Repeat("A", 43) + "=" })), seal.ErrWrongKey)

	link := filepath.Join(root, "link")
	if err := os.Rename(copyTo("moved", 0o400, same), filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "moved"), link); err != nil {
		t.Fatal(err)
	}
	check("link into the folder", open(link), seal.ErrKeyExposed)

	text, err := os.ReadFile(filepath.Join(dir, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, bytes.TrimSpace(secret)) || bytes.Contains(text, []byte("PRIVATE+KEY")) {
		t.Error("the vault shows a key")
	}
}

func TestManyOwners(t *testing.T) {
	d := dbtest.Open(t)
	place := seal.Place{Table: "t"}
	sealed := map[string][]byte{}
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		for i := range 4200 { // more than are remembered
			owner := seal.Owner{Kind: seal.Flow, ID: fmt.Sprint(i)}
			box, err := d.Vault.NewBox(tx, owner, now)
			if err != nil {
				return err
			}
			sealed[owner.ID] = box.Seal(place, []byte(owner.ID))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for id, s := range sealed {
		box, err := load(t, d, d.Vault, seal.Owner{Kind: seal.Flow, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := box.Open(place, s); err != nil || string(got) != id {
			t.Fatalf("%s: %q, %v", id, got, err)
		}
	}
}
