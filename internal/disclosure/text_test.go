package disclosure

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/extract"
	"gongkai/internal/job"
	"gongkai/internal/search"
)

// What the public sees is found by its words; a draft is found apart from it; what was taken
// down is found no longer.
func TestTextsAreFoundByTheirState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.Changed = func(tx *db.Tx, i *Item) error { return Texts{}.Changed(tx, i.ID) }
		x, err := search.Open(t.Context(), filepath.Join(t.TempDir(), "index.db"), d, Texts{})
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		found := func(text, state string) (ids []string) {
			t.Helper()
			if _, err := x.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := x.Search(t.Context(), search.Query{Text: text, States: []string{state}})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				ids = append(ids, ItemOf(h.ID))
			}
			return ids
		}
		e := o.published("关于水库蓄水的公告")
		draft := o.draft("水库清淤草稿")
		if got := found("水库", TextPublic); len(got) != 1 || got[0] != e.Item {
			t.Errorf("public: %v", got)
		}
		if got := found("水库", TextDraft); len(got) != 1 || got[0] != draft.Item {
			t.Errorf("drafts: %v", got)
		}
		o.must(o.Retract(t.Context(), o.publisher, e.ID, e.Version, "内容有误"))
		if got := found("水库", TextPublic); len(got) != 0 {
			t.Errorf("after it was taken down: %v", got)
		}
		if got := found("水库", TextDraft); len(got) != 2 {
			t.Errorf("the office finds what was taken down: %v", got)
		}
		if n, err := x.Rebuild(t.Context()); err != nil || n != 2 {
			t.Errorf("rebuilt with %d texts, %v", n, err)
		}
	})
}

// A publication is found by its title at once, and by what its attachments say as soon as they
// were read; a file that cannot be read keeps nothing else from being found.
func TestAttachmentsAreFoundByWhatTheySay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.Changed = func(tx *db.Tx, i *Item) error { return Texts{}.Changed(tx, i.ID) }
		x, err := search.Open(t.Context(), filepath.Join(t.TempDir(), "index.db"), d, Texts{})
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		found := func(text string) int {
			t.Helper()
			if _, err := x.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := x.Search(t.Context(), search.Query{Text: text, States: []string{TextPublic}})
			if err != nil {
				t.Fatal(err)
			}
			return len(r.Hits)
		}
		runner := &job.Runner{DB: d, Handlers: o.Jobs()}
		e := o.draft("关于公布实施方案的通知")
		e = o.attach(e, "方案.txt", "第一条　为规范农村集中供水管理，制定本方案。\n第二条　水质每季度检测一次。\n")
		if err := runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found("集中供水"); n != 0 {
			t.Fatalf("the draft's file is found in public: %d", n)
		}
		o.release(o.must(o.Submit(t.Context(), o.editor, e.ID, e.Version)))
		if n := found("实施方案"); n != 1 {
			t.Errorf("before the files were read: %d by the title", n)
		}
		if n := found("集中供水"); n != 0 {
			t.Errorf("found before it was read: %d", n)
		}
		if err := runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found("集中供水"); n != 1 {
			t.Errorf("after the files were read: %d by their words", n)
		}
		bad := o.attach(o.draft("坏文件"), "坏.docx", "PK\x03\x04 no archive at all").Attachments[0]
		if err := o.readFile(t.Context(), bad); err != nil {
			t.Error(err)
		}
		counts, err := FileCounts(t.Context(), d)
		if err != nil || !slices.Equal(counts, []FileCount{{FileRead, 1}, {FileCut, 0}, {FileUnreadable, 1}, {FileTooLarge, 0}}) {
			t.Errorf("read %v, %v", counts, err)
		}
		// The same content in another item is read no second time.
		again := o.attach(o.draft("关于转发方案的通知"), "方案.txt", "第一条　为规范农村集中供水管理，制定本方案。\n第二条　水质每季度检测一次。\n")
		o.release(o.must(o.Submit(t.Context(), o.editor, again.ID, again.Version)))
		if n := found("集中供水"); n != 2 {
			t.Errorf("a file known before: %d", n)
		}
		o.view(func(tx *db.Tx) error {
			items := []string{e.Item, again.Item}
			for most, want := range map[int]int{0: 1, 100: 1, 1 << 20: 2} { // each says some 120 bytes
				if some, err := fewer(tx, items, most); err != nil || len(some) != want {
					t.Errorf("within %d bytes: %d items, %v", most, len(some), err)
				}
			}
			return nil
		})
	})
}

