//go:build linux

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gongkai/internal/audit"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/storage"
)

// digests are the rows of each table, as one digest that does not hang on their order.
func digests(t *testing.T, k *storage.Storage) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := k.DB.View(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		for _, table := range tables {
			if err != nil {
				return err
			}
			var sum [32]byte
			n := 0
			err = tx.EachRow(table, func(r db.Row) error {
				line, err := r.MarshalJSON()
				one := sha256.Sum256(line)
				for i := range sum {
					sum[i] ^= one[i]
				}
				n++
				return err
			})
			all[table.Name] = fmt.Sprintf("%d rows, %s", n, hex.EncodeToString(sum[:8]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// differences names the tables that are not the same.
func differences(a, b map[string]string) (all []string) {
	for name := range maps.Keys(a) {
		if a[name] != b[name] {
			all = append(all, fmt.Sprintf("%s: %s and %s", name, a[name], b[name]))
		}
	}
	if len(a) != len(b) {
		all = append(all, "another number of tables")
	}
	return all
}

// A backup is made by the command while people draft, save and upload. It is one state: it
// comes back on SQLite and on PostgreSQL, the same in each table, with every file and a sound
// chain that ends where the backup said.
func TestABackupInABurst(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, n int) {
		var servers []*server
		for range n {
			servers = append(servers, w.start())
		}
		j := &journal{created: map[string]string{}, version: map[string]int64{}}
		var all sync.WaitGroup
		made := make(chan struct{})
		for worker := range 4 {
			all.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-made:
						return
					default:
					}
					if err := w.work(at(servers, worker), j, fmt.Sprintf("连写%d-%d", worker, i), i); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 3 { // some work is done before
			if _, err := servers[0].create(w, "连写之前"); err != nil {
				t.Error(err)
			}
		}
		file := filepath.Join(t.TempDir(), "backup.tar.gz")
		code, out := run(t, w.settings("backup", "--with-keys", file)...)
		close(made)
		all.Wait()
		if code != 0 {
			t.Fatalf("backup: %d, %s", code, out)
		}
		_, anchor, _ := strings.Cut(out, "audit")
		t.Logf("%d drafts were acknowledged meanwhile; %s", len(j.created), strings.TrimSpace(anchor))
		for _, s := range servers {
			s.stop()
		}
		w.comesBack(file)
		w.sound()
	})
}

// comesBack restores a backup on both engines and holds them against each other.
func (w *town) comesBack(file string) {
	w.t.Helper()
	one := w.restored(file, "")
	two := w.restored(file, dbtest.EmptyPostgres(w.t))
	var rows [2]map[string]string
	for i, back := range []*town{one, two} {
		back.kept(func(k *storage.Storage) error {
			rows[i] = digests(w.t, k)
			return nil
		})
		back.sound()
		if code, out := run(w.t, back.settings("restore", file)...); code != 2 || !strings.Contains(out, "empty") {
			w.t.Errorf("restored over an installation: %d, %s", code, out)
		}
	}
	if d := differences(rows[0], rows[1]); len(d) > 0 {
		w.t.Errorf("restored on two engines, they differ: %s", strings.Join(d, "; "))
	}
}

// restored is a town restored from a backup.
func (w *town) restored(file, database string) *town {
	w.t.Helper()
	back := *w
	back.c.Data, back.c.Database = w.t.TempDir(), database
	if code, out := run(w.t, back.settings("restore", file)...); code != 0 {
		w.t.Fatalf("restore: %d, %s", code, out)
	}
	return &back
}

// SQLite to PostgreSQL to SQLite: every table is the same at the end.
func TestThereAndBack(t *testing.T) {
	w := newTown(t, t.TempDir(), "")
	w.schedule(5)
	there, back := dbtest.EmptyPostgres(t), "sqlite:"+filepath.Join(t.TempDir(), "back.db")
	if code, out := run(t, w.settings("db", "copy", "--to", there)...); code != 0 {
		t.Fatalf("to PostgreSQL: %d, %s", code, out)
	}
	if code, out := run(t, w.settings("db", "copy", "--to", there)...); code != 2 {
		t.Errorf("copied over another: %d, %s", code, out)
	}
	moved := *w
	moved.c.Database = there
	if code, out := run(t, moved.settings("db", "copy", "--to", back)...); code != 0 {
		t.Fatalf("back to SQLite: %d, %s", code, out)
	}
	home := *w
	home.c.Database = back
	var rows [3]map[string]string
	for i, one := range []*town{w, &moved, &home} {
		one.kept(func(k *storage.Storage) error {
			rows[i] = digests(t, k)
			v, err := audit.Verify(t.Context(), k.DB)
			if err == nil && !v.Sound() {
				t.Errorf("%s: the chain does not hold", one.c.Database)
			}
			return err
		})
	}
	for _, other := range rows[1:] {
		if d := differences(rows[0], other); len(d) > 0 {
			t.Errorf("they differ: %s", strings.Join(d, "; "))
		}
	}
}

// What an installation lacks or has too much of is said before anything is changed.
func TestWhatDoesNotOpen(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, _ int) {
		w.kept(func(k *storage.Storage) error {
			return k.DB.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("INSERT INTO db_migration (name, checksum, applied_at) VALUES ('9999_later', 'x', $1)", tx.Now)
				return err
			})
		})
		for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"migrate"}, {"audit", "verify"}} {
			if code, out := run(t, w.settings(args...)...); code != 2 || !strings.Contains(out, "newer version") || !strings.Contains(out, "9999_later") {
				t.Errorf("%s on a newer database: %d, %s", args[0], code, out)
			}
		}
		if err := os.Remove(filepath.Join(w.c.Data, "gongkai.key")); err != nil {
			t.Fatal(err)
		}
		w.forget("9999_later")
		if code, out := run(t, w.settings("serve", "--addr", "127.0.0.1:0")...); code != 2 || !strings.Contains(out, "gongkai.key") {
			t.Errorf("without its keys: %d, %s", code, out)
		}
	})
}

// forget takes a migration out of the list of those applied.
func (w *town) forget(name string) {
	w.t.Helper()
	d, err := db.Open(w.t.Context(), storage.DatabaseURL(config.Config{Data: w.c.Data, Database: w.c.Database}))
	if err != nil {
		w.t.Fatal(err)
	}
	defer d.Close()
	if err := d.Update(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM db_migration WHERE name = $1", name)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}
