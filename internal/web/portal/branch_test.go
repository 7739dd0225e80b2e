package portal

import (
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/workday"
)

// What is kept of a section is gone with the next change of anything.
func TestASectionRenamedIsCalledThatAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		page := "/items/" + x.old + ".html"
		x.has(page, ">通知公告<")
		var s *section.Section
		if err := d.View(t.Context(), func(tx *db.Tx) error {
			all, err := section.All(tx, x.body)
			for _, one := range all {
				if one.Name == "通知公告" {
					s = one
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		desk := &section.Desk{DB: d, Calendar: workday.Embedded}
		if _, err := desk.Change(t.Context(), actor.System("test"), s.ID, s.Version, section.Draft{Name: "公告公示", Slug: s.Slug, Kind: s.Kind}); err == nil {
			t.Fatal("the program renames sections")
		}
		if _, err := desk.Change(t.Context(), x.officer, s.ID, s.Version, section.Draft{Name: "公告公示", Slug: s.Slug, Kind: s.Kind}); err != nil {
			t.Fatal(err)
		}
		x.has(page, ">公告公示<")
	})
}
