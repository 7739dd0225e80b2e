package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/i18n"
)

var auditor = actor.Actor{ID: "z", Name: "审计员甲", Grants: []actor.Grant{{Role: actor.Auditor}}}

// filled writes n entries, of two agencies in turn, a day apart.
func filled(t *testing.T, d *db.DB, n int) {
	t.Helper()
	for i := range n {
		d.Clock = func() time.Time { return dbtest.Noon.AddDate(0, 0, i) }
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			return Append(tx, actor.System("test"), Entry{Act: actor.ItemPublish, Agency: fmt.Sprintf("a%d", i%2), Subject: "item",
				ID: fmt.Sprint(i + 1), Title: fmt.Sprintf("关于%d的通知", i+1), Reason: "=1+1", Detail: map[string]int{"n": i}})
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func command(t *testing.T, d *db.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := d.Command(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// R-SEC-04: what somebody with access to the database, but not to the key, can do to it.
func TestTamperingIsFound(t *testing.T) {
	var anchor Anchor // of the seventh entry, made before the tampering
	for _, test := range []struct {
		name       string
		statements []string
		anchored   bool
		found      []string // messages, in order
	}{
		{"nothing", nil, true, nil},
		{"a reason altered", []string{"UPDATE audit_entry SET reason = 'x' WHERE seq = 3"}, false, []string{"audit.verify.altered"}},
		{"a time altered by a microsecond", []string{"UPDATE audit_entry SET at = '2026-11-23T04:00:00.000001Z' WHERE seq = 1"}, false, []string{"audit.verify.altered"}},
		{"an entry taken out", []string{"DELETE FROM audit_entry WHERE seq = 3"}, false, []string{"audit.verify.gap_one"}},
		{"three taken out", []string{"DELETE FROM audit_entry WHERE seq BETWEEN 3 AND 5"}, false, []string{"audit.verify.gap"}},
		{"the first taken out", []string{"DELETE FROM audit_entry WHERE seq = 1"}, false, []string{"audit.verify.gap_one"}},
		{"one taken out, the rest moved up", []string{"DELETE FROM audit_entry WHERE seq = 7", "UPDATE audit_entry SET seq = 7 WHERE seq = 8",
			"UPDATE audit_head SET seq = 7"}, false, []string{"audit.verify.broken", "audit.verify.altered"}},
		{"two exchanged", []string{"UPDATE audit_entry SET seq = 100 WHERE seq = 3", "UPDATE audit_entry SET seq = 3 WHERE seq = 4",
			"UPDATE audit_entry SET seq = 4 WHERE seq = 100"}, false,
			[]string{"audit.verify.broken", "audit.verify.altered", "audit.verify.broken", "audit.verify.altered", "audit.verify.broken"}},
		{"the end cut off", []string{"DELETE FROM audit_entry WHERE seq > 6"}, false, []string{"audit.verify.end"}},
		{"the end cut off and its note changed", []string{"DELETE FROM audit_entry WHERE seq > 6",
			"UPDATE audit_head SET seq = 6, digest = (SELECT digest FROM audit_entry WHERE seq = 6)"}, true, []string{"audit.verify.cut"}},
		{"everything taken out", []string{"DELETE FROM audit_entry", "UPDATE audit_head SET seq = 0, digest = ''"}, true, []string{"audit.verify.cut"}},
		{"the note of the end taken out", []string{"DELETE FROM audit_head"}, false, []string{"audit.verify.end"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				filled(t, d, 7)
				var err error
				if anchor, err = Head(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				filled(t, d, 1)
				command(t, d, test.statements...)
				var anchors []Anchor
				if test.anchored {
					anchors = []Anchor{anchor}
				}
				v, err := Verify(t.Context(), d, anchors...)
				if err != nil {
					t.Fatal(err)
				}
				var found []string
				for _, p := range v.Problems {
					found = append(found, p.Message.Key)
				}
				if !slices.Equal(found, test.found) || v.Sound() != (len(test.found) == 0) {
					t.Errorf("found %v, want %v", found, test.found)
				}
			})
		})
	}
}

// Who holds the key too can write the whole chain anew; an anchor kept elsewhere tells.
func TestAChainWrittenAnewDiffersFromItsAnchor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		filled(t, d, 3)
		anchor, err := Head(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		command(t, d, "DELETE FROM audit_entry", "UPDATE audit_head SET seq = 0, digest = ''")
		filled(t, d, 2)
		d.Clock = func() time.Time { return dbtest.Noon }
		filled(t, d, 2)
		if v, err := Verify(t.Context(), d); err != nil || !v.Sound() {
			t.Errorf("got %+v, %v", v, err)
		}
		v, err := Verify(t.Context(), d, anchor)
		if err != nil || v.Found != 1 || v.Problems[0].Message.Key != "audit.verify.anchor" || v.Problems[0].Seq != 3 {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}

func TestAnotherKeyFindsEveryEntryAndTellsOfAHundred(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		filled(t, d, 103)
		d.ChainKey = []byte("another")
		v, err := Verify(t.Context(), d)
		if err != nil || v.Found != 103 || len(v.Problems) != 100 || v.Entries != 103 {
			t.Errorf("found %d, told %d, %v", v.Found, len(v.Problems), err)
		}
	})
}

func TestAnchorsAreReadAsTheyAreWritten(t *testing.T) {
	a := Anchor{7, strings.Repeat("0a", 32)}
	if got, err := ParseAnchor(" " + a.String() + "\n"); err != nil || got != a {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "7", "7-", "0-" + a.Digest, "-7-" + a.Digest, "x-" + a.Digest, "7-" + a.Digest[1:], "7-" + strings.Repeat("G", 64)} {
		if _, err := ParseAnchor(text); !errors.Is(err, ErrAnchor) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestSearching(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		filled(t, d, 6) // on 23 to 28 November 2026
		desk := &Desk{d}
		for _, test := range []struct {
			name string
			q    Query
			seqs []int64
		}{
			{"all", Query{}, []int64{6, 5, 4, 3, 2, 1}},
			{"an agency", Query{Agency: "a1"}, []int64{6, 4, 2}},
			{"a record", Query{Subject: "item", ID: "3"}, []int64{3}},
			{"an act", Query{Act: actor.ItemRetract}, nil},
			{"an actor", Query{Actor: "system"}, []int64{6, 5, 4, 3, 2, 1}},
			{"words", Query{Text: "关于5"}, []int64{5}},
			{"words in the actor's name, in other letters", Query{Text: "TEST", Agency: "a0"}, []int64{5, 3, 1}},
			{"a sign of patterns", Query{Text: "%"}, nil},
			{"another", Query{Text: "_于5"}, nil},
			{"a day", Query{From: date.Must(2026, 11, 25), To: date.Must(2026, 11, 25)}, []int64{3}},
			{"from a day", Query{From: date.Must(2026, 11, 27)}, []int64{6, 5}},
			{"to a day", Query{To: date.Must(2026, 11, 23)}, []int64{1}},
			{"a page", Query{Limit: 2}, []int64{6, 5}},
			{"the next page", Query{Limit: 2, After: 5}, []int64{4, 3}},
			{"the page before", Query{Limit: 2, Before: 2}, []int64{4, 3}},
		} {
			if test.q.Limit == 0 {
				test.q.Limit = 100
			}
			rows, err := desk.List(t.Context(), auditor, test.q)
			if err != nil {
				t.Fatal(err)
			}
			var seqs []int64
			for _, r := range rows {
				seqs = append(seqs, r.Seq)
			}
			if !slices.Equal(seqs, test.seqs) {
				t.Errorf("%s: got %v, want %v", test.name, seqs, test.seqs)
			}
		}
		if r, err := desk.Get(t.Context(), auditor, 2); err != nil || r.SubjectID != "2" {
			t.Errorf("got %+v, %v", r, err)
		}
		if _, err := desk.Get(t.Context(), auditor, 9); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOnlyAuditorsReadAndExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		filled(t, d, 1)
		desk := &Desk{d}
		for _, role := range append(slices.Clone(actor.Roles), actor.Program) {
			by := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: role}}}
			_, list := desk.List(t.Context(), by, Query{Limit: 1})
			_, get := desk.Get(t.Context(), by, 1)
			export := desk.Export(t.Context(), by, Query{}, CSV, i18n.To(i18n.English), &bytes.Buffer{})
			for what, err := range map[string]error{"list": list, "get": get, "export": export} {
				may := role == actor.Auditor || role == actor.Program && what == "export" // by who runs the server
				if allowed := err == nil; allowed != may {
					t.Errorf("%s: %s: %v", role, what, err)
				}
			}
		}
	})
}

