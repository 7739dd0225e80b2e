package search

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// Documents that came in many small batches, some of them several times, are found as a reader
// of all texts would find them, and the segments stay few.
func TestManySegments(t *testing.T) {
	d := dbtest.SQLite(t)
	s := shelf{}
	x := open(t, d, s)
	catchUp(t, x)
	r := rand.New(rand.NewPCG(3, 5))
	runes := []rune("公开信息政府工作年度报告abc ")
	for n := 0; n < 6000; {
		var ids []string
		for range 1 + r.IntN(60) {
			text := make([]rune, 30)
			for i := range text {
				text[i] = runes[r.IntN(len(runes))]
			}
			id := fmt.Sprint(r.IntN(5000))
			s[id] = Document{ID: id, At: day(1 + r.IntN(20)), Agency: fmt.Sprint(r.IntN(3)), Title: "题", Body: string(text)}
			ids = append(ids, id)
		}
		change(t, d, ids...)
		n += catchUp(t, x)
	}
	all := x.vol.all()
	if len(all) > 5*fan {
		t.Errorf("%d segments", len(all))
	}
	for _, q := range []Query{
		{Text: "公开"}, {Text: "府"}, {Text: "信息公"}, {Text: "工作 -报告"}, {Text: "年度 告公", Agencies: []string{"1", "2"}},
		{Text: "abc"}, {Text: "开信 息政 府工"},
	} {
		if got, want := everything(t, x, q), byReading(t, s, q); !slices.Equal(got, want) {
			t.Errorf("%s: %d found, %d there are", q.Text, len(got), len(want))
		}
	}
}

// everything walks through all pages of a query.
func everything(t *testing.T, x *Index, q Query) (ids []string) {
	q.Limit = 100
	for {
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		if q.After = r.Next; q.After == "" {
			slices.Sort(ids)
			return ids
		}
	}
}

// byReading finds in the texts themselves.
func byReading(t *testing.T, s shelf, q Query) (ids []string) {
	for id, d := range s {
		fits := len(q.Agencies) == 0 || slices.Contains(q.Agencies, d.Agency)
		for _, w := range strings.Fields(q.Text) {
			word, not := strings.CutPrefix(w, "-")
			in := strings.Contains(d.Body, word)
			if word == "abc" { // words of letters are found whole
				in = slices.Contains(strings.FieldsFunc(d.Body, func(r rune) bool { return r > 'z' || r < 'a' }), word)
			}
			fits = fits && in != not
		}
		if fits {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		t.Fatalf("%s is nowhere", q.Text)
	}
	return ids
}

// A merge that a crash broke off leaves no blocks behind, and documents that changed while one
// was made stay out of what it made.
func TestABrokenMergeLeavesNothing(t *testing.T) {
	d := dbtest.SQLite(t)
	s := shelf{}
	x := open(t, d, s)
	catchUp(t, x)
	for i := range 5 {
		id := fmt.Sprint(i)
		s[id] = Document{ID: id, At: day(1 + i), Title: "题", Body: "公开内容"}
		change(t, d, id)
		catchUp(t, x)
	}
	some := x.vol.all()
	g := x.vol.prepare(some)
	for _, row := range []string{"1", "3"} { // they change while the merge is under way
		doc := s[row]
		doc.Body = "改写"
		s[row] = doc
		change(t, d, row)
	}
	err := x.vol.file.Update(t.Context(), func(tx *db.Tx) error {
		_, err := g.write(tx)
		return errors.Join(err, drop(tx, some, g.out))
	})
	if err != nil {
		t.Fatal(err)
	}
	catchUp(t, x)
	x.vol.replace(some, g.s)
	if got := find(t, x, Query{Text: "公开内容"}); got != "4 2 0" {
		t.Errorf("found %q", got)
	}
	err = x.vol.file.Command(t.Context(), fmt.Sprintf("INSERT INTO block (id, data) VALUES (%d, x'00'), (%d, x'00')", 3*mostBlocks/2, 1000*mostBlocks))
	if err != nil {
		t.Fatal(err)
	}
	path := x.path
	x.Close()
	if x, err = Open(t.Context(), path, d, s); err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	lost := 0
	err = x.vol.file.View(t.Context(), func(tx *db.Tx) (err error) {
		lost, err = tx.Count("SELECT count(*) FROM block WHERE id = $1 OR id < $2", 1000*mostBlocks, 6*mostBlocks)
		return err
	})
	if err != nil || lost != 0 {
		t.Errorf("%d blocks of nothing, %v", lost, err)
	}
	if got := find(t, x, Query{Text: "公开内容"}); got != "4 2 0" {
		t.Errorf("after opening: found %q", got)
	}
}
