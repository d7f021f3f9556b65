// Package seal keeps personal data unreadable to whoever has the data folder
// but not the key file.
//
// The key file holds one random key and lies outside the data folder. It opens
// vault.json inside the folder: the keyset that wraps data keys, the key of the
// blind indexes, the signing key of the history's checkpoints, the pepper of
// the passwords and the root of the session secrets.
//
// Every owner of personal data (a submission, an account …) has one data key in
// the table sealing_keys. A [Box] holds an owner's key and seals values, each
// bound to its [Place], so that a sealed value moved to another row, column or
// version does not open:
//
//	box, err := vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: id}, now)
//	sealed := box.Seal(seal.Place{Table: "submissions", Column: "answers", Row: id, Version: 3}, plain)
//	…
//	box, err := vault.Box(rx, owner)
//	plain, err := box.Open(place, sealed)
//
// Destroying the key erases everything sealed under it. What must be found by
// its value is stored beside as [Vault.Index], a keyed hash per field.
package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/mod/sumdb/note"

	"okno/review"
)

const (
	vaultFile    = "vault.json"
	vaultFormat  = 1
	logName      = "okno-history" // name of the checkpoint signer
	adKeyset     = "okno vault keyset 1"
	adSecrets    = "okno vault secrets 1"
	keyBytes     = 32
	indexBytes   = 16
	cachedOwners = 4096
)

// Errors of the vault, to be compared with errors.Is.
var (
	// ErrWrongKey says that the key file does not belong to this data folder.
	ErrWrongKey = errors.New("the key file does not open this data folder")
	// ErrNoKey says that the key file is missing, unreadable or no key.
	ErrNoKey = errors.New("no usable key file")
	// ErrKeyExposed says that the key file can be read by others or lies in the data folder.
	ErrKeyExposed = errors.New("the key file is not protected")
	// ErrExists says that the data folder already has a vault.
	ErrExists = errors.New("the data folder already has a vault")
	// ErrNoVault says that the data folder has no vault yet.
	ErrNoVault = errors.New("the data folder has no vault")
	// ErrDamaged says that a sealed value was changed, moved or cut.
	ErrDamaged = &review.Error{Kind: review.Internal, Code: "sealed-damaged"}
	// ErrErased says that the owner's key was destroyed, and the data with it.
	ErrErased = &review.Error{Kind: review.NotFound, Code: "erased"}
)

// Vault holds the opened keys. It is safe for concurrent use and lives as long
// as the process.
type Vault struct {
	dir string
	kek tink.AEAD

	mu     sync.RWMutex
	handle *keyset.Handle
	wrap   tink.AEAD
	file   document

	secrets secrets
	signer  note.Signer
	boxes   *shelf
}

// document is vault.json; both parts are sealed with the key of the key file.
type document struct {
	Format  int             `json:"format"`
	Keyset  json.RawMessage `json:"keyset"`
	Secrets []byte          `json:"secrets"`
}

// secrets are the keys that do not rotate with the keyset.
type secrets struct {
	Index    []byte `json:"index"`
	Pepper   []byte `json:"pepper"`
	Root     []byte `json:"root"`
	Signer   string `json:"signer"`
	Verifier string `json:"verifier"`
}

// Create makes the vault of a fresh data folder. The key file is created too,
// unless the operator has put one in place.
func Create(dir, keyFile string) error {
	if err := outside(dir, keyFile); err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, vaultFile)); err == nil {
		return ErrExists
	}
	if _, err := os.Lstat(keyFile); errors.Is(err, fs.ErrNotExist) {
		if err := createKey(keyFile); err != nil {
			return err
		}
	}
	kek, err := readKey(keyFile)
	if err != nil {
		return err
	}
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("making the keyset: %w", err)
	}
	signer, verifier, err := note.GenerateKey(rand.Reader, logName)
	if err != nil {
		return fmt.Errorf("making the signing key: %w", err)
	}
	plain, err := json.Marshal(secrets{random(), random(), random(), signer, verifier})
	if err != nil {
		return err
	}
	sealed, err := kek.Encrypt(plain, []byte(adSecrets))
	if err != nil {
		return fmt.Errorf("sealing the secrets: %w", err)
	}
	doc := document{Format: vaultFormat, Secrets: sealed}
	if doc.Keyset, err = sealKeyset(handle, kek); err != nil {
		return err
	}
	return writeVault(dir, doc)
}

// Open opens the vault of a data folder with its key file.
func Open(dir, keyFile string) (*Vault, error) {
	if err := outside(dir, keyFile); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, vaultFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoVault
	}
	if err != nil {
		return nil, fmt.Errorf("reading the vault: %w", err)
	}
	kek, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir, kek: kek, boxes: newShelf(cachedOwners)}
	if err := json.Unmarshal(text, &v.file); err != nil {
		return nil, fmt.Errorf("reading the vault: %w", err)
	}
	if v.file.Format != vaultFormat {
		return nil, fmt.Errorf("the vault has format %d, this program reads %d", v.file.Format, vaultFormat)
	}
	plain, err := kek.Decrypt(v.file.Secrets, []byte(adSecrets))
	if err != nil {
		return nil, ErrWrongKey
	}
	if err := json.Unmarshal(plain, &v.secrets); err != nil {
		return nil, fmt.Errorf("reading the vault's secrets: %w", err)
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(bytes.NewReader(v.file.Keyset)), kek, []byte(adKeyset))
	if err != nil {
		return nil, ErrWrongKey
	}
	if err := v.use(handle); err != nil {
		return nil, err
	}
	if v.signer, err = note.NewSigner(v.secrets.Signer); err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	return v, nil
}

