// Package dbtest gives a test a fresh, migrated database on each engine.
package dbtest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/db"
)

// PostgresVar names the environment variable with the address of a PostgreSQL server on
// which tests may make and drop databases: "postgres://user@host:port/postgres".
const PostgresVar = "GONGKAI_TEST_PG"

// Noon is what the databases' clocks show until a test moves them: noon of a Monday in
// China that is a working day.
var Noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// Each runs test on SQLite and, where its address is set, on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

var template struct {
	sync.Once
	bytes []byte
	err   error
}

// SQLite returns a fresh database in a file that the test's end removes. Migrations run
// once a process; each test gets a copy.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	template.Do(func() { template.bytes, template.err = migrated() })
	if template.err != nil {
		t.Fatal(template.err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template.bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+path)
}

func migrated() ([]byte, error) {
	dir, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		d.Close()
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// Postgres returns a fresh database on the server of PostgresVar. When none is named the
// test is skipped, but fails where CI is true, so that a run which left out an engine is
// never taken for a whole one.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	server := os.Getenv(PostgresVar)
	if server == "" && os.Getenv("CI") == "true" {
		t.Fatal(PostgresVar + " is not set")
	}
	if server == "" {
		t.Skip(PostgresVar + " is not set; scripts/postgres-test.sh starts a server")
	}
	ctx := context.Background()
	admin, err := db.Open(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	name := "gongkai_" + strings.ReplaceAll(db.ID(), "-", "")
	if err := admin.Command(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.Command(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	d := open(t, u.String())
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	d.Clock = func() time.Time { return Noon }
	d.ChainKey = []byte("a key of tests only")
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