func TestExports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		filled(t, d, 2)
		desk, p := &Desk{d}, i18n.To(i18n.Chinese)
		export := func(f Format) string {
			var b bytes.Buffer
			if err := desk.Export(t.Context(), auditor, Query{Subject: "item"}, f, p, &b); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		text := export(CSV)
		lines := strings.Split(strings.TrimSpace(text), "\r\n")
		if len(lines) != 3 || !strings.HasPrefix(lines[0], "\ufeff序号,时间,操作人") || !strings.HasPrefix(lines[1], "2,2026-11-24 12:00:00,test,") ||
			!strings.Contains(lines[1], ",'=1+1,") {
			t.Errorf("got %s", text)
		}
		var one struct {
			Seq    int64
			Reason string
			Detail map[string]int
		}
		text = export(Lines)
		if err := json.Unmarshal([]byte(strings.Split(text, "\n")[1]), &one); err != nil || one.Seq != 1 || one.Reason != "=1+1" || one.Detail["n"] != 0 {
			t.Errorf("got %+v, %v", one, err)
		}
		book, err := excelize.OpenReader(strings.NewReader(export(XLSX)))
		if err != nil {
			t.Fatal(err)
		}
		cell, err := book.GetCellValue("Sheet1", "L2")
		formula, _ := book.GetCellFormula("Sheet1", "L2")
		if err != nil || cell != "=1+1" || formula != "" {
			t.Errorf("got %q, formula %q, %v", cell, formula, err)
		}
		rows, err := desk.List(t.Context(), auditor, Query{Act: actor.AuditExport, Limit: 10})
		if err != nil || len(rows) != 3 || rows[0].Actor != "z" || !strings.Contains(rows[0].Detail, `"Subject":"item"`) {
			t.Errorf("%d exports noted, %v", len(rows), err)
		}
	})
}

// A long export is read page by page.
func TestExportsOfSeveralPages(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := d.Update(t.Context(), func(tx *db.Tx) error {
		for range 2500 {
			if err := Append(tx, actor.System("test"), Entry{Act: actor.ItemPublish}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (&Desk{d}).Export(t.Context(), auditor, Query{}, Lines, i18n.To(i18n.English), &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 2500 {
		t.Errorf("%d lines", n)
	}
}

func BenchmarkAppend(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b)
			for b.Loop() {
				if err := d.Update(b.Context(), func(tx *db.Tx) error {
					return Append(tx, auditor, Entry{Act: actor.ItemPublish, Subject: "item", ID: "x", Title: "关于印发办法的通知"})
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	d := dbtest.SQLite(b)
	const entries = 10000
	if err := d.Update(b.Context(), func(tx *db.Tx) error {
		for range entries {
			if err := Append(tx, auditor, Entry{Act: actor.ItemPublish, Subject: "item", ID: "x", Title: "关于印发办法的通知"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if v, err := Verify(b.Context(), d); err != nil || !v.Sound() {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
