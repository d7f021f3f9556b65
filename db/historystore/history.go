// Package historystore owns the table history: the append-only log of what
// happened, from which timeline, audit and reports are read.
//
// Whoever changes a row appends the events of the change in the same
// transaction:
//
//	err := historystore.Append(tx, change.Events...)
//
// Each entry carries the hash of the one before it, and all of them stand in a
// Merkle tree whose signed size and root ([Store.Checkpoint]) are kept in the
// database and, if configured, in a file at a second place. [Store.Verify]
// recomputes everything and names the entry at which the record does not hold.
package historystore

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// Store reads the history and vouches for it.
type Store struct {
	db      *sqlite.DB
	vault   *seal.Vault
	clock   review.Clock
	outside string
}

// New returns the store. Checkpoints are also appended to the file outside,
// which should lie on another disk; an empty path leaves that out.
func New(db *sqlite.DB, vault *seal.Vault, clock review.Clock, outside string) *Store {
	return &Store{db, vault, clock, outside}
}

// Entry is one event with its place in the history, counted from 1.
type Entry struct {
	Seq int64
	review.Event
}

// row is an entry as the table holds it.
type row struct {
	Seq        int64  `db:"seq"`
	At         int64  `db:"at"`
	Type       string `db:"type"`
	Submission string `db:"submission"`
	Account    string `db:"account"`
	Actor      string `db:"actor"`
	Role       string `db:"role"`
	Before     string `db:"before"`
	After      string `db:"after"`
	Version    int64  `db:"version"`
	Round      int64  `db:"round"`
	Reasons    string `db:"reasons"`
	Detail     string `db:"detail"`
	Session    string `db:"session"`
	RequestID  string `db:"request_id"`
	PrevHash   []byte `db:"prev_hash"`
	Hash       []byte `db:"hash"`
}

const columns = `seq, at, type, submission, account, actor, role, before, after, version, round, reasons, detail, session, request_id, prev_hash, hash`

// digest hashes the entry: every column but hash as a netstring
// (length ":" bytes ","), in the order of the table, numbers in decimal.
func (r *row) digest() [sha256.Size]byte {
	b := make([]byte, 0, 512)
	text := func(s string) {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(b, ':')
		b = append(b, s...)
		b = append(b, ',')
	}
	number := func(n int64) { text(strconv.FormatInt(n, 10)) }
	text("okno history 1")
	number(r.Seq)
	number(r.At)
	for _, s := range []string{r.Type, r.Submission, r.Account, r.Actor, r.Role, r.Before, r.After} {
		text(s)
	}
	number(r.Version)
	number(r.Round)
	for _, s := range []string{r.Reasons, r.Detail, r.Session, r.RequestID, string(r.PrevHash)} {
		text(s)
	}
	return sha256.Sum256(b)
}

// plainCode reports whether s is made of what codes, ids and times are made
// of. Names, contacts and free text do not pass: they have no place here.
func plainCode(s string) bool {
	if len(s) > 200 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._:,/=-", rune(c)) {
			return false
		}
	}
	return true
}

// plainID reports whether s is a short word without spaces, as identifiers are.
func plainID(s string) bool {
	return len(s) <= 200 && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == '@' })
}

func encode(e review.Event) (row, error) {
	reasons := make([]string, len(e.Reasons))
	for i, c := range e.Reasons {
		if reasons[i] = string(c); strings.Contains(reasons[i], ",") || !plainCode(reasons[i]) {
			return row{}, sqlite.ErrConstraint.Because(fmt.Errorf("history: a reason of %s is no code", e.Type))
		}
	}
	detail := "{}"
	if len(e.Detail) > 0 {
		for k, v := range e.Detail {
			if k == "" || !plainCode(k) || !plainCode(v) {
				return row{}, sqlite.ErrConstraint.Because(fmt.Errorf("history: a detail of %s is no code", e.Type))
			}
		}
		text, err := json.Marshal(e.Detail) // keys are sorted
		if err != nil {
			return row{}, err
		}
		detail = string(text)
	}
	for _, s := range []string{string(e.Type), string(e.Submission), string(e.Account), e.Actor, string(e.Role), string(e.Before), string(e.After), e.Session, e.RequestID} {
		if !plainID(s) {
			return row{}, sqlite.ErrConstraint.Because(fmt.Errorf("history: a column of %s is no code", e.Type))
		}
	}
	if e.Type == "" || e.At.IsZero() {
		return row{}, sqlite.ErrConstraint.Because(errors.New("history: an event has a type and a time"))
	}
	return row{
		At: e.At.UnixMilli(), Type: string(e.Type), Submission: string(e.Submission), Account: string(e.Account),
		Actor: e.Actor, Role: string(e.Role), Before: string(e.Before), After: string(e.After), Version: e.Version,
		Round: int64(e.Round), Reasons: strings.Join(reasons, ","), Detail: detail, Session: e.Session, RequestID: e.RequestID,
	}, nil
}

