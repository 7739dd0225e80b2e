package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"gongkai/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the database was last used by a newer version of the program.
var ErrNewer = &fault.Error{Kind: fault.Conflict, Code: "db.newer"}

// ErrChanged says that a migration was edited after it had been applied.
var ErrChanged = &fault.Error{Kind: fault.Conflict, Code: "db.changed"}

type migration struct {
	name     string // 0031_item
	text     string
	checksum string
}

// Migrate brings the tables to the state the program needs: each missing migration in
// the order of its number, each in a transaction of its own. Two processes that start at
// once do it one after the other.
func (d *DB) Migrate(ctx context.Context) error {
	all, err := readMigrations(migrations)
	if err != nil {
		return err
	}
	if err := d.migrationTable(ctx); err != nil {
		return err
	}
	if err := d.checkNewer(ctx, all); err != nil {
		return err
	}
	for _, m := range all {
		if err := d.apply(ctx, m); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

func readMigrations(tree fs.FS) ([]migration, error) {
	names, err := fs.Glob(tree, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		short := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		all = append(all, migration{short, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// Schema names the state of the tables this program needs: the last migration's name and a
// digest over all of them.
func Schema() (string, error) {
	all, err := readMigrations(migrations)
	if err != nil || len(all) == 0 {
		return "", err
	}
	sum := sha256.New()
	for _, m := range all {
		sum.Write([]byte(m.name + m.checksum))
	}
	return all[len(all)-1].name + "-" + hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

// migrationTable makes the two tables the runner itself needs. On PostgreSQL two
// processes may both try: whoever loses finds them made.
func (d *DB) migrationTable(ctx context.Context) error {
	make := func(tx *Tx) error {
		for _, s := range []string{
			`CREATE TABLE IF NOT EXISTS db_migration (
				name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)`,
			`CREATE TABLE IF NOT EXISTS db_lock (name TEXT PRIMARY KEY, taken BIGINT NOT NULL)`,
		} {
			if _, err := tx.Exec(s); err != nil {
				return err
			}
		}
		return nil
	}
	err := d.Update(ctx, make)
	if err != nil && d.Engine == PostgreSQL {
		err = d.Update(ctx, make)
	}
	return err
}

// apply runs m unless it has been run.
func (d *DB) apply(ctx context.Context, m migration) error {
	return d.Update(ctx, func(tx *Tx) error {
		if err := tx.Lock("migrate"); err != nil {
			return err
		}
		var sum string
		err := tx.One([]any{&sum}, "SELECT checksum FROM db_migration WHERE name = $1", m.name)
		switch {
		case err == nil && sum != m.checksum:
			return ErrChanged.With("name", m.name)
		case err == nil:
			return nil
		case !errors.Is(err, ErrNone):
			return err
		}
		for _, s := range statements(m.text) {
			if _, err := tx.tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", brief(s), err)
			}
		}
		_, err = tx.Exec("INSERT INTO db_migration (name, checksum, applied_at) VALUES ($1, $2, $3)",
			m.name, m.checksum, tx.Now)
		return err
	})
}

// checkNewer refuses a database that holds migrations this program does not know.
func (d *DB) checkNewer(ctx context.Context, all []migration) error {
	known := map[string]bool{}
	for _, m := range all {
		known[m.name] = true
	}
	return d.View(ctx, func(tx *Tx) error {
		return tx.Each("SELECT name FROM db_migration ORDER BY name", func(scan func(...any) error) error {
			var name string
			if err := scan(&name); err != nil {
				return err
			}
			if !known[name] {
				return ErrNewer.With("name", name)
			}
			return nil
		})
	})
}

// statements splits a migration's text: a statement ends with the line that ends in a
// semicolon; lines that begin with -- are remarks.
func statements(text string) []string {
	var all []string
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		b.WriteString(line + "\n")
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			all = append(all, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" {
		all = append(all, rest)
	}
	return all
}
