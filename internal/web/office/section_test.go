package office

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/workday"
)

// sectionHouse is an office with two made-up bodies below a city, and people for each.
func sectionHouse(t testing.TB) (h *house, d *section.Desk, civil, justice string) {
	t.Helper()
	base := dbtest.SQLite(t)
	d = &section.Desk{DB: base, Calendar: workday.Embedded, Policy: section.Standard}
	registry := &agency.Registry{DB: base}
	record := func(name, parent string, kind agency.Kind) string {
		a, err := registry.Create(t.Context(), actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}},
			agency.New{Facts: agency.Facts{Name: name, Kind: kind, Level: agency.City, Parent: parent}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	city := record("示范市人民政府", "", agency.Government)
	civil, justice = record("示范市民政局", city, agency.Department), record("示范市司法局", city, agency.Department)
	person := func(id, name string, g actor.Grant, body string, bodyName string) Session {
		return Session{Actor: actor.Actor{ID: id, Name: name, Grants: []actor.Grant{g}}, Bodies: []Body{{body, bodyName}}}
	}
	chief := person("v", "示例员丁", actor.Grant{Role: actor.Supervisor, Agency: city}, city, "示范市人民政府")
	chief.Actor.Supervises = map[string]bool{civil: true, justice: true}
	h = serve(t, func(o *Options) {
		o.Agencies, o.Sections = registry, d
		o.Now = func() time.Time { return dbtest.Noon }
		o.Sessions = held{
			"officer": person("o", "示例员乙", actor.Grant{Role: actor.Officer, Agency: civil}, civil, "示范市民政局"),
			"editor":  person("e", "示例员丙", actor.Grant{Role: actor.Editor, Agency: civil}, civil, "示范市民政局"),
			"other":   person("x", "示例员戊", actor.Grant{Role: actor.Officer, Agency: justice}, justice, "示范市司法局"),
			"chief":   chief, "auditor": person("u", "示例员己", actor.Grant{Role: actor.Auditor}, civil, "示范市民政局"),
		}
	})
	return h, d, civil, justice
}

var sectionInPath = regexp.MustCompile(`/office/sections/([0-9a-f-]{36})`)

// sheet sends a file with the token of the page at from.
func (g *guest) sheet(path string, fields map[string]string, name string, content []byte) seen {
	g.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields["token"] = g.get(path).token()
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			g.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		g.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		g.t.Fatal(err)
	}
	w.Close()
	r, err := http.NewRequest("POST", g.URL+path, &b)
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	resp, err := g.client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return seen{g.t, resp.StatusCode, string(body), resp.Header}
}

