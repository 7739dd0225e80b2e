package office

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
	"gongkai/internal/workday"
)

// withItems serves an office over d with one body, two sections and a person for each part of
// the flow, each signed in under the name of the role.
func withItems(t testing.TB, d *db.DB) (h *house, sections []string) {
	t.Helper()
	system := actor.System("test")
	body, err := (&agency.Registry{DB: d}).Create(t.Context(), system, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县民政局", Kind: agency.Department, Level: agency.County, CreditCode: "11370322004222241N", OrgCode: "004222241",
	}})
	if err != nil {
		t.Fatal(err)
	}
	calendar := func() *workday.Calendar { return workday.Embedded() }
	desk := &section.Desk{DB: d, Calendar: calendar}
	for _, name := range []string{"通知公告", "工作动态"} {
		s, err := desk.Create(t.Context(), system, body.ID, "", section.Draft{Name: name, Kind: section.News})
		if err != nil {
			t.Fatal(err)
		}
		sections = append(sections, s.ID)
	}
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sessions := held{}
	for _, r := range actor.Roles {
		if !r.Installation() {
			sessions[string(r)] = Session{Bodies: []Body{{body.ID, body.Name}}, Actor: actor.Actor{
				ID: string(r), Name: "示例" + string(r), Grants: []actor.Grant{{Role: r, Agency: body.ID}},
			}}
		}
	}
	return serve(t, func(o *Options) {
		o.Sessions, o.Agencies = sessions, &agency.Registry{DB: d}
		o.Items = &disclosure.Desk{DB: d, Blobs: blobs, Calendar: calendar}
	}), sections
}

var editionInPath = regexp.MustCompile(`^/office/editions/([0-9a-f-]+)`)

var hiddenValue = func(name string) *regexp.Regexp {
	return regexp.MustCompile(`name="` + name + `" value="([^"]*)"`)
}

// value returns a hidden field of a page.
func (s seen) value(name string) string {
	m := hiddenValue(name).FindStringSubmatch(s.body)
	if m == nil {
		s.t.Fatalf("no field %s in %s", name, s.body)
	}
	return m[1]
}

// A clerk's path through the pages: a draft from a file, checks, four reviews, publication,
// correction, retraction.
func TestItems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, sections := withItems(t, d)
		editor := h.visitor("editor")
		editor.get("/office/items").is(200).has("还没有信息", "起草信息")
		s := editor.upload("/office/items/new", url.Values{"section": {sections[0]}, "kind": {"information"}, "origin": {"made"}},
			"通知.txt", []byte("关于冬季供暖的通知\n各有关单位：\n联系人张某，身份证号11010519491231002X。\n特此通知。\n")).is(303)
		id := editionInPath.FindStringSubmatch(s.header.Get("Location"))[1]
		at := "/office/editions/" + id
		editor.get(at+"/edit").is(200).has("关于冬季供暖的通知", "特此通知", "data-editor")

		form := url.Values{"version": {"1"}, "title": {"关于冬季供暖的通知"}, "body": {"<p>联系人张某，身份证号11010519491231002X。</p>"},
			"formed_on": {"2026-11-16"}, "author": {"示例"}, "attribute": {"proactive"}, "do": {"submit"}}
		editor.post(at+"/edit", at+"/edit", form).is(422).has("请填写内容概述", `href="#f-summary"`)
		form.Set("summary", "冬季供暖安排")
		form.Set("version", editor.get(at+"/edit").value("version"))
		editor.post(at+"/edit", at+"/edit", form).is(409).has("必须处理的问题")
		editor.get(at+"/edit").has("1 个必须处理", "110***********002X")
		form.Set("version", editor.get(at+"/edit").value("version"))
		form.Set("body", "<p>供暖自十一月开始。</p><p>特此通知。</p>")
		editor.post(at+"/edit", at+"/edit", form).is(303)

		for _, who := range []string{"reviewer1", "secrecy", "reviewer2", "reviewer3"} {
			g := h.visitor(who)
			g.get("/office/items?view=review").has("关于冬季供暖的通知")
			p := g.get(at + "/review").is(200).has(`<noscript><article class="rich" lang="zh-CN"><p>供暖自十一月开始`)
			verdict := url.Values{"hash": {p.value("hash")}, "level": {p.value("level")}, "decision": {"approve"}, "opinion": {"同意"}}
			g.post(at+"/review", at+"/review", verdict).is(422).has("请逐项确认")
			verdict["ticks"] = []string{"political", "secret", "legal", "wording", "state_secret", "work_secret", "trade_secret", "privacy", "danger"}
			g.post(at+"/review", at+"/review", verdict).is(303)
		}
		publisher := h.visitor("publisher")
		publisher.get(at).has("待发布", "立即公开")
		publisher.post(at, at, url.Values{"do": {"publish"}, "version": {publisher.get(at).value("version")}}).is(303)
		publisher.get(at).has("已发布", "11370322004222241N/2026-00001", "公开页面", `href="/items/`)
		publisher.get(at+"/sheet").is(200).has("审查呈批单", "示例reviewer1", "同意")
		publisher.get(at + "/sheet?format=pdf").is(200)

		s = publisher.post(at, at, url.Values{"do": {"superseded"}, "version": {publisher.get(at).value("version")}}).is(422)
		s = publisher.post(at, at, url.Values{"do": {"supersede"}, "note": {"更正日期"}, "version": {publisher.get(at).value("version")}}).is(303)
		next := s.header.Get("Location")
		publisher.get(next).has("正在更正", "更正日期", "公开中的版本", `href="`+at+`"`)
		editor.get("/office/tasks").is(200).has(next + "/edit") // the publisher may not write it
		form.Set("body", "<p>供暖自十二月开始。</p><p>特此通知。</p>")
		form.Set("do", "save")
		form.Set("version", editor.get(next+"/edit").value("version"))
		editor.post(next+"/edit", next+"/edit", form).is(303)
		editor.get(next+"/compare").is(200).has("<del>一</del>", "<ins>二</ins>") // what was saved last says the same
		publisher.post(at, at, url.Values{"do": {"retract"}, "version": {publisher.get(at).value("version")}}).is(422).has("请写明理由")
		publisher.post(at, at, url.Values{"do": {"retract"}, "reason": {"待核实"}, "version": {publisher.get(at).value("version")}}).is(303)
		publisher.get(at).has("已撤下", "待核实")
	})
}

