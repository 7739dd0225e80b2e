package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// shelf is a source of documents held in memory.
type shelf map[string]Document

func (s shelf) Documents(_ *db.Tx, ids []string) (all []Document, err error) {
	for _, id := range ids {
		if d, there := s[id]; there {
			all = append(all, d)
		}
	}
	return all, nil
}

func (s shelf) IDs(_ *db.Tx, after string, n int) ([]string, error) {
	all := slices.Sorted(maps.Keys(s))
	i, _ := slices.BinarySearch(all, after)
	if i < len(all) && all[i] == after {
		i++
	}
	return all[i:min(len(all), i+n)], nil
}

func day(d int) time.Time { return time.Date(2026, 11, d, 2, 0, 0, 0, time.UTC) }

func examples() shelf {
	return shelf{
		"a": {ID: "a", Agency: "mz", Sections: []string{"news", "top"}, State: "public", At: day(1), Title: "关于公布养老服务补贴标准的通知", Body: "各区：根据《示范市养老服务条例》，现将补贴标准公布如下。高龄津贴每人每月１００元，依据GB/T 9704-2012排版。"},
		"b": {ID: "b", Agency: "mz", Sections: []string{"plans"}, State: "public", At: day(3), Title: "示范市养老事业规划", Body: "本规划所称养老服务，包括居家养老。政府信息公开工作另行部署。"},
		"c": {ID: "c", Agency: "sf", Sections: []string{"news"}, State: "draft", At: day(2), Title: "法治宣传简报", Body: "政府召开会议，研究信息。公开征求意见。Party building 不在此列。"},
		"d": {ID: "d", Agency: "sf", Sections: []string{"news"}, State: "public", At: day(3), Title: "信息公开年度报告", Body: "公开年度报告，开列数字。息公事宜另议。信息。"},
	}
}

func open(t testing.TB, main *db.DB, s Source) *Index {
	t.Helper()
	x, err := Open(context.Background(), filepath.Join(t.TempDir(), "text.db"), main, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func catchUp(t testing.TB, x *Index) int {
	t.Helper()
	n, err := x.CatchUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func change(t testing.TB, d *db.DB, ids ...string) {
	t.Helper()
	if err := d.Update(t.Context(), func(tx *db.Tx) error { return Changed(tx, ids...) }); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, x *Index, q Query) string {
	t.Helper()
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

// What is found is the same on both engines. Expected hits were read off the examples.
func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d, examples())
		catchUp(t, x)
		tests := []struct {
			name string
			q    Query
			want string
		}{
			{"a word, newest first", Query{Text: "养老服务"}, "b a"},
			{"two words must both occur", Query{Text: "养老 补贴"}, "a"},
			{"a word is not found across a sentence's end", Query{Text: "信息公开"}, "d b"},
			{"words apart", Query{Text: "信息 公开"}, "d b c"},
			{"one left out", Query{Text: "养老服务 -补贴"}, "b"},
			{"a phrase left out", Query{Text: "公开 -“信息公开”"}, "c"},
			{"a phrase with a sign in it", Query{Text: `"各区：根据"`}, "a"},
			{"one character", Query{Text: "龄"}, "a"},
			{"one character that ends a run", Query{Text: "宜"}, "d"},
			{"wide figures are figures", Query{Text: "100元"}, "a"},
			{"capital letters", Query{Text: "gb/t 9704"}, "a"},
			{"a part of a word of letters", Query{Text: "art"}, ""},
			{"a whole word of letters", Query{Text: "PARTY"}, "c"},
			{"nothing", Query{Text: "不存在的词"}, ""},
			{"of one body", Query{Text: "公开", Agencies: []string{"sf"}}, "d c"},
			{"of two bodies", Query{Text: "公开", Agencies: []string{"sf", "mz"}}, "d b c"},
			{"of a body nobody knows", Query{Text: "公开", Agencies: []string{"xx"}}, ""},
			{"in a section", Query{Text: "公开", Sections: []string{"plans"}}, "b"},
			{"in a state", Query{Text: "公开", States: []string{"draft"}}, "c"},
			{"a body's key is no section's", Query{Text: "公开", Sections: []string{"sf"}}, ""},
			{"from a day", Query{Text: "公开", From: date.Must(2026, 11, 3)}, "d b"},
			{"up to a day", Query{Text: "公开", To: date.Must(2026, 11, 2)}, "c"},
			{"by titles", Query{Text: "信息", Order: Relevance}, "d c b"},
			{"signs of the index's own language", Query{Text: `公开 AND * ( NEAR ^`}, "d b c"},
		}
		for _, tt := range tests {
			if got := find(t, x, tt.q); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
		for _, text := range []string{"", " ，。", "-公开", `""`} {
			if _, err := x.Search(t.Context(), Query{Text: text}); !errors.Is(err, ErrEmpty) {
				t.Errorf("%q: got %v", text, err)
			}
		}
		if _, err := x.Search(t.Context(), Query{Text: strings.Repeat("长", 201)}); !errors.Is(err, ErrLong) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheIndexFollowsTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := examples()
		x := open(t, d, s)
		if n := catchUp(t, x); n != 4 {
			t.Errorf("%d of 4 indexed", n)
		}
		b := s["b"]
		b.Body, b.State = "改写后的正文。", "retracted"
		s["b"] = b
		delete(s, "a")
		s["e"] = Document{ID: "e", Agency: "mz", State: "public", At: day(2), Title: "新的一篇", Body: "居家养老探访"}
		change(t, d, "a", "b", "e", "b")
		if n := catchUp(t, x); n != 3 {
			t.Errorf("%d of 3 indexed", n)
		}
		if n := catchUp(t, x); n != 0 {
			t.Errorf("%d indexed again", n)
		}
		for text, want := range map[string]string{"居家": "e", "改写": "b", "津贴": "", "养老": "b e"} {
			if got := find(t, x, Query{Text: text}); got != want {
				t.Errorf("%s: got %q, want %q", text, got, want)
			}
		}
		if got := find(t, x, Query{Text: "养老", States: []string{"public"}}); got != "e" {
			t.Errorf("a state that ended: got %q", got)
		}
	})
}

func TestAnIndexBehindTheLogIsMadeAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := examples()
		x := open(t, d, s)
		catchUp(t, x)
		delete(s, "b")
		change(t, d, "b")
		change(t, d, "c")
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return Trim(tx, 1) }); err != nil {
			t.Fatal(err)
		}
		if n := catchUp(t, x); n != 3 {
			t.Errorf("%d of 3 indexed", n)
		}
		if got := find(t, x, Query{Text: "养老"}); got != "a" {
			t.Errorf("got %q", got)
		}
	})
}

