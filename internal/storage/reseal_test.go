package storage

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

var (
	tableForm  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	columnForm = regexp.MustCompile(`(?m)^  (\w+)\s+(TEXT|BIGINT|BOOLEAN|DATE|TIMESTAMPTZ)\b(.*)$`)
	parentForm = regexp.MustCompile(`REFERENCES (\w+)`)
)

// planter puts one row into each table that a test needs: keys and texts are "row", but for what
// the test seals.
type planter struct {
	t      *testing.T
	tx     *db.Tx
	tables map[string]string
	done   map[string]bool
	own    func(table, column string) (string, bool)
}

func (p *planter) row(table string) {
	if p.done[table] {
		return
	}
	p.done[table] = true
	var names, marks []string
	var args []any
	for _, m := range columnForm.FindAllStringSubmatch(p.tables[table], -1) {
		if parent := parentForm.FindStringSubmatch(m[3]); parent != nil {
			p.row(parent[1])
		}
		if !strings.Contains(m[3], "NOT NULL") && !strings.Contains(m[3], "PRIMARY KEY") {
			continue
		}
		names = append(names, m[1])
		marks = append(marks, fmt.Sprintf("$%d", len(names)))
		args = append(args, p.value(table, m[1], m[2]))
	}
	if len(names) == 0 {
		p.t.Fatalf("no columns of %s found", table)
	}
	if _, err := p.tx.Exec("INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", args...); err != nil {
		p.t.Fatalf("%s: %v", table, err)
	}
}

func (p *planter) value(table, column, kind string) any {
	switch kind {
	case "BIGINT":
		return 1
	case "BOOLEAN":
		return true
	case "DATE":
		return date.Must(2026, 1, 1)
	case "TIMESTAMPTZ":
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if v, ok := p.own(table, column); ok {
		return v
	}
	return "row"
}

func plant(t *testing.T, i *Storage, c config.Config) {
	t.Helper()
	var schema string
	files, err := filepath.Glob("../db/migrations/*.sql")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		schema += string(text)
	}
	if err != nil || schema == "" {
		t.Fatal("no migrations found", err)
	}
	if err := i.DB.Update(t.Context(), func(tx *db.Tx) error {
		p := &planter{t: t, tx: tx, tables: map[string]string{}, done: map[string]bool{}}
		for _, m := range tableForm.FindAllStringSubmatch(schema, -1) {
			p.tables[m[1]] = m[2]
		}
		p.own = func(table, column string) (string, bool) {
			at := slices.IndexFunc(SealedColumns, func(c sealedColumn) bool { return c.table == table && c.column == column })
			if at >= 0 {
				sealed, err := i.Keys.Seal(SealedColumns[at].use("row", "row"), []byte("甲某的"+column))
				if err != nil {
					t.Fatal(err)
				}
				return sealed, true
			}
			for _, f := range sealedFiles {
				if f.table == table && f.column == column {
					return file(t, i, tx, f), true
				}
			}
			return "", false
		}
		for _, c := range SealedColumns {
			p.row(c.table)
		}
		// A column that a later migration adds is not in the row yet.
		for _, c := range SealedColumns {
			sealed, _ := p.own(c.table, c.column)
			if _, err := tx.Exec("UPDATE "+c.table+" SET "+c.column+" = $1", sealed); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func file(t *testing.T, i *Storage, tx *db.Tx, c sealedColumn) string {
	t.Helper()
	sealed, err := i.Keys.Seal(c.use("", "row"), []byte("甲某的文件"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := i.Files.Receive(t.Context(), strings.NewReader(sealed), 1<<20)
	if err == nil {
		err = i.Files.Keep(tx, b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Digest
}

// stale counts what is not sealed with the present key, and opens all of it.
func stale(t *testing.T, i *Storage) (n int) {
	t.Helper()
	if err := i.DB.View(t.Context(), func(tx *db.Tx) error {
		for _, c := range slices.Concat(SealedColumns, sealedFiles) {
			var value string
			if err := tx.One([]any{&value}, "SELECT "+c.column+" FROM "+c.table+" WHERE id = 'row'"); err != nil {
				return fmt.Errorf("%s.%s: %w", c.table, c.column, err)
			}
			want := "甲某的" + c.column
			if c.column == "digest" {
				data, err := i.Files.ReadAll(t.Context(), value)
				if err != nil {
					return err
				}
				value, want = string(data), "甲某的文件"
			}
			if plain, err := i.Keys.Open(c.use("row", "row"), value); err != nil || string(plain) != want {
				t.Errorf("%s.%s: %q %v", c.table, c.column, plain, err)
			}
			if i.Keys.Stale(value) {
				n++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// After a new key was made and everything sealed anew, nothing is left that the old key sealed.
func TestReseal(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		i, by := opened(t, c), actor.System("gongkai key")
		plant(t, i, c)
		serving := i.Keys // of a program that runs on
		if n := stale(t, i); n != 0 {
			t.Fatalf("%d stale before", n)
		}
		if err := i.RotateKey(t.Context(), actor.Actor{ID: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("without the permission: %v", err)
		}
		if err := i.RotateKey(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		all := len(SealedColumns) + len(sealedFiles)
		if n := stale(t, i); n != all {
			t.Fatalf("%d of %d stale after a new key", n, all)
		}
		done, err := i.Reseal(t.Context(), by, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if n := stale(t, i); n != 0 || done.Values != int64(len(SealedColumns)) || done.Files != int64(len(sealedFiles)) || len(done.Lost) != 0 {
			t.Errorf("%d stale, %+v", n, done)
		}
		again, err := i.Reseal(t.Context(), by, quiet)
		if err != nil || again.Values+again.Files != 0 {
			t.Errorf("again: %+v %v", again, err)
		}
		i.Keys = serving
		if n := stale(t, i); n != 0 {
			t.Errorf("the program that runs on finds %d stale", n)
		}
	})
}

// What cannot be opened is named and left as it is.
func TestResealNamesWhatIsLost(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		i, by := opened(t, c), actor.System("gongkai key")
		plant(t, i, c)
		if err := i.DB.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE foi_letter SET sealed = '1.deadbeef.AAAA'")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := i.RotateKey(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		done, err := i.Reseal(t.Context(), by, quiet)
		if err != nil || !slices.Equal(done.Lost, []string{"foi_letter.sealed row"}) {
			t.Errorf("%+v %v", done, err)
		}
	})
}

// Whoever seals something new decides whether it is sealed anew with a new key: SealedColumns, or
// beside it why not.
func TestEverySealingIsKnown(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "grep", "-rlE", `[kK]eys\.Seal\(`, "--include=*.go", "--exclude=*_test.go", "..").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := []string{
		"../account/factor.go", "../account/people.go", "../annual/cycle/carry.go", "../disclosure/credit/import.go", "../foi/applicant_enter.go", "../foi/desk.go",
		"../foi/dispute/desk.go", "../foi/draft.go", "../foi/file.go", "../foi/letter.go", "../identity/sign_in.go", "../ledger/ledger.go", "../mailbox/fetch.go",
		"../notify/notify.go", "../sms/sms.go", "../storage/reseal.go", "../subscription/ask.go", "../web/api/request.go", "../webhook/desk.go",
	}
	for _, name := range strings.Fields(string(out)) {
		if !slices.Contains(known, name) {
			t.Errorf("%s seals something: add its column to SealedColumns and the file to this list", name)
		}
	}
	if _, err := os.Stat("../foi/desk.go"); err != nil {
		t.Fatal(err)
	}
}