// What another saved meanwhile is shown beside one's own words, and neither is lost.
func TestTwoWhoSaveAtOnce(t *testing.T) {
	h, sections := withItems(t, dbtest.SQLite(t))
	g := h.visitor("editor")
	s := g.post("/office/items/new", "/office/items/new", url.Values{"section": {sections[0]}, "kind": {"information"}, "origin": {"made"}, "title": {"甲"}}).is(303)
	at := strings.TrimSuffix(s.header.Get("Location"), "/edit")
	one := url.Values{"version": {"1"}, "title": {"先保存的"}, "body": {"<p>先</p>"}}
	g.post(at+"/edit", at+"/edit", one).is(303)
	two := url.Values{"version": {"1"}, "title": {"后保存的"}, "body": {"<p>后</p>"}}
	g.post(at+"/edit", at+"/edit", two).is(409).has("先保存", "先</p>", `value="后保存的"`)
	script := g.send("POST", at+"/autosave", url.Values{"token": {g.get(at + "/edit").token()}, "version": {"1"}, "title": {"后"}, "body": {""}}, func(r *http.Request) {
		r.Header.Set("Accept", "application/json")
	})
	script.is(409).has(`"message"`, `"compare"`)
}

// TestServeItems serves the pages of items for looking at, over an empty database, at the
// address GONGKAI_TEST_ITEMS names; the cookie says the role.
func TestServeItems(t *testing.T) {
	addr := os.Getenv("GONGKAI_TEST_ITEMS")
	if addr == "" {
		t.Skip("GONGKAI_TEST_ITEMS is not set")
	}
	h, _ := withItems(t, dbtest.SQLite(t))
	t.Log(web.NewServer(addr, h.o.Handler()).ListenAndServe())
}

// A picture pasted without its file has to be uploaded or taken out before submission.
func TestAPictureThatDidNotCome(t *testing.T) {
	h, sections := withItems(t, dbtest.SQLite(t))
	g := h.visitor("editor")
	s := g.post("/office/items/new", "/office/items/new", url.Values{"section": {sections[0]}, "kind": {"information"}, "origin": {"made"}, "title": {"甲"}}).is(303)
	at := strings.TrimSuffix(s.header.Get("Location"), "/edit")
	form := url.Values{"version": {"1"}, "title": {"甲"}, "summary": {"概述"}, "formed_on": {"2026-11-16"}, "author": {"示例"}, "attribute": {"proactive"},
		"body": {`<p>正文。</p><figure><img src="attachment:pending" alt="示意图"></figure>`}, "do": {"submit"}}
	g.post(at+"/edit", at+"/edit", form).is(422).has("有图片没有粘贴进来")
	form.Set("version", g.get(at+"/edit").value("version"))
	form.Set("body", "<p>正文。</p>")
	g.post(at+"/edit", at+"/edit", form).is(303)
}

// The figures of a year on the page and in the export, which is the officer's.
func TestStatisticsPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, sections := withItems(t, d)
		h.visitor("editor").post("/office/items/new", "/office/items/new", url.Values{"section": {sections[0]}, "kind": {"information"}, "origin": {"made"}, "title": {"甲"}}).is(303)
		for _, prefix := range []string{"", "/en"} {
			h.visitor("officer").get(prefix+"/office/statistics").is(200).has("<svg", "示例县民政局").lacks("⟦", "%!")
			h.visitor("supervisor").get(prefix+"/office/statistics/bodies").is(200).has("示例县民政局").lacks("⟦", "%!")
		}
		h.visitor("officer").get("/office/statistics").has("草稿</text>", "各月公开")
		h.visitor("officer").get("/office/statistics?year=2025").has("format=xlsx&amp;size=0&amp;sort=&amp;year=2025")
		h.visitor("officer").get("/office/statistics?format=csv").is(200).has("各状态（今天）,草稿,1")
		h.visitor("officer").get("/office/statistics?format=xlsx").is(200)
		h.visitor("editor").get("/office/statistics?format=csv").is(403)
		h.visitor("officer").get("/office/statistics?body=no-such-body").is(403)
		h.visitor("supervisor").get("/office/statistics/bodies?format=csv").is(200).has("示例县民政局,0,0,1,0,0,0")
	})
}
