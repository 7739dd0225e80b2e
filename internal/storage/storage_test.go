package storage

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

func quiet(string, int64) {}

// engines runs test with the settings of an empty installation on each engine.
func engines(t *testing.T, test func(t *testing.T, c config.Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, config.Config{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		test(t, config.Config{Data: t.TempDir(), Database: dbtest.EmptyPostgres(t)})
	})
}

func opened(t *testing.T, c config.Config) *Storage {
	t.Helper()
	i, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// filled has an act with a job and a file, and n more entries.
func filled(t *testing.T, i *Storage, n int) (digest string) {
	t.Helper()
	b, err := i.Files.Receive(t.Context(), strings.NewReader("附件的内容"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.DB.Update(t.Context(), func(tx *db.Tx) error {
		if err := i.Files.Keep(tx, b); err != nil {
			return err
		}
		if err := job.Enqueue(tx, "test", "甲", job.At(tx.Now.Add(time.Hour)), job.Unique("k")); err != nil {
			return err
		}
		for k := range n {
			if err := audit.Append(tx, actor.System("test"), audit.Entry{Act: actor.ItemPublish, Subject: "item", ID: fmt.Sprint(k), Title: "关于“印发”的通知\n第二行"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return b.Digest
}

func same(t *testing.T, a, b *db.DB) {
	t.Helper()
	rows := func(d *db.DB) (all string) {
		if err := d.View(t.Context(), func(tx *db.Tx) error {
			tables, err := tx.Tables()
			for _, table := range tables {
				if err == nil {
					all += table.Name + "\n"
					err = tx.EachRow(table, func(r db.Row) error {
						line, err := r.MarshalJSON()
						all += string(line) + "\n"
						return err
					})
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if x, y := rows(a), rows(b); x != y {
		t.Errorf("the databases differ:\n%s\n%s", x, y)
	}
}

func TestAnInstallationIsMadeOnceAndOpenedAgain(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		first := opened(t, c)
		filled(t, first, 3)
		again := opened(t, c)
		if again.Keys.Print() != first.Keys.Print() {
			t.Error("the keys changed")
		}
		if v, err := audit.Verify(t.Context(), again.DB); err != nil || !v.Sound() || v.Entries != 3 {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}

func TestWithoutItsOwnKeysAnInstallationDoesNotOpen(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		opened(t, c)
		path := KeyFile(c.Data)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), c); !errors.Is(err, secret.ErrMissing) {
			t.Errorf("got %v", err)
		}
		if _, err := secret.Create(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), c); !errors.Is(err, ErrOtherKey) {
			t.Errorf("got %v", err)
		}
	})
}

func TestADatabaseOfAnOlderVersionWaitsForMigrate(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		d, err := db.Open(t.Context(), DatabaseURL(c))
		if err != nil {
			t.Fatal(err)
		}
		whole := opened(t, config.Config{Data: t.TempDir()})
		var names, sums []string
		if err := whole.DB.View(t.Context(), func(tx *db.Tx) (err error) {
			names, sums, err = tx.Migrations()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(d.MigrateAs(t.Context(), names[:4], sums[:4]), d.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), c); !errors.Is(err, ErrPending) {
			t.Errorf("got %v", err)
		}
		i, applied, err := Migrate(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if i.Close(); len(applied) != len(names)-4 {
			t.Errorf("applied %v", applied)
		}
		opened(t, c)
	})
}

func TestCopyingToAnotherEngine(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		i := opened(t, c)
		filled(t, i, 450)
		server, err := Take(c.Data, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Copy(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "copy.db"), quiet); !errors.Is(err, ErrCopyServed) {
			t.Errorf("copied while it is served: %v", err)
		}
		if err := server.Leave(); err != nil {
			t.Fatal(err)
		}
		urls := map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "copy.db"), "postgres": ""}
		for name := range urls {
			t.Run("to "+name, func(t *testing.T) {
				url := urls[name]
				if name == "postgres" {
					url = dbtest.EmptyPostgres(t)
				}
				if err := i.Copy(t.Context(), url, quiet); err != nil {
					t.Fatal(err)
				}
				moved := opened(t, config.Config{Data: c.Data, Database: url})
				same(t, i.DB, moved.DB)
				if err := i.Copy(t.Context(), url, quiet); !errors.Is(err, db.ErrUsed) {
					t.Errorf("copied over another: %v", err)
				}
			})
		}
	})
}

func TestABackupMadeWhileServingComesBack(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		i := opened(t, c)
		digest := filled(t, i, 450)
		ctx, stop := context.WithCancel(t.Context())
		wrote := make(chan error, 1)
		go func() { // goes on writing meanwhile
			var err error
			for err == nil && ctx.Err() == nil {
				err = i.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
					return audit.Append(tx, actor.System("test"), audit.Entry{Act: actor.ItemPublish})
				})
			}
			wrote <- err
		}()
		file := filepath.Join(t.TempDir(), "backup.tar.gz")
		m, err := i.Backup(t.Context(), actor.System("backup"), file, true, quiet)
		stop()
		if err := errors.Join(err, <-wrote); err != nil {
			t.Fatal(err)
		}
		if m.Files != 1 || len(m.Lost) != 0 {
			t.Errorf("got %+v", m)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if _, err := i.Backup(t.Context(), actor.System("backup"), file, false, quiet); !errors.Is(err, ErrArchiveExists) {
			t.Errorf("got %v", err)
		}
		engines(t, func(t *testing.T, to config.Config) {
			r, err := Restore(t.Context(), to, file, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if r.NeedsKey || r.Manifest.Anchor != m.Anchor {
				t.Errorf("got %+v", r)
			}
			back := opened(t, to)
			if a, err := audit.Head(t.Context(), back.DB); err != nil || a != m.Anchor {
				t.Errorf("the chain ends at %v, want %v; %v", a, m.Anchor, err)
			}
			if text, err := back.Files.ReadAll(t.Context(), digest); err != nil || string(text) != "附件的内容" {
				t.Errorf("got %q, %v", text, err)
			}
			if _, err := Restore(t.Context(), to, file, quiet); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("restored over another: %v", err)
			}
		})
	})
}

func TestABackupWithoutKeysNeedsThem(t *testing.T) {
	i := opened(t, config.Config{Data: t.TempDir()})
	filled(t, i, 2)
	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	if _, err := i.Backup(t.Context(), actor.System("backup"), file, false, quiet); err != nil {
		t.Fatal(err)
	}
	to := config.Config{Data: t.TempDir()}
	r, err := Restore(t.Context(), to, file, quiet)
	if err != nil || !r.NeedsKey {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := Open(t.Context(), to); !errors.Is(err, secret.ErrMissing) {
		t.Errorf("got %v", err)
	}
	if _, err := secret.Restore(KeyFile(to.Data), i.Keys.Text()); err != nil {
		t.Fatal(err)
	}
	same(t, i.DB, opened(t, to).DB)
	other := config.Config{Data: t.TempDir()}
	if _, err := secret.Create(KeyFile(other.Data)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), other, file, quiet); !errors.Is(err, ErrOtherKey) {
		t.Errorf("got %v", err)
	}
}

// unzipped is what a compressed text says, nil where it does not unpack.
func unzipped(b []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return text
}

// Whatever byte of an archive is damaged or cut off, nothing is left in the database.
func TestDamagedBackupsAreRefused(t *testing.T) {
	i := opened(t, config.Config{Data: t.TempDir()})
	filled(t, i, 20)
	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	if _, err := i.Backup(t.Context(), actor.System("backup"), file, false, quiet); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damage := map[string][]byte{"empty": {}, "no archive": []byte("PK\x03\x04 something else")}
	for n := 1; n < 32; n++ { // past the head, whose time and name mean nothing
		at := 12 + (len(whole)-13)*n/31
		damage[fmt.Sprintf("cut off at %d", at)] = whole[:at]
		flipped := append([]byte(nil), whole...)
		flipped[at] ^= 0x10
		if !bytes.Equal(unzipped(flipped), unzipped(whole)) { // some bits of gzip fill up and mean nothing
			damage[fmt.Sprintf("altered at %d", at)] = flipped
		}
	}
	for name, data := range damage {
		bad := filepath.Join(t.TempDir(), "bad.tar.gz")
		if err := os.WriteFile(bad, data, 0o600); err != nil {
			t.Fatal(err)
		}
		to := config.Config{Data: t.TempDir()}
		if _, err := Restore(t.Context(), to, bad, quiet); err == nil {
			t.Errorf("%s: restored", name)
			continue
		}
		d, err := db.Open(t.Context(), DatabaseURL(to))
		if err != nil {
			t.Fatal(err)
		}
		if pending, err := d.Pending(t.Context()); err == nil && len(pending) == 0 {
			if a, err := audit.Head(t.Context(), d); err != nil || a.Seq != 0 {
				t.Errorf("%s: %v left, %v", name, a, err)
			}
		}
		d.Close()
	}
}

func TestALostFileIsNamedAndTheRestIsBackedUp(t *testing.T) {
	c := config.Config{Data: t.TempDir()}
	i := opened(t, c)
	digest := filled(t, i, 1)
	if err := os.Remove(filepath.Join(c.Data, "files", digest[:2], digest[2:4], digest)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	m, err := i.Backup(t.Context(), actor.System("backup"), file, true, quiet)
	if err != nil || len(m.Lost) != 1 || m.Lost[0] != digest {
		t.Fatalf("got %+v, %v", m, err)
	}
	if _, err := Restore(t.Context(), config.Config{Data: t.TempDir()}, file, quiet); err != nil {
		t.Error(err)
	}
}
