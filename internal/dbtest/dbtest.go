// Package dbtest gives a test a fresh, migrated database on each engine.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	return open(t, create(t, true))
}

// EmptyPostgres returns the address of a fresh database without tables, or skips as Postgres
// does.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	return create(t, false)
}

// create makes a database on the server, which the test's end removes.
func create(t testing.TB, migrated bool) string {
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
	like := "template1"
	if migrated {
		like, err = model(ctx, admin, server)
	}
	if err == nil {
		err = admin.Command(ctx, "CREATE DATABASE "+name+" TEMPLATE "+like)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.Command(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u, err := address(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// models guards the making of models within a process.
var models sync.Mutex

// model returns the name of a migrated database of which the tests' ones are copies. It is
// made once a server and state of the tables; of two processes that make it at once, one
// finds it made.
func model(ctx context.Context, admin *db.DB, server string) (string, error) {
	models.Lock()
	defer models.Unlock()
	schema, err := db.Schema()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(schema))
	name := "gongkai_model_" + hex.EncodeToString(sum[:8])
	found := false
	err = admin.View(ctx, func(tx *db.Tx) error {
		n, err := tx.Count("SELECT count(*) FROM pg_database WHERE datname = $1", name)
		found = n > 0
		return err
	})
	if err != nil || found {
		return name, err
	}
	making := "gongkai_making_" + strings.ReplaceAll(db.ID(), "-", "")
	if err := admin.Command(ctx, "CREATE DATABASE "+making); err != nil {
		return "", err
	}
	if err := migrateAt(ctx, server, making); err != nil {
		return "", errors.Join(err, admin.Command(ctx, "DROP DATABASE "+making+" WITH (FORCE)"))
	}
	if err := admin.Command(ctx, "ALTER DATABASE "+making+" RENAME TO "+name); err != nil {
		return name, admin.Command(ctx, "DROP DATABASE "+making+" WITH (FORCE)")
	}
	return name, nil
}

func migrateAt(ctx context.Context, server, name string) error {
	u, err := address(server, name)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, u)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx), d.Close())
}

// address is that of a database beside the server's own.
func address(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
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