// What is too long is kept in part, cut between characters.
func TestTextIsCutBetweenCharacters(t *testing.T) {
	line := strings.Repeat("水", 1000)
	doc := &extract.Document{}
	for range 300 {
		doc.Blocks = append(doc.Blocks, extract.Block{Text: line})
	}
	got := textOf(doc, nil)
	if got.State != FileCut || len(got.Text) > MaxFileText || len(got.Text) < MaxFileText-3 || !utf8.ValidString(got.Text) {
		t.Errorf("%s: %d bytes", got.State, len(got.Text))
	}
	if got := textOf(nil, extract.ErrBomb.With("n", 1)); got.State != FileTooLarge || got.Reason != "extract.bomb" {
		t.Errorf("a bomb: %+v", got)
	}
}

func (o *office) attach(e *Edition, name, text string) *Edition {
	o.t.Helper()
	b, err := o.Blobs.Receive(o.t.Context(), strings.NewReader(text), 1<<20)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.must(o.Attach(o.t.Context(), o.editor, e.ID, Attachment{Name: name}, b))
}

// release takes a submitted edition through its reviews to the public.
func (o *office) release(e *Edition) *Edition {
	o.t.Helper()
	for _, l := range Levels {
		e = o.review(e, l)
	}
	return o.must(o.Publish(o.t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
}

// having asks an index as the installation does.
func having(x *search.Index) func(ctx context.Context, agency, words string) ([]string, bool, error) {
	return func(ctx context.Context, agency, words string) (items []string, more bool, err error) {
		keys, more, err := x.Keys(ctx, search.Query{Text: words, Agencies: []string{agency}}, 1000)
		for _, k := range keys {
			items = append(items, ItemOf(k))
		}
		return items, more, err
	}
}

// A list of the office asks the text index for words: what is in the text is found, also of what
// is no longer public, and nobody sees more than without words.
func TestAListAsksTheTextIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.Changed = func(tx *db.Tx, i *Item) error { return Texts{}.Changed(tx, i.ID) }
		x, err := search.Open(t.Context(), filepath.Join(t.TempDir(), "index.db"), d, Texts{})
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		titles := func(by actor.Actor, f Filter) (all []string) {
			t.Helper()
			if _, err := x.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			l, err := o.List(t.Context(), by, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range l.Rows {
				all = append(all, e.Title)
			}
			slices.Sort(all)
			return all
		}
		gone := o.published("甲公告")
		o.must(o.Retract(t.Context(), o.publisher, gone.ID, gone.Version, "内容有误"))
		c := content("乙公告")
		c.Body, c.DocNo = "<p>水库蓄水期间请勿靠近。</p>", "甲民发〔2026〕4号"
		o.must(o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.aid, Kind: Information, Origin: Made, Content: c}))
		o.draft("丙通知")
		aid := actor.Actor{ID: "aid", Grants: []actor.Grant{{Role: actor.Editor, Agency: o.A, Section: o.aid}}}
		o.Having = having(x)
		for _, tt := range []struct {
			name string
			by   actor.Actor
			f    Filter
			want []string
		}{
			{"in the title, taken down or not", o.editor, Filter{Agency: o.A, Words: "公告"}, []string{"乙公告", "甲公告"}},
			{"in the text", o.editor, Filter{Agency: o.A, Words: "水库 蓄水"}, []string{"乙公告"}},
			{"with a state", o.editor, Filter{Agency: o.A, Words: "公告", States: []State{TakenDown}}, []string{"甲公告"}},
			{"with several states", o.editor, Filter{Agency: o.A, Words: "公告", States: []State{TakenDown, Draft}}, []string{"乙公告", "甲公告"}},
			{"in a section", o.editor, Filter{Agency: o.A, Words: "公告", Section: o.news}, []string{"甲公告"}},
			{"by who sees one section", aid, Filter{Agency: o.A, Words: "公告"}, []string{"乙公告"}},
			{"by who sees one section, of another", aid, Filter{Agency: o.A, Words: "丙通知"}, nil},
			{"by document number", o.editor, Filter{Agency: o.A, Words: "甲民发〔2026〕4号"}, []string{"乙公告"}},
			{"by document number as people type it", o.editor, Filter{Agency: o.A, Words: "甲民发[2026]4号"}, []string{"乙公告"}},
			{"by index number", o.editor, Filter{Agency: o.A, Words: "11370322004222241N/2026-00001"}, []string{"甲公告"}},
			{"nothing", o.editor, Filter{Agency: o.A, Words: "无此标题"}, nil},
		} {
			if got := titles(tt.by, tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
			}
		}
		if _, err := o.List(t.Context(), o.bEditor, Filter{Agency: o.A, Words: "公告"}); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another body's list: %v", err)
		}
	})
}
