package office

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// itemScenes are the pages of items with nothing on record; TestItemPages renders them with
// records, in both languages.
var itemScenes = []scene{
	{"item-edit", "item_edit", func(o *Office, r *http.Request) any {
		p := &itemEditPage{Page: o.page(r, "示例"), File: sampleFile(), Checked: true, Blocking: 1, FilesTo: "/office/editions/1/files"}
		p.Form = NewForm(p.Page, "/office/editions/1/edit")
		p.Findings = []findingView{{Code: "R-PII-02", Text: "示例", Tone: Bad, Blocks: true}}
		return p
	}},
	{"item-show", "item_show", func(o *Office, r *http.Request) any {
		return &itemShowPage{Page: o.page(r, "示例"), File: sampleFile(), Steps: []stepView{{Text: "示例", Now: true}}}
	}},
	{"item-review", "item_review", func(o *Office, r *http.Request) any {
		p := &itemReviewPage{Page: o.page(r, "示例"), File: sampleFile(), LevelName: "示例"}
		p.Form = NewForm(p.Page, "/office/editions/1/review")
		p.Form.Buttons = []Button{{Text: "示例"}}
		return p
	}},
	{"item-compare", "item_compare", func(o *Office, r *http.Request) any {
		p := &itemComparePage{Page: o.page(r, "示例"), Same: true, Old: "第1版", New: "第2版"}
		p.Form = NewForm(p.Page, "/office/items/1/compare")
		p.Form.Buttons = []Button{{Text: "示例"}}
		return p
	}},
	{"item-sheet", "item_sheet", func(o *Office, r *http.Request) any {
		return &itemSheetPage{Page: o.page(r, "示例")}
	}},
}

// Every page of an item renders in both languages with every message's words.
func TestItemPages(t *testing.T) {
	h, sections := withItems(t, dbtest.SQLite(t))
	g := h.visitor("editor")
	s := g.post("/office/items/new", "/office/items/new", url.Values{"section": {sections[0]}, "kind": {"list"}, "origin": {"repost"}, "title": {"甲"}}).is(303)
	at := strings.TrimSuffix(s.header.Get("Location"), "/edit")
	g.post(at+"/edit", at+"/edit", url.Values{"version": {"1"}, "title": {"乙"}, "body": {"<p>正文</p>"}, "do": {"check"}}).is(303)
	for _, path := range []string{"/office/items", "/office/items/new", at, at + "/edit", at + "/compare", at + "/sheet", "/office/items?view=late&sort=due"} {
		for _, prefix := range []string{"", "/en"} {
			g.get(prefix+path).is(http.StatusOK).lacks("⟦", "ZgotmplZ", "%!", "map[")
		}
	}
}

func sampleFile() *disclosure.File {
	return &disclosure.File{Item: &disclosure.Item{}, Edition: &disclosure.Edition{}}
}