// An officer makes the tree, changes it, imports a catalogue; others see or do not see it.
func TestSections(t *testing.T) {
	h, _, civil, _ := sectionHouse(t)
	g := h.visitor("officer")
	g.get("/office/sections").is(200).has("没有栏目", "导入标准目录", "新建栏目", "规范检查")
	g.get("/office/sections?view=remarks").has("没有“政府信息公开指南”栏目", "R-PLT-04", "补建规定栏目")
	g.post("/office/sections?view=remarks", "/office/sections/establish", nil).is(303).leads("/office/sections")
	g.get("/office/sections").has("补建了 26 个栏目", "法定主动公开内容", "财政预算决算", "deep-1", "自形成或变更之日起 20 个工作日内", "共 26 个栏目")
	g.get("/office/sections?view=remarks").has("栏目设置符合规范")
	g.get("/office/sections?q=预算").has("财政预算决算", "共 1 个栏目").lacks("机构职能")
	g.get("/en/office/sections").has("Statutory item (art. 20)", "within 20 working days of").lacks("⟦")

	budget := regexp.MustCompile(`/office/sections/([0-9a-f-]{36})"[^>]*>财政预算决算`).FindStringSubmatch(g.get("/office/sections?q=预算").body)[1]
	at := "/office/sections/" + budget
	g.post(at, at+"/events", url.Values{"what": {"预算调整"}, "on": {"2026-11-24"}}).is(422).has("不晚于今天", `value="预算调整"`)
	g.post(at, at+"/events", url.Values{"what": {"预算调整"}, "on": {"2026-09-28"}}).is(303)
	event := regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"`).FindStringSubmatch(g.get(at).has("预算调整", "逾期 24 天", "条例第二十六条").body)[1]
	g.post(at, at+"/close", url.Values{"id": {event}}).is(200).has("请写明原因")
	g.post(at, at+"/close", url.Values{"id": {event}, "sure": {"1"}, "reason": {"登记有误"}}).is(303)
	g.get(at).has("无待公开事项").lacks("逾期")

	wrong := url.Values{"name": {"  "}, "kind": {"news"}, "rhythm": {"every"}, "n": {"x"}}
	g.post("/office/sections/new", "/office/sections/new", wrong).is(422).has("请填整数。")
	wrong = url.Values{"name": {"政府信息公开指南"}, "kind": {"topic"}}
	g.post("/office/sections/new", "/office/sections/new", wrong).is(409).has("同一级已有同名栏目", `value="政府信息公开指南"`)
	made := g.post("/office/sections/new", "/office/sections/new", url.Values{"name": {"工作动态"}, "kind": {"news"}, "department": {"办公室"}, "owner": {"o"},
		"rhythm": {"every"}, "n": {"７"}, "unit": {"day"}}).is(303)
	id := sectionInPath.FindStringSubmatch(made.header.Get("Location"))[1]
	page := "/office/sections/" + id
	g.get(page).has("工作动态", "至少每 7 天更新一次", "办公室", "示例员乙", "还有 7 天", "停用", "移动")
	g.post(page+"/edit", page+"/edit", url.Values{"version": {"1"}, "name": {"民政快讯"}, "kind": {"news"}, "owner": {"o"}}).is(303)
	g.get(page).has("民政快讯", "至少每 14 天更新一次", "检查指标")
	g.post(page, page+"/move", url.Values{"version": {"2"}, "parent": {id}}).is(409).has("不能把栏目移到它自己的下级栏目里")
	g.post(page, page+"/retire", url.Values{"version": {"1"}, "reason": {"合并"}}).is(409).has("刚被别人修改过")
	g.post(page, page+"/retire", url.Values{"version": {"2"}, "reason": {""}}).is(422).has("请填写这一项")

	// Somebody of the same body without the role, of another body, and of none.
	h.visitor("editor").get(page).is(200).has("民政快讯").lacks("修改栏目", "停用后不再接收新信息")
	e := h.visitor("editor")
	e.post("/office/sections", page+"/retire", url.Values{"version": {"2"}, "reason": {"合并"}}).is(403)
	e.get("/office/sections/import").is(403)
	other := h.visitor("other")
	other.get(page).is(403).lacks("民政快讯")
	other.get("/office/sections").lacks("民政快讯")
	other.get("/office/board/bodies/" + civil).is(403)
	other.post("/office/sections", page+"/edit", url.Values{"version": {"2"}, "name": {"改名"}, "kind": {"news"}}).is(403)
	h.visitor("auditor").get("/office/sections").is(403)
	h.visitor("").get(page).is(303)

	g.post(page, page+"/retire", url.Values{"version": {"2"}, "reason": {"并入通知公告"}}).is(303)
	g.get(page).has("停用", "并入通知公告").lacks("修改栏目")
}

