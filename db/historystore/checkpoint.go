package historystore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"okno/db/sqlite"
	"okno/review"
)

const origin = "okno/history"

// statement is what a checkpoint says.
type statement struct {
	size int64
	root tlog.Hash
	at   time.Time
}

// text is the body of the signed note: origin, size, root, time.
func (s statement) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, s.size, s.root, s.at.UTC().Format(time.RFC3339Nano))
}

func parseStatement(text string) (statement, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] != origin || lines[4] != "" {
		return statement{}, errors.New("no checkpoint of the history")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return statement{}, errors.New("checkpoint without a size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return statement{}, errors.New("checkpoint without a root")
	}
	at, err := time.Parse(time.RFC3339Nano, lines[3])
	if err != nil {
		return statement{}, errors.New("checkpoint without a time")
	}
	return statement{size, root, at}, nil
}

// outsideLine is one line of the file at the second place.
type outsideLine struct {
	Note string `json:"note"`
}

// Checkpoint signs the present size and root of the history and keeps the
// statement in the database and in the file outside. When nothing was appended
// since the last one, it only sees to it that the file has it too.
func (s *Store) Checkpoint(ctx context.Context) error {
	var msg string
	if err := s.db.Write(ctx, func(tx *sqlite.Tx) error {
		var size int64
		if err := tx.Get(&size, `SELECT COALESCE(MAX(seq), 0) FROM history`); err != nil || size == 0 {
			return err
		}
		var last struct {
			Size int64  `db:"size"`
			Note string `db:"note"`
		}
		err := tx.Get(&last, `SELECT size, note FROM checkpoints ORDER BY id DESC LIMIT 1`)
		if err == nil && last.Size == size {
			msg = last.Note
			return nil
		}
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return err
		}
		root, err := tlog.TreeHash(size, stored(tx.Rx))
		if err != nil {
			return err
		}
		now := s.clock.Now()
		signed, err := note.Sign(&note.Note{Text: statement{size, root, now}.text()}, s.vault.Signer())
		if err != nil {
			return err
		}
		msg = string(signed)
		_, err = tx.Exec(`INSERT INTO checkpoints (size, at, note) VALUES (?, ?, ?)`, size, now.UnixMilli(), msg)
		return err
	}); err != nil {
		return fmt.Errorf("checkpoint of the history: %w", err)
	}
	if s.outside == "" || msg == "" {
		return nil
	}
	if err := s.export(msg); err != nil {
		return fmt.Errorf("checkpoint at the second place: %w", err)
	}
	return nil
}

// export appends the note to the file outside unless it is the last one there.
func (s *Store) export(msg string) error {
	notes, torn, err := s.imported()
	if err != nil {
		return err
	}
	if len(notes) > 0 && notes[len(notes)-1] == msg {
		return nil
	}
	line, err := json.Marshal(outsideLine{msg})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(s.outside, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if torn {
		line = append([]byte{'\n'}, line...)
	}
	_, err = f.Write(append(line, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(s.outside))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// imported reads the notes of the file outside. A line that a crash left
// without its end is skipped; torn says that the last one is such a line.
func (s *Store) imported() (notes []string, torn bool, err error) {
	text, err := os.ReadFile(s.outside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	for line := range strings.Lines(string(text)) {
		whole, ended := strings.CutSuffix(line, "\n")
		torn = !ended
		if torn || !strings.HasSuffix(whole, `"}`) {
			continue
		}
		var l outsideLine
		if json.Unmarshal([]byte(whole), &l) != nil {
			l.Note = whole // Verify reports it as a statement that is not ours
		}
		notes = append(notes, l.Note)
	}
	return notes, torn, nil
}