// A file that a crash or a hand has spoilt, and one of another version, cost an indexing and
// nothing else.
func TestASpoiltFileIsMadeAnew(t *testing.T) {
	d := dbtest.SQLite(t)
	path := filepath.Join(t.TempDir(), "text.db")
	for n, spoil := range []func(*db.DB) error{
		func(*db.DB) error {
			return os.WriteFile(path, []byte("no database at all, but long enough to be read"), 0o600)
		},
		func(f *db.DB) error { return f.Command(t.Context(), "UPDATE meta SET n = 99 WHERE key = 'version'") },
	} {
		x, err := Open(t.Context(), path, d, examples())
		if err != nil {
			t.Fatal(err)
		}
		catchUp(t, x)
		if n == 1 {
			if err := spoil(x.vol.file); err != nil {
				t.Fatal(err)
			}
		}
		x.Close()
		if n == 0 {
			if err := spoil(nil); err != nil {
				t.Fatal(err)
			}
		}
		if x, err = Open(t.Context(), path, d, examples()); err != nil {
			t.Fatal(err)
		}
		if n := catchUp(t, x); n != 4 {
			t.Errorf("%d of 4 indexed", n)
		}
		if got := find(t, x, Query{Text: "养老"}); got != "b a" {
			t.Errorf("got %q", got)
		}
		x.Close()
	}
}

// What a batch did is in the file whole or not at all: after a failure the next attempt goes
// on from the same place.
func TestAFailedBatchIsDoneAgain(t *testing.T) {
	d := dbtest.SQLite(t)
	s := examples()
	x := open(t, d, s)
	catchUp(t, x)
	change(t, d, "a", "b")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.CatchUp(ctx); err == nil {
		t.Error("no error")
	}
	if n := catchUp(t, x); n != 2 {
		t.Errorf("%d of 2 indexed", n)
	}
}