func TestCatalogueByItsPages(t *testing.T) {
	h, _, _, _ := sectionHouse(t)
	g := h.visitor("officer")
	g.post("/office/sections?view=remarks", "/office/sections/establish", nil)
	form := g.get("/office/sections/import").is(200).has("社会救助", "先预览")
	parent := regexp.MustCompile(`<option value="([0-9a-f-]{36})">[　 ]*社会救助</option>`).FindStringSubmatch(form.body)
	if parent == nil {
		t.Fatal("no option for the subject")
	}
	var b bytes.Buffer
	err := section.WriteCatalogue(&b, section.Catalogue{Title: "社会救助领域", Layout: section.CountyLayout, Rows: []section.Row{
		{First: "综合业务", Second: "政策法规文件", Entry: section.Entry{No: "1", Limit: "制定或获取信息之日起10个工作日内", Channels: []string{"website"}}},
		{First: "综合业务", Second: "监督检查", Entry: section.Entry{No: "2", Limit: "及时公开"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	g.sheet("/office/sections/import", map[string]string{"parent": parent[1]}, "x.xlsx", []byte("no workbook")).is(422).has("不是可读取的 XLSX 文件")
	plan := g.sheet("/office/sections/import", map[string]string{"parent": parent[1]}, "x.xlsx", b.Bytes()).is(200).
		has("新建 2 个", "公开时限写作“及时公开”", "政策法规文件", "自形成或变更之日起 10 个工作日内", "需要说明")
	g.get("/office/sections").lacks("综合业务")
	hidden := regexp.MustCompile(`name="catalogue" value="([^"]+)"`).FindStringSubmatch(plan.body)
	if hidden == nil {
		t.Fatal("the preview carries no catalogue")
	}
	read := strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&#43;", "+").Replace(hidden[1])
	done := "/office/sections/import/done"
	g.post("/office/sections/import", done, url.Values{"parent": {parent[1]}, "catalogue": {read}}).is(422).has("需要您说明怎样计算")
	g.post("/office/sections/import", done, url.Values{"parent": {parent[1]}, "catalogue": {read}, "limit0-rhythm": {"event"}, "limit0-n": {"5"}, "limit0-unit": {"workday"}}).is(303)
	g.get("/office/sections").has("综合业务", "政策法规文件", "监督检查", "已导入：新建 2 个栏目")
	out := g.get("/office/sections/export?layout=county&parent=" + parent[1]).is(200)
	c, err := section.ReadCatalogue(strings.NewReader(out.body))
	if err != nil || len(c.Rows) != 2 || c.Rows[1].Limit != "及时公开" {
		t.Errorf("%+v, %v", c.Rows, err)
	}
	h.visitor("other").get("/office/sections/export?layout=county&parent=" + parent[1]).is(422).lacks("综合业务")
}

// Freshness as the owner, the officer and the supervisor see it.
func TestBoards(t *testing.T) {
	h, d, civil, justice := sectionHouse(t)
	d.DB.Clock = func() time.Time { return dbtest.Noon.AddDate(0, 0, -30) }
	by := func(body string) actor.Actor {
		return actor.Actor{ID: "o", Grants: []actor.Grant{{Role: actor.Officer, Agency: body}}}
	}
	var late string
	for body, n := range map[string]int{civil: 6, justice: 1} {
		for i := range n {
			s, err := d.Create(t.Context(), by(body), body, "", section.Draft{Name: "动态" + string(rune('甲'+i)), Kind: section.News, Owner: "e", OwnerName: "示例员丙", Department: "办公室"})
			if err != nil {
				t.Fatal(err)
			}
			if body == justice {
				late = s.ID
			}
			if i > 0 {
				if err := d.DB.Update(t.Context(), func(tx *db.Tx) error { return section.Touched(tx, s.ID, "i", dbtest.Noon.AddDate(0, 0, -20)) }); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	d.DB.Clock = func() time.Time { return dbtest.Noon }
	g := h.visitor("officer")
	g.get("/office/board").is(200).has("逾期 16 天", "逾期 6 天", "办公室", "逾期 6", "催办所选", "<svg")
	g.get("/office/board?state=current").has("没有符合条件的记录")
	h.visitor("editor").get("/office/board").is(200).lacks("催办所选")
	h.visitor("editor").get("/office/board/mine").is(200).has("动态甲", "共 7 个栏目")
	h.visitor("editor").get("/office/tasks").has("更新栏目", "动态甲")
	h.visitor("officer").get("/office/board/mine").has("没有由您负责的栏目")
	g.get("/office/board/bodies").is(403)

	v := h.visitor("chief")
	board := v.get("/office/board/bodies").is(200).has("示范市民政局", "示范市司法局", "可能单项否决", "共 2 个单位")
	if strings.Index(board.body, "示范市民政局") > strings.Index(board.body, "示范市司法局") {
		t.Error("the worst does not come first")
	}
	v.get("/office/board/bodies?format=csv").is(200).has("示范市民政局,6,")
	v.get("/office/board/bodies/"+civil+"?state=overdue").is(200).has("动态甲", "催办所选")

	remind := "/office/board/remind?body=" + justice
	g.post("/office/board", remind, url.Values{"id": {late}}).is(403)
	v.post("/office/board/bodies/"+justice, remind, url.Values{"id": {idOf(t, d, justice)}}).is(303).leads("/office/board/bodies/" + justice)
	v.post("/office/board/bodies/"+justice, remind, url.Values{"id": {idOf(t, d, justice)}}).is(409).has("今天已经催办过")
}

func idOf(t *testing.T, d *section.Desk, body string) (id string) {
	t.Helper()
	if err := d.DB.View(t.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, body)
		id = all[0].ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}
