package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// childVar makes the test program the process that is killed: its value is the address of
// the database it writes to.
const childVar = "GONGKAI_TEST_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(childVar); url != "" {
		burst(url)
	}
	os.Exit(m.Run())
}

// burst writes rows from eight goroutines until it is killed, and says each number aloud
// after its commit was acknowledged.
func burst(url string) {
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for n := w; ; n += 8 {
				if err := d.Update(ctx, func(tx *db.Tx) error { return number(tx, n) }); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				fmt.Println(n)
				mu.Unlock()
			}
		})
	}
	all.Wait()
}

// number writes two rows that belong together.
func number(tx *db.Tx, n int) error {
	for _, half := range []string{"a", "b"} {
		if err := tx.Insert("thing", (&thing{ID: half + strconv.Itoa(n), Size: int64(n), Words: []string{}, Raw: []byte{}}).columns()); err != nil {
			return err
		}
	}
	return nil
}

// kill -9 in a burst of writes: whatever was acknowledged is there, nothing is there by half,
// and the database opens and writes as before. Three times over.
func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		d, err := db.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		things(t, d)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		for round := range 3 {
			said := killed(t, url, 200)
			d, err := db.Open(t.Context(), url)
			if err != nil {
				t.Fatalf("round %d: it does not open: %v", round, err)
			}
			settled(t, d, said)
			if err := d.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("DELETE FROM thing")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// each gives test the address of an empty database on each engine.
func each(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, dbtest.EmptyPostgres(t)) })
}

// killed runs the burst, kills it after so many acknowledgements, and returns all it said.
func killed(t *testing.T, url string, after int) (said []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVar+"="+url)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if len(said) == after {
			if err := child.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := child.Wait(); !errors.As(err, &exit) || len(said) < after {
		t.Fatalf("it ended by itself after %d: %v", len(said), err)
	}
	return said
}

// settled makes sure that both halves of each number said are there, and no half alone. The
// server may still be ending the killed client's last transactions: those count as never
// begun or as whole.
func settled(t *testing.T, d *db.DB, said []string) {
	t.Helper()
	found := map[string]bool{}
	if err := d.View(t.Context(), func(tx *db.Tx) error {
		return tx.Each("SELECT id FROM thing", func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			found[id] = true
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	for _, n := range said {
		if !found["a"+n] || !found["b"+n] {
			t.Errorf("%s was acknowledged and is lost", n)
		}
	}
	for id := range found {
		if !found[map[byte]string{'a': "b", 'b': "a"}[id[0]]+id[1:]] {
			t.Errorf("%s is there by half", id)
		}
	}
}

// A full disk is said in words, nothing is half written, and once there is room the same
// act is done.
func TestAFullDiskIsSaidInWords(t *testing.T) {
	d := dbtest.SQLite(t)
	things(t, d)
	write := func() error {
		return d.Update(t.Context(), func(tx *db.Tx) error {
			return tx.Insert("thing", (&thing{ID: db.ID(), Raw: make([]byte, 1<<20)}).columns())
		})
	}
	limited(t, d, 200)
	err := write()
	if !errors.Is(err, db.ErrFull) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "sqlite") || count(t, d) != 0 {
		t.Errorf("got %v, %d rows", err, count(t, d))
	}
	limited(t, d, 1<<30)
	if err := write(); err != nil || count(t, d) != 1 {
		t.Errorf("with room again: %v", err)
	}
}

// limited bounds the pages of the file, which SQLite then takes for a full disk. The setting
// is the writing connection's, of which there is one.
func limited(t *testing.T, d *db.DB, pages int) {
	t.Helper()
	if err := d.Command(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

// A database that refuses writes, as on a disk mounted read-only, says so in the same words.
func TestADatabaseThatCannotBeWrittenIsSaidInWords(t *testing.T) {
	write := func(d *db.DB) error {
		return d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO db_lock (name, taken) VALUES ('x', 1)")
			return err
		})
	}
	t.Run("sqlite", func(t *testing.T) {
		d := dbtest.SQLite(t)
		if err := d.Command(t.Context(), "PRAGMA query_only = 1"); err != nil {
			t.Fatal(err)
		}
		if err := write(d); !errors.Is(err, db.ErrReadOnly) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		url := dbtest.EmptyPostgres(t)
		d, err := db.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(d.Migrate(t.Context()), d.Close()); err != nil {
			t.Fatal(err)
		}
		d, err = db.Open(t.Context(), url+"&default_transaction_read_only=on")
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := write(d); !errors.Is(err, db.ErrReadOnly) {
			t.Errorf("got %v", err)
		}
	})
}

// Four hundred acts at once, each of which adds to a sum that no version guards but a lock.
func TestHundredsOfActsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return tx.Insert("thing", (&thing{ID: "sum"}).columns()) }); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 400 {
			all.Go(func() {
				if err := d.Update(t.Context(), func(tx *db.Tx) error {
					if err := tx.Lock("sum"); err != nil {
						return err
					}
					var n int64
					if err := tx.One([]any{&n}, "SELECT size FROM thing WHERE id = 'sum'"); err != nil {
						return err
					}
					_, err := tx.Exec("UPDATE thing SET size = $1 WHERE id = 'sum'", n+1)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := d.View(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Count("SELECT size FROM thing WHERE id = 'sum'")
			if n != 400 {
				t.Errorf("the sum is %d", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Two rows that two transactions take in opposite order: one is rolled back by the engine
// and run again.
func TestDeadlocksAreRunAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		var all sync.WaitGroup
		// PostgreSQL looks for a deadlock only after a second, so that many take long.
		for i := range 6 {
			first, second := "a", "b"
			if i%2 == 1 {
				first, second = "b", "a"
			}
			all.Go(func() {
				if err := d.Update(ctx, func(tx *db.Tx) error {
					return errors.Join(tx.Lock(first), tx.Lock(second))
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}