func (r *row) entry() (Entry, error) {
	e := Entry{Seq: r.Seq, Event: review.Event{
		Type: review.EventType(r.Type), At: time.UnixMilli(r.At).UTC(), Submission: review.SubmissionID(r.Submission),
		Account: review.AccountID(r.Account), Actor: r.Actor, Role: review.Role(r.Role), Before: review.Status(r.Before),
		After: review.Status(r.After), Version: r.Version, Round: int(r.Round), Session: r.Session, RequestID: r.RequestID,
	}}
	if r.Reasons != "" {
		for c := range strings.SplitSeq(r.Reasons, ",") {
			e.Reasons = append(e.Reasons, review.ReasonCode(c))
		}
	}
	if r.Detail != "{}" {
		if err := json.Unmarshal([]byte(r.Detail), &e.Detail); err != nil {
			return e, fmt.Errorf("history entry %d: detail: %w", r.Seq, err)
		}
	}
	return e, nil
}

// Append adds events to the end of the history, in the transaction that makes
// them true. It refuses events that carry anything but codes, ids and times
// with [sqlite.ErrConstraint], and so does the whole change.
func Append(tx *sqlite.Tx, events ...review.Event) error {
	if len(events) == 0 {
		return nil
	}
	var last row
	if err := tx.Get(&last, `SELECT seq, hash FROM history ORDER BY seq DESC LIMIT 1`); errors.Is(err, review.ErrNotFound) {
		last.Hash = make([]byte, sha256.Size)
	} else if err != nil {
		return err
	}
	rows, nodes := insertion{table: `history (` + columns + `)`, width: 17}, insertion{table: `history_tree (idx, hash)`, width: 2}
	known := map[int64]tlog.Hash{} // complete, but not in the table yet
	for _, e := range events {
		r, err := encode(e)
		if err != nil {
			return err
		}
		r.Seq, r.PrevHash = last.Seq+1, last.Hash
		sum := r.digest()
		r.Hash = sum[:]
		rows.args = append(rows.args, r.Seq, r.At, r.Type, r.Submission, r.Account, r.Actor, r.Role, r.Before, r.After,
			r.Version, r.Round, r.Reasons, r.Detail, r.Session, r.RequestID, r.PrevHash, r.Hash)
		n := r.Seq - 1 // leaves are counted from 0
		hashes, err := tlog.StoredHashes(n, r.Hash, beside(known, stored(tx.Rx)))
		if err != nil {
			return err
		}
		first := tlog.StoredHashIndex(0, n)
		for i, h := range hashes {
			known[first+int64(i)] = h
			nodes.args = append(nodes.args, first+int64(i), h[:])
		}
		last = r
	}
	if err := rows.run(tx); err != nil {
		return err
	}
	return nodes.run(tx)
}

// insertion collects rows of a table, to be inserted several at once.
type insertion struct {
	table string
	width int
	args  []any
}

// rowsAtOnce is how many rows one statement inserts.
const rowsAtOnce = 16

func (i insertion) run(tx *sqlite.Tx) error {
	row := `(?` + strings.Repeat(`, ?`, i.width-1) + `)`
	for args := range slices.Chunk(i.args, rowsAtOnce*i.width) {
		if _, err := tx.Exec(`INSERT INTO `+i.table+` VALUES `+row+strings.Repeat(`, `+row, len(args)/i.width-1), args...); err != nil {
			return err
		}
	}
	return nil
}

// beside reads hashes that are known already, and the others.
func beside(known map[int64]tlog.Hash, others tlog.HashReader) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, idx := range indexes {
			if h, ok := known[idx]; ok {
				list[i] = h
				continue
			}
			h, err := others.ReadHashes([]int64{idx})
			if err != nil {
				return nil, err
			}
			list[i] = h[0]
		}
		return list, nil
	}
}

// stored reads hashes of the tree from the table.
func stored(rx *sqlite.Rx) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, idx := range indexes {
			var b []byte
			if err := rx.Get(&b, `SELECT hash FROM history_tree WHERE idx = ?`, idx); err != nil {
				return nil, err
			}
			if len(b) != tlog.HashSize {
				return nil, fmt.Errorf("history tree: hash %d has %d bytes", idx, len(b))
			}
			list[i] = tlog.Hash(b)
		}
		return list, nil
	}
}
