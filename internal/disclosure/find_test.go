package disclosure

import (
	"errors"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// A document is named by its index number from anywhere, by its title within its body; a draft
// is named by nobody. R-NRM-31: what an interpretation names leads to it and back.
func TestFind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.published("甲县养老服务办法")
		o.draft("甲县养老服务草案")
		index := o.item(e.Item).IndexNo
		for _, tt := range []struct {
			agency, name string
			found        bool
		}{
			{o.A, "甲县养老服务办法", true}, {o.A, index, true}, {o.A, " " + index + " 甲县养老服务办法 ", true},
			{o.B, index, true}, {o.B, "甲县养老服务办法", false}, {o.A, "甲县养老服务", false},
			{o.A, "甲县养老服务草案", false}, {o.A, "", false}, {o.A, "11370322004222241N/2026-00009", false},
		} {
			n, err := o.Find(t.Context(), o.bEditor, tt.agency, tt.name)
			if tt.found && (err != nil || n.Item != e.Item) || !tt.found && !errors.Is(err, ErrNamed) {
				t.Errorf("%q: got %+v, %v", tt.name, n, err)
			}
		}
		all, err := o.Named(t.Context(), []string{e.Item, "gone"})
		if err != nil || len(all) != 1 || all[0].String() != index+" 甲县养老服务办法" {
			t.Fatalf("got %+v, %v", all, err)
		}
		c := content("甲县养老服务办法解读")
		c.Interprets = []string{e.Item}
		x := o.must(o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: Interpretation, Origin: Made, Content: c}))
		x = o.must(o.Submit(t.Context(), o.editor, x.ID, x.Version))
		for _, l := range Levels {
			x = o.review(x, l)
		}
		o.must(o.Publish(t.Context(), o.publisher, x.ID, Release{Version: x.Version}))
		r := &Reader{DB: d}
		doc, err := r.Item(t.Context(), e.Item)
		if err != nil || len(doc.InterpretedBy) != 1 || doc.InterpretedBy[0].Item != x.Item {
			t.Errorf("the document leads to %+v, %v", doc, err)
		}
		back, err := r.Item(t.Context(), x.Item)
		if err != nil || len(back.Interprets) != 1 || back.Interprets[0].Item != e.Item {
			t.Errorf("the interpretation leads to %+v, %v", back, err)
		}
	})
}
