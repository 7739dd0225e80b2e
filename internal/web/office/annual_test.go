package office

import (
	"bytes"
	"net/url"
	"regexp"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/sample"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/richtext"
	"gongkai/internal/workday"
)

// annualHouse is an office over a government and a department of it, which has published the
// sample report whose tables lost their columns.
func annualHouse(t *testing.T) *house {
	t.Helper()
	d := dbtest.SQLite(t)
	registry := &agency.Registry{DB: d}
	body := func(name string, k agency.Kind, parent string) string {
		a, err := registry.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1),
			Facts: agency.Facts{Name: name, Kind: k, Level: agency.City, Parent: parent}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	city := body("示范市人民政府", agency.Government, "")
	civil := body("示范市民政局", agency.Department, city)
	s, err := (&section.Desk{DB: d, Calendar: workday.Embedded, Policy: section.Standard}).Create(t.Context(), actor.System("test"), civil, "", section.Draft{Name: "政府信息公开年报", Kind: section.News})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk := &shelf.Desk{DB: d, Reader: &disclosure.Reader{DB: d}, Blobs: blobs}
	publishLoose(t, d, desk, civil, s.ID)
	person := func(id, body, name string, r actor.Role) Session {
		return Session{Actor: actor.Actor{ID: id, Name: id, Grants: []actor.Grant{{Role: r, Agency: body}}, Supervises: map[string]bool{civil: body == city}}, Bodies: []Body{{body, name}}}
	}
	return serve(t, func(o *Options) {
		o.Now = func() time.Time { return dbtest.Noon }
		o.Agencies, o.Shelf = registry, desk
		o.Sessions = held{"officer": person("officer", civil, "示范市民政局", actor.Officer), "editor": person("editor", civil, "示范市民政局", actor.Editor),
			"supervisor": person("supervisor", city, "示范市人民政府", actor.Supervisor)}
	})
}

// publishLoose publishes the sample as the text of an item and has the shelf read it.
func publishLoose(t *testing.T, d *db.DB, desk *shelf.Desk, body, section string) {
	t.Helper()
	var text []byte
	for _, f := range sample.Files() {
		if f.Name == "示范市民政局2024年.txt" {
			text = f.Data
		}
	}
	ready, _ := disclosure.Import{Agency: body, Section: section, Kind: disclosure.Information, Origin: disclosure.Made, PublishedAt: time.Date(2025, 1, 29, 2, 0, 0, 0, time.UTC),
		Content: disclosure.Content{Title: "示范市民政局2024年政府信息公开工作年度报告", Body: richtext.FromText(string(text)).HTML, Attribute: "proactive"}}.Ready()
	var item string
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
		i, err := m.Add(ready)
		if err == nil {
			item, err = i.ID, m.Close()
		}
		return err
	})
	if err == nil {
		_, err = desk.Read(t.Context(), actor.System("test"), item)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var readingLink = regexp.MustCompile(`/office/annual/[0-9a-f-]{36}`)

// A reading with open cells, from the task to the shelf.
func TestSettlingAPublishedReport(t *testing.T) {
	h := annualHouse(t)
	g := h.visitor("officer")
	at := readingLink.FindString(g.get("/office/annual").is(200).has("示范市民政局2024年政府信息公开工作年度报告", "待确认", "有6个单元格读不准").body)
	g.get("/office/tasks").has("确认年度报告")
	g.get(at).is(200).has("可能的读法", "数字取自", "正文", "需要处理")
	g.get("/en" + at).is(200).has("Possible readings")
	e := h.visitor("editor")
	e.get(at).is(200).lacks("可能的读法", "重新读取")
	e.post("/office/annual", at, url.Values{"do": {"close"}, "version": {"1"}, "as": {"foreign"}, "reason": {"不是"}}).is(403)

	settle := func(version string, more url.Values) seen {
		v := url.Values{"do": {"settle"}, "version": {version}}
		for name, values := range more {
			v[name] = values
		}
		return g.post(at, at, v)
	}
	settle("1", url.Values{"q0_0": {"-3"}}).is(422).has("不能填这样的内容", "请全部填写")
	settle("9", url.Values{"q0": {"0"}}).is(409)
	settle("1", url.Values{"q0": {"0"}}).is(303)
	g.get(at).has("有3个单元格读不准")
	settle("2", url.Values{"q0_0": {"1"}, "q0_1": {"/"}, "q0_2": {"2"}}).is(303)
	g.get(at).has("已入库").lacks("可能的读法")
	g.get("/office/tasks").lacks("确认年度报告")

	g.post(at, at, url.Values{"do": {"close"}, "version": {"3"}, "as": {"plain"}}).is(422).has("请填写这一项")
	g.post(at, at, url.Values{"do": {"close"}, "version": {"3"}, "as": {"plain"}, "reason": {"表格是图片"}}).is(303)
	g.get("/office/annual").has("仅有文本")
	g.post(at, at, url.Values{"do": {"again"}, "version": {"4"}}).is(303)
	var file bytes.Buffer
	if err := datafile.Write(&file, sample.Made("示范市民政局", 2024, 20)); err != nil {
		t.Fatal(err)
	}
	g.uploadFrom(at, at+"/file", url.Values{"version": {"5"}}, "说明.txt", []byte("工作总结")).is(422).has("没有统一格式的年度报告")
	g.uploadFrom(at, at+"/file", url.Values{"version": {"5"}}, "年报.json", file.Bytes()).is(303)
	g.get(at).has("已入库", "另行提交的文件年报.json")
}

// Art. 49: who oversees bodies sees which of them have published, and when.
func TestReportsOfTheBodiesBelow(t *testing.T) {
	g := annualHouse(t).visitor("supervisor")
	g.get("/office/annual").is(200).has("下级机关的年报")
	g.get("/office/annual/below").is(200).has("示范市民政局", "按期公布", "2025-01-29", "尚未公布", "期限2026-01-31")
}