func TestPages(t *testing.T) {
	d := dbtest.SQLite(t)
	s := shelf{}
	for i := range 1203 {
		id := fmt.Sprintf("%04d", i)
		s[id] = Document{ID: id, At: day(1 + i/200), Title: "通知" + id, Body: "公开内容"}
	}
	for i := range 60 { // the newest have the pairs, but not in one piece
		id := fmt.Sprintf("z%02d", i)
		s[id] = Document{ID: id, At: day(20), Title: "杂", Body: "公开，开内，内容"}
	}
	x := open(t, d, s)
	catchUp(t, x)
	for _, order := range []Order{Newest, Relevance} {
		q := Query{Text: "公开内容", Limit: 7, Order: order}
		seen := map[string]bool{}
		last := "~"
		for range 170 {
			r, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if r.Total != 1263 { // those that have the pairs apart are counted too
				t.Fatalf("total %d", r.Total)
			}
			if len(r.Hits) != 7 {
				t.Fatalf("%s: a page of %d", order, len(r.Hits))
			}
			for _, h := range r.Hits {
				if seen[h.ID] || h.ID > last || h.ID[0] == 'z' {
					t.Fatalf("%s: %s after %s", order, h.ID, last)
				}
				seen[h.ID], last = true, h.ID
			}
			q.After = r.Next
		}
	}
	r, err := x.Search(t.Context(), Query{Text: "通知0003"})
	if err != nil || r.Total != 1 || r.Next != "" || len(r.Hits) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := x.Search(t.Context(), Query{Text: "公开", After: "?"}); err == nil {
		t.Error("a page after nonsense")
	}
}

func TestHitsAreMarked(t *testing.T) {
	d := dbtest.SQLite(t)
	x := open(t, d, examples())
	catchUp(t, x)
	r, err := x.Search(t.Context(), Query{Text: "补贴标准 gb/t"})
	if err != nil || len(r.Hits) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := show(r.Hits[0].TitleIn); got != "关于公布养老服务[补贴标准]的通知" {
		t.Errorf("got %s", got)
	}
	if got := show(r.Hits[0].Excerpt); !strings.Contains(got, "现将[补贴标准]公布") || !strings.Contains(got, "依据[GB/T] 9704") {
		t.Errorf("got %s", got)
	}
	long := strings.Repeat("甲", 300) + "目标" + strings.Repeat("乙", 300)
	r2, err := parse("目标")
	if err != nil {
		t.Fatal(err)
	}
	f := newFinder(r2.words, nil, false)
	if spans, _ := f.excerpt([]string{long}, 20); show(spans) != "…甲甲甲甲甲[目标]乙乙乙乙乙乙乙乙乙乙乙乙乙…" {
		t.Errorf("got %s", show(spans))
	}
}

func show(all []Span) string {
	var b strings.Builder
	for _, s := range all {
		if s.Hit {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"政府信息":         "政府 府信 信息 息",
		"第5条":          "第 5 条",
		"Ａbc－２０２４年":    "abc 2024 年",
		"①㎡，。　Ⅷ":       "1m2 viii",
		"":             "",
		"公开公开":         "公开 开公 公开 开",
		"naïve café ñ": "naïve café ñ",
	} {
		var all []string
		tokens(foldText(text, false).runes, func(t []rune) { all = append(all, string(t)) })
		if got := strings.Join(all, " "); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// Whatever is typed is looked for or refused, and never reaches the index as its language.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{`"公开`, `-"`, "a OR b", "公*", "{x}:y", "\x00\ue0001", "『』", "示政发〔2023〕4号", "2026年2月31日", "养老怎么办？", "99999999999年9号", "\xff\xfe"} {
		f.Add(s)
	}
	d := dbtest.SQLite(f)
	x := open(f, d, examples())
	if _, err := x.CatchUp(context.Background()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, q := range []Query{{Text: text}, {Text: text, Order: Relevance, States: []string{text, "public"}, Facets: []Facet{ByYear}}, {Text: "公开", After: text}} {
			_, err := x.Search(t.Context(), q)
			if err != nil && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrLong) {
				t.Error(err)
			}
		}
		if _, err := x.Suggest(t.Context(), text, Query{}, 5); err != nil {
			t.Error(err)
		}
	})
}
