package disclosure

import (
	"path/filepath"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
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
		if n, err := x.Rebuild(t.Context()); err != nil || n != 1 {
			t.Errorf("rebuilt with %d texts, %v", n, err)
		}
	})
}
