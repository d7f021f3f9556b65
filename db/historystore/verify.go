package historystore

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"okno/db/sqlite"
)

// Problem says in which way the record does not hold.
type Problem string

// The problems that Verify finds.
const (
	EntryChanged    Problem = "entry-changed"    // its content does not give its hash
	EntryMissing    Problem = "entry-missing"    // the number is skipped, or the end is cut
	EntryExtra      Problem = "entry-extra"      // a number comes twice or out of order, or was never in the tree
	ChainBroken     Problem = "chain-broken"     // it does not follow the entry before it
	TreeChanged     Problem = "tree-changed"     // the stored tree has another hash for it
	Rewritten       Problem = "rewritten"        // a checkpoint had another root: something from Seq on was replaced
	ForgedStatement Problem = "forged-statement" // a checkpoint is not signed by this desk
)

// Finding is one place at which the record does not hold.
type Finding struct {
	Seq     int64 // the entry; 0 for a checkpoint that names none
	Problem Problem
}

// Report is the outcome of [Store.Verify].
type Report struct {
	Entries     int64     // entries read
	Root        tlog.Hash // of the tree over them, as recomputed
	Checkpoints int       // signed statements compared
	Findings    []Finding // at most 100
}

// OK reports whether the record holds.
func (r Report) OK() bool { return len(r.Findings) == 0 }

const (
	maxFindings = 100
	maxSeq      = 1 << 60 // higher numbers are forged, and would overflow the tree's numbering
)

// checker recomputes chain and tree entry by entry.
type checker struct {
	size     int64 // entries accepted so far
	prev     []byte
	frontier []tlog.Hash // complete subtrees on the right edge, by level
	findings []Finding
}

func newChecker() *checker { return &checker{prev: make([]byte, sha256.Size)} }

func (c *checker) report(seq int64, p Problem) {
	if len(c.findings) < maxFindings {
		c.findings = append(c.findings, Finding{seq, p})
	}
}

// add checks the next entry against the hashes that the stored tree gained
// with it (see treeSpan); what it accepts is recomputed, never believed.
func (c *checker) add(r *row, tree func(n int64) []tlog.Hash) {
	want := c.size + 1
	if r.Seq < want {
		c.report(r.Seq, EntryExtra)
		return
	}
	for missing := want; missing < r.Seq && len(c.findings) < maxFindings; missing++ {
		c.report(missing, EntryMissing)
	}
	gap := r.Seq > want
	sum := r.digest()
	if !bytes.Equal(sum[:], r.Hash) {
		c.report(r.Seq, EntryChanged)
	} else if !gap && !bytes.Equal(r.PrevHash, c.prev) {
		c.report(r.Seq, ChainBroken)
	}
	own := c.grow(sum[:])
	if !gap && !slices.Equal(own, tree(c.size)) {
		c.report(r.Seq, TreeChanged)
	}
	c.prev = r.Hash
	if c.size++; gap {
		c.size = r.Seq // go on behind the gap; the tree cannot be right any more
	}
}

// grow adds a leaf and returns the hashes that are complete with it.
func (c *checker) grow(leaf []byte) []tlog.Hash {
	h := tlog.RecordHash(leaf)
	gained := []tlog.Hash{h}
	level := 0
	for ; c.size>>level&1 == 1 && level < len(c.frontier); level++ {
		h = tlog.NodeHash(c.frontier[level], h)
		gained = append(gained, h)
	}
	if level == len(c.frontier) {
		c.frontier = append(c.frontier, h)
	} else {
		c.frontier[level] = h
	}
	return gained
}

// root returns the root of the tree over the entries so far.
func (c *checker) root() (root tlog.Hash) {
	first := true
	for level := range c.frontier {
		if c.size>>level&1 == 0 {
			continue
		}
		if first {
			root, first = c.frontier[level], false
		} else {
			root = tlog.NodeHash(c.frontier[level], root)
		}
	}
	return root
}

// finish compares the number of entries with the number of hashes in the
// stored tree: a difference is a cut or an entry that was never appended.
func (c *checker) finish(treeHashes int64) {
	if c.size > maxSeq {
		return // reported already as a gap
	}
	for n := c.size; n < c.size+maxFindings && tlog.StoredHashCount(n+1) <= treeHashes; n++ {
		c.report(n+1, EntryMissing)
	}
	if len(c.findings) == 0 && tlog.StoredHashCount(c.size) != treeHashes {
		c.report(c.size, TreeChanged)
	}
}

// span is the part of the stored tree that belongs to the leaves of one chunk.
type span struct {
	first  int64
	hashes []tlog.Hash
}

// leaf returns the hashes that were stored together with the n-th leaf.
func (s span) leaf(n int64) []tlog.Hash {
	from, to := tlog.StoredHashIndex(0, n)-s.first, tlog.StoredHashCount(n+1)-s.first
	if from < 0 || to > int64(len(s.hashes)) {
		return nil
	}
	return s.hashes[from:to]
}

