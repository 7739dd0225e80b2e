package office

import (
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/workday"
)

// A document is named in words a clerk knows, never by a key.
func TestWhatAnInterpretationExplains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, sections := withItems(t, d)
		body := h.o.Sessions.(held)["editor"].Bodies[0].ID
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
			ready, _ := disclosure.Import{Agency: body, Section: sections[0], Kind: disclosure.Information, Origin: disclosure.Made, IndexNo: "示/2026-7",
				Content:     disclosure.Content{Title: "示例县养老服务办法", Summary: "概述", DocNo: "示政规〔2026〕1号", Body: "<p>正文</p>", FormedOn: date.Must(2026, 11, 2), Attribute: "proactive"},
				PublishedAt: dbtest.Noon}.Ready()
			if _, err := m.Add(ready); err != nil {
				return err
			}
			return m.Close()
		})
		if err != nil {
			t.Fatal(err)
		}
		g := h.visitor("editor")
		s := g.post("/office/items/new", "/office/items/new", url.Values{"section": {sections[0]}, "kind": {"interpretation"}, "origin": {"made"}, "title": {"解读"}}).is(303)
		at := strings.TrimSuffix(s.header.Get("Location"), "/edit")
		g.get(at + "/edit").has("所解读的文件").lacks("⟦")
		save := func(names string) seen {
			return g.post(at+"/edit", at+"/edit", url.Values{"version": {g.get(at + "/edit").value("version")}, "title": {"解读"}, "body": {"<p>正文</p>"}, "interprets": {names}})
		}
		save("没有的文件").is(422).has("找不到“没有的文件”")
		for _, name := range []string{"示政规〔2026〕1号", "示例县养老服务办法", "示/2026-7 示例县养老服务办法"} {
			save(name).is(303)
			g.get(at + "/edit").has("示/2026-7 示例县养老服务办法</textarea>")
		}
		save("").is(303)
		g.get(at + "/edit").lacks("示例县养老服务办法")
	})
}
