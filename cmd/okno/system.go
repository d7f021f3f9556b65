package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"okno/db/historystore"
	"okno/db/migrations"
	"okno/db/sqlite"
	"okno/handlers/infoweb"
)

// Facts gathers what the system page tells.
func (k *desk) Facts(ctx context.Context) (infoweb.Facts, error) {
	f := infoweb.Facts{
		Version: version(), Runtime: runtime.Version(), Started: k.started, Operator: k.config.Operator, PublicURL: k.config.Public.String(),
		Mirror: k.config.Mirror != "", Mail: k.config.SMTP.Host != "", SMS: k.config.SMS.URL != "", Mailbox: k.config.Demo,
		LogBytes: k.data.db.WALSize(),
	}
	k.helpers.facts(ctx, &f)
	if info, err := os.Stat(filepath.Join(k.config.Data, "okno.db")); err == nil {
		f.DatabaseBytes = info.Size()
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(k.config.Data, &disk); err == nil {
		f.FreeBytes, f.TotalBytes = int64(disk.Bavail)*disk.Bsize, int64(disk.Blocks)*disk.Bsize
	}
	if err := k.databaseFacts(ctx, &f); err != nil {
		return f, err
	}
	return f, k.messageFacts(ctx, &f)
}

func (k *desk) databaseFacts(ctx context.Context, f *infoweb.Facts) error {
	signed, err := historystore.Audit{History: k.history}.LastCheckpoint(ctx)
	if err != nil {
		return err
	}
	f.Signed, f.SignedAt = signed.Entries, signed.At
	steps, err := migrations.Applied(ctx, k.data.db)
	if err != nil {
		return err
	}
	for _, s := range steps {
		f.Migrations = append(f.Migrations, infoweb.Migration{Number: s.Number, Name: s.Name, At: time.UnixMilli(s.At)})
	}
	return k.data.db.Read(ctx, func(rx *sqlite.Rx) error {
		var found string
		if err := rx.Get(&found, `PRAGMA quick_check(1)`); err != nil {
			return err
		}
		f.DatabaseOK = found == "ok"
		return nil
	})
}

func (k *desk) messageFacts(ctx context.Context, f *infoweb.Facts) error {
	var err error
	if f.Waiting, err = k.outbox.Waiting(ctx); err != nil {
		return err
	}
	dead, err := k.outbox.Dead(ctx)
	if err != nil {
		return err
	}
	for _, m := range dead {
		f.Dead = append(f.Dead, infoweb.DeadMessage{Kind: m.Kind, Channel: m.Channel, Code: m.LastError, Attempts: m.Attempts, At: m.CreatedAt})
	}
	return nil
}