// chunk bounds the rows of one read transaction, so that a long verification
// does not hold up the write-ahead log.
const chunk = 2000

// Verify reads the whole history and reports every place at which it does not
// hold: against its own hashes, its stored tree, and the checkpoints in the
// database and in the file outside. Its error means that it could not look.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	c := newChecker()
	statements, forged, limit, err := s.statements(ctx)
	if err != nil {
		return Report{}, err
	}
	for range forged {
		c.report(0, ForgedStatement)
	}
	proven, due := int64(0), statements // proven: entries up to here stand under a good checkpoint
	compare := func() {
		for len(due) > 0 && due[0].size == c.size {
			if due[0].root == c.root() {
				proven = c.size
			} else {
				c.report(proven+1, Rewritten)
			}
			due = due[1:]
		}
	}
	compare()
	var treeHashes, entries int64
	after := int64(math.MinInt64) // numbers below 1 would be extra entries
	for {
		var rows []row
		var part span
		if err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
			if err := rx.Select(&rows, `SELECT `+columns+` FROM history WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`, after, limit, chunk); err != nil {
				return err
			}
			if len(rows) == 0 {
				return nil
			}
			part.first = tlog.StoredHashIndex(0, c.size)
			return part.load(rx, tlog.StoredHashCount(min(max(0, rows[len(rows)-1].Seq), c.size+chunk)))
		}); err != nil {
			return Report{}, fmt.Errorf("reading the history: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		for i := range rows {
			for len(due) > 0 && due[0].size < c.size { // jumped over by a gap, reported as such
				due = due[1:]
			}
			c.add(&rows[i], part.leaf)
			compare()
		}
		entries += int64(len(rows))
		after = rows[len(rows)-1].Seq
	}
	if err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		// Entries that were appended since we began are none of our business.
		return rx.Get(&treeHashes, `SELECT count(*) FROM history_tree WHERE idx < ? OR NOT EXISTS (SELECT 1 FROM history WHERE seq > ?)`,
			tlog.StoredHashCount(min(limit, maxSeq)), limit)
	}); err != nil {
		return Report{}, fmt.Errorf("reading the history: %w", err)
	}
	c.finish(treeHashes)
	if last := len(due) - 1; last >= 0 && due[last].size > c.size { // signed, and not there any more
		for seq := c.size + 1; seq <= due[last].size; seq++ {
			if !slices.Contains(c.findings, Finding{seq, EntryMissing}) {
				c.report(seq, EntryMissing)
			}
			if len(c.findings) >= maxFindings {
				break
			}
		}
	}
	return Report{entries, c.root(), len(statements), c.findings}, nil
}

// load reads the stored hashes from first to, not included, end.
func (s *span) load(rx *sqlite.Rx, end int64) error {
	var rows []struct {
		Idx  int64  `db:"idx"`
		Hash []byte `db:"hash"`
	}
	if err := rx.Select(&rows, `SELECT idx, hash FROM history_tree WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT ?`, s.first, end, 2*chunk+64); err != nil {
		return err
	}
	for _, r := range rows {
		i := r.Idx - s.first
		if i > 2*chunk+64 { // more than a chunk without gaps can have
			break
		}
		if i >= int64(len(s.hashes)) {
			s.hashes = append(s.hashes, make([]tlog.Hash, i+1-int64(len(s.hashes)))...)
		}
		copy(s.hashes[i][:], r.Hash)
	}
	return nil
}

// statements reads the checkpoints of both places, checks their signatures and
// sorts them by size; limit is the last entry at this moment.
func (s *Store) statements(ctx context.Context) (list []statement, forged int, limit int64, err error) {
	var notes, more []string
	if s.outside != "" { // before the entries: it must not name any that come later
		if more, _, err = s.imported(); err != nil {
			return nil, 0, 0, fmt.Errorf("reading the checkpoints at the second place: %w", err)
		}
	}
	if err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Get(&limit, `SELECT COALESCE(MAX(seq), 0) FROM history`); err != nil {
			return err
		}
		return rx.Select(&notes, `SELECT note FROM checkpoints ORDER BY id`)
	}); err != nil {
		return nil, 0, 0, fmt.Errorf("reading the checkpoints: %w", err)
	}
	ours := note.VerifierList(s.vault.Verifier())
	seen := map[string]bool{}
	for _, msg := range append(notes, more...) {
		if seen[msg] {
			continue
		}
		seen[msg] = true
		n, err := note.Open([]byte(msg), ours)
		if err != nil {
			forged++
			continue
		}
		st, err := parseStatement(n.Text)
		if err != nil {
			forged++
			continue
		}
		list = append(list, st)
	}
	slices.SortStableFunc(list, func(a, b statement) int { return cmp.Compare(a.size, b.size) })
	return list, forged, limit, nil
}
