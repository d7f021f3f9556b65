package submissionstore

import (
	"context"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

func runPlace(id review.SubmissionID, run int) seal.Place {
	return seal.Place{Table: "check_runs", Column: "ledger", Row: string(id), Version: int64(run)}
}

// keepRun writes down a run of the checks as it was.
func (st *Store) keepRun(tx *sqlite.Tx, box *seal.Box, s *review.Submission, ledger []review.Check) error {
	packed, err := pack(ledger)
	if err != nil {
		return err
	}
	var run int
	if err := tx.Get(&run, `SELECT COALESCE(MAX(run), 0) + 1 FROM check_runs WHERE submission = ?`, s.ID); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO check_runs (submission, run, at, rules, ledger) VALUES (?, ?, ?, ?, ?)`,
		s.ID, run, st.Clock.Now().UnixMilli(), s.Rules, box.Seal(runPlace(s.ID, run), packed))
	return err
}

// Run is one run of the checks, as it was.
type Run struct {
	Number int
	At     time.Time
	Rules  string
	Ledger []review.Check
}

// Runs returns the runs of the checks of a submission, oldest first.
func (st *Store) Runs(ctx context.Context, id review.SubmissionID) (runs []Run, err error) {
	var rows []struct {
		Run    int    `db:"run"`
		At     int64  `db:"at"`
		Rules  string `db:"rules"`
		Ledger []byte `db:"ledger"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Select(&rows, `SELECT run, at, rules, ledger FROM check_runs WHERE submission = ? ORDER BY run`, id); err != nil || len(rows) == 0 {
			return err
		}
		box, err := st.Vault.Box(rx, owner(id))
		if err != nil {
			return err
		}
		for _, r := range rows {
			packed, err := box.Open(runPlace(id, r.Run), r.Ledger)
			if err != nil {
				return err
			}
			run := Run{Number: r.Run, At: sqlite.Moment(r.At), Rules: r.Rules}
			if err := unpack(packed, &run.Ledger); err != nil {
				return err
			}
			runs = append(runs, run)
		}
		return nil
	})
	return runs, err
}

// Stale lists submissions in the queue whose checks ran by other rules than the given
// set.
func (st *Store) Stale(ctx context.Context, rules string, limit int) ([]review.SubmissionID, error) {
	ids, err := st.ids(ctx, `SELECT id FROM submissions WHERE status = 'queued' AND rules < ? ORDER BY rules, id LIMIT ?`, rules, limit)
	if err != nil || len(ids) > 0 {
		return ids, err
	}
	return st.ids(ctx, `SELECT id FROM submissions WHERE status = 'queued' AND rules > ? ORDER BY rules, id LIMIT ?`, rules, limit)
}

// SentAfter lists submissions that were sent, oldest first, after the given one; an
// empty id begins with the first.
func (st *Store) SentAfter(ctx context.Context, after review.SubmissionID, limit int) ([]review.SubmissionID, error) {
	var at int64
	if after != "" {
		if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
			return rx.Get(&at, `SELECT submitted_at FROM submissions WHERE id = ?`, after)
		}); err != nil {
			return nil, err
		}
	}
	return st.ids(ctx, `SELECT id FROM submissions WHERE submitted_at <> 0 AND (submitted_at, id) > (?, ?) ORDER BY submitted_at, id LIMIT ?`, at, string(after), limit)
}

// SwitchedRules returns the versions of rules that differ from those of a new desk, by
// code.
func (st *Store) SwitchedRules(ctx context.Context) (map[string]string, error) {
	var rows []struct {
		Code    string `db:"code"`
		Version string `db:"version"`
	}
	if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&rows, `SELECT code, version FROM check_rules`) }); err != nil {
		return nil, err
	}
	switched := make(map[string]string, len(rows))
	for _, r := range rows {
		switched[r.Code] = r.Version
	}
	return switched, nil
}

// SwitchRule switches a check to a version, or off with an empty one, together with
// its event.
func (st *Store) SwitchRule(ctx context.Context, code, version string, e review.Event) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`INSERT INTO check_rules (code, version, at) VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE SET version = excluded.version, at = excluded.at`,
			code, version, e.At.UnixMilli()); err != nil {
			return err
		}
		return st.History.Append(tx, e)
	})
}