// use makes handle the keyset that wraps and unwraps data keys.
func (v *Vault) use(handle *keyset.Handle) error {
	wrap, err := aead.New(handle)
	if err != nil {
		return fmt.Errorf("using the keyset: %w", err)
	}
	v.handle, v.wrap = handle, wrap
	return nil
}

// Rotate adds a new wrapping key and makes it the one that wraps from now on.
// Data keys wrapped before still open; [Vault.Rewrap] wraps them anew.
func (v *Vault) Rotate() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	m := keyset.NewManagerFromHandle(v.handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("adding a key: %w", err)
	}
	if err := m.SetPrimary(id); err != nil {
		return fmt.Errorf("choosing the new key: %w", err)
	}
	handle, err := m.Handle()
	if err != nil {
		return fmt.Errorf("reading the keyset: %w", err)
	}
	doc := v.file
	if doc.Keyset, err = sealKeyset(handle, v.kek); err != nil {
		return err
	}
	if err := writeVault(v.dir, doc); err != nil {
		return err
	}
	v.file = doc
	return v.use(handle)
}

// Index returns the keyed hash under which a value of a field is looked up.
// The caller normalises the value first. Equal values of different fields
// have different hashes.
func (v *Vault) Index(field, value string) []byte {
	return hash(hash(v.secrets.Index, "equal\x00"+field), value)[:indexBytes]
}

// Prefix returns the keyed hash under which values that begin with the typed
// text are found, if the text is as long as [Vault.Prefixes] was told to cover.
func (v *Vault) Prefix(field, typed string) []byte {
	return hash(hash(v.secrets.Index, "prefix\x00"+field), typed)[:indexBytes]
}

// Prefixes returns the hashes of the value's beginnings of minimum to maximum
// characters, shortest first. A value shorter than minimum has none.
func (v *Vault) Prefixes(field, value string, minimum, maximum int) [][]byte {
	runes := []rune(value)
	var list [][]byte
	for n := max(1, minimum); n <= min(maximum, len(runes)); n++ {
		list = append(list, v.Prefix(field, string(runes[:n])))
	}
	return list
}

// Pepper returns the key that is mixed into password hashes.
func (v *Vault) Pepper() []byte { return bytes.Clone(v.secrets.Pepper) }

// Secret returns 32 bytes that only this installation knows, different for
// each purpose ("csrf", "session" …).
func (v *Vault) Secret(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, v.secrets.Root, nil, "okno secret "+purpose, keyBytes)
	if err != nil { // only for lengths that SHA-256 cannot give
		panic(err)
	}
	return key
}

// Signer signs the checkpoints of the history.
func (v *Vault) Signer() note.Signer { return v.signer }

// Verifier checks the signatures of [Vault.Signer].
func (v *Vault) Verifier() note.Verifier {
	verifier, err := note.NewVerifier(v.secrets.Verifier)
	if err != nil { // opened before by its signer's twin
		panic(err)
	}
	return verifier
}

// VerifierKey is the public key of the checkpoints as text, to be kept where
// the checkpoints are kept.
func (v *Vault) VerifierKey() string { return v.secrets.Verifier }

func hash(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func random() []byte {
	b := make([]byte, keyBytes)
	rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}

func sealKeyset(handle *keyset.Handle, kek tink.AEAD) (json.RawMessage, error) {
	var buf bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewJSONWriter(&buf), kek, []byte(adKeyset)); err != nil {
		return nil, fmt.Errorf("sealing the keyset: %w", err)
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}

// writeVault replaces vault.json so that a crash leaves the old or the new one.
func writeVault(dir string, doc document) error {
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, vaultFile+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the vault: %w", err)
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	_, err = temp.Write(append(text, '\n'))
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("writing the vault: %w", err)
	}
	if err := os.Rename(temp.Name(), filepath.Join(dir, vaultFile)); err != nil {
		return fmt.Errorf("writing the vault: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// createKey writes a fresh key file, readable by its owner only.
func createKey(keyFile string) error {
	f, err := os.OpenFile(keyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return fmt.Errorf("creating the key file: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(random()) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	return syncDir(filepath.Dir(keyFile))
}

// readKey reads the key file and refuses one that others can read.
func readKey(keyFile string) (tink.AEAD, error) {
	f, err := os.Open(keyFile)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", ErrNoKey)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: others can read it (mode %04o, must be 0400)", ErrKeyExposed, info.Mode().Perm())
	}
	text := make([]byte, 128)
	n, _ := f.Read(text) // a short read fails below
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text[:n])))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%w: it must hold %d bytes in base64", ErrNoKey, keyBytes)
	}
	return subtle.NewAESGCM(key)
}

// outside refuses a key file inside the data folder: who copies the folder
// must not get the key with it.
func outside(dir, keyFile string) error {
	folder, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	place, err := filepath.EvalSymlinks(keyFile)
	if errors.Is(err, fs.ErrNotExist) {
		place, err = filepath.EvalSymlinks(filepath.Dir(keyFile))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	folder, err = filepath.Abs(folder)
	if err != nil {
		return err
	}
	place, err = filepath.Abs(place)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(folder, place)
	if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%w: it lies in the data folder", ErrKeyExposed)
	}
	return nil
}
