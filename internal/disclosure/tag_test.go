package disclosure

import (
	"slices"
	"testing"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// A draft changes nothing the public sees; what is public changes its page, those linked with
// it, and every list it stands in.
func TestWhatPagesAnItemIsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		noted := func(items ...string) (tags []change.Tag) {
			t.Helper()
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				before, err := change.Head(tx)
				if err != nil {
					return err
				}
				if err := Note(tx, items...); err != nil {
					return err
				}
				all, _, err := change.Since(tx, before, 100)
				for _, e := range all {
					tags = append(tags, e.Tag)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return tags
		}
		if got := noted(o.draft("甲县草案").Item); len(got) > 0 {
			t.Errorf("a draft is on %v", got)
		}
		e := o.published("甲县养老服务办法")
		want := []change.Tag{change.Agency(o.A), change.Item(e.Item), change.Published, change.Section(o.news)}
		slices.Sort(want)
		if got := noted(e.Item); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		c := content("甲县养老服务办法解读")
		c.Interprets = []string{e.Item}
		x := o.must(o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: Interpretation, Origin: Made, Content: c}))
		x = o.must(o.Submit(t.Context(), o.editor, x.ID, x.Version))
		for _, l := range Levels {
			x = o.review(x, l)
		}
		o.must(o.Publish(t.Context(), o.publisher, x.ID, Release{Version: x.Version}))
		for _, pair := range [][2]string{{x.Item, e.Item}, {e.Item, x.Item}} {
			if got := noted(pair[0]); !slices.Contains(got, change.Item(pair[1])) {
				t.Errorf("of the two linked, one is only on %v", got)
			}
		}
	})
}
