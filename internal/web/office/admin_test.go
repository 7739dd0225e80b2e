package office

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
)

// admin is the system administrator of a test.
func admin() Session {
	return Session{Actor: actor.Actor{ID: "p9", Name: "示例管理员", Grants: []actor.Grant{{Role: actor.SysAdmin}}}}
}

// withDB serves an office over a fresh SQLite database.
func withDB(t testing.TB) (*house, *db.DB) {
	t.Helper()
	d := dbtest.SQLite(t)
	return serve(t, func(o *Options) {
		o.Sessions = held{"clerk": clerk(), "admin": admin()}
		o.Agencies, o.Jobs = &agency.Registry{DB: d}, &job.Desk{DB: d}
	}), d
}

var bodyInPath = regexp.MustCompile(`^/office/bodies/([0-9a-f-]+)$`)

// made records a body by its form and returns its key.
func (g *guest) made(name, parent, kind, level string) string {
	g.t.Helper()
	s := g.post("/office/bodies/new", "/office/bodies/new", url.Values{"name": {name}, "parent": {parent}, "kind": {kind}, "level": {level}, "since": {"2020-01-01"}}).is(303)
	m := bodyInPath.FindStringSubmatch(s.header.Get("Location"))
	if m == nil {
		g.t.Fatalf("leads to %q", s.header.Get("Location"))
	}
	return m[1]
}

// An administrator records bodies, corrects and renames them, writes their card, merges
// them; what was before stays.
func TestBodies(t *testing.T) {
	h, _ := withDB(t)
	g := h.visitor("admin")
	g.get("/office/bodies").is(200).has("还没有登记单位", "登记单位")
	city := g.made("示范市人民政府", "", "government", "city")
	civil := g.made("示范市民政局", city, "department", "city")
	old := g.made("示范市老龄办", city, "department", "city")

	g.get("/office/bodies").has("示范市民政局", "deep-1", "共 3 个单位")
	g.get("/office/bodies?q=老龄").has("示范市老龄办").lacks("示范市民政局")
	g.get("/office/bodies/"+civil).has("示范市民政局", "还没有填写", "2020-01-01")

	wrong := url.Values{"name": {"示范市司法局"}, "kind": {"department"}, "level": {"city"}, "credit_code": {"11420000000000000X"}}
	g.post("/office/bodies/new", "/office/bodies/new", wrong).is(422).has("校验位不对", `value="示范市司法局"`, `href="#f-credit_code"`)
	g.post("/office/bodies/new", "/office/bodies/new", url.Values{"kind": {"department"}, "level": {"city"}}).is(422).has("请填写这一项")

	edit := "/office/bodies/" + civil + "/edit"
	facts := url.Values{"version": {"1"}, "name": {"示范市民政和老龄局"}, "parent": {city}, "kind": {"department"}, "level": {"city"}, "since": {"2025年3月1日"}, "basis": {"示编发〔2025〕1号"}}
	g.post(edit, edit, facts).is(303)
	g.get("/office/bodies/"+civil).has("示范市民政和老龄局", "示范市民政局", "2025-03-01", "示编发〔2025〕1号")
	g.post(edit, edit, facts).is(409).has("刚被别人改过")

	card := "/office/bodies/" + civil + "/contact"
	fields := url.Values{"office": {"示范市民政局办公室"}, "address": {"示范市示范路1号"}, "hours": {"工作日"}, "phone": {"0000-1234567"}, "fax": {""}, "online": {"https://example.cn"}, "version": {"0"}}
	g.post(card, card, fields).is(422).has("请填写这一项", "示范市示范路1号")
	fields.Set("fax", "无")
	g.post(card, card, fields).is(303)
	g.get("/office/bodies/" + civil).has("示范市示范路1号").lacks("还没有填写")

	end := "/office/bodies/" + old + "/end"
	g.post(end, end, url.Values{"version": {"1"}, "ending": {"merged"}, "successors": {civil}, "on": {"2025-03-01"}, "basis": {"示编发〔2025〕1号"}}).is(303)
	g.get("/office/bodies").lacks("示范市老龄办")
	g.get("/office/bodies?ended=1").has("示范市老龄办", "并入其他单位")
	g.get("/office/bodies/" + old).lacks("/edit")
}

// Who has no part in the bodies may look at what is public and change nothing.
func TestBodiesRefused(t *testing.T) {
	h, _ := withDB(t)
	id := h.visitor("admin").made("示范市人民政府", "", "government", "city")
	g := h.visitor("clerk")
	g.get("/office/").lacks("/office/bodies", "/office/jobs")
	g.get("/office/bodies").is(200).lacks("/office/bodies/new")
	g.get("/office/bodies/" + id).is(200).lacks("/edit")
	g.post("/office/", "/office/bodies/new", url.Values{"name": {"示范市司法局"}, "kind": {"department"}, "level": {"city"}}).is(403)
	g.post("/office/", "/office/bodies/"+id+"/edit", url.Values{"name": {"改"}, "version": {"1"}}).is(403)
	g.get("/office/jobs").is(403)
	g.get("/office/bodies/none").is(404)
}

// A table of bodies is tried, told row by row, and written; the export is what can be
// imported.
func TestImportBodies(t *testing.T) {
	h, _ := withDB(t)
	g := h.visitor("admin")
	g.get("/office/bodies/import").is(200).has("下载要填的表格", `href="/office/bodies?format=xlsx"`)
	g.get("/office/bodies?format=csv").is(200).has("单位名称,简称,类别,层级,上级单位")
	g.made("示范市人民政府", "", "government", "city")
	send := func(table string, write string) seen {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for name, v := range map[string]string{"token": g.get("/office/bodies/import").token(), "write": write} {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
		f, err := m.CreateFormFile("file", "单位.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(table))
		m.Close()
		return g.send("POST", "/office/bodies/import", nil, func(r *http.Request) {
			r.Header.Set("Content-Type", m.FormDataContentType())
			r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
		})
	}
	head := "单位名称,类别,层级,上级单位\n"
	send(head+"示范市民政局,部门,市级,没有的政府\n示范市人民政府,人民政府,市级,\n", "").is(200).has("第 2 行", "找不到上级单位", "没有写入")
	send(head+"示范市民政局,部门,市级,示范市人民政府\n", "").is(200).has("可登记 1 个")
	g.get("/office/bodies").lacks("示范市民政局")
	send(head+"示范市民政局,部门,市级,示范市人民政府\n", "1").is(303)
	csv := g.get("/office/bodies?format=csv").is(200).has("单位名称,", "示范市民政局,")
	send(csv.body, "").is(200).has("已有 2 个")
}

// Failed jobs are counted beside the navigation, retried and cancelled, several at once.
func TestJobs(t *testing.T) {
	h, d := withDB(t)
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		for _, kind := range []string{"sample.one", "sample.two"} {
			if err := job.Enqueue(tx, kind, map[string]string{"item": "i1"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g := h.visitor("admin")
	list := g.get("/office/jobs").is(200).has("sample.one", "sample.two", "等待")
	ids := regexp.MustCompile(`name="id" value="([^"]+)"`).FindAllStringSubmatch(list.body, -1)
	if len(ids) != 2 {
		t.Fatalf("%d boxes to tick", len(ids))
	}
	g.get("/office/jobs/"+ids[0][1]).is(200).has("取消", "i1")
	g.post("/office/jobs", "/office/jobs", url.Values{"do": {"cancel"}, "id": {ids[0][1], ids[1][1]}}).is(303)
	g.get("/office/jobs").has("2 个任务中，2 个已处理", "已取消").lacks("等待</span>")
	g.post("/office/jobs", "/office/jobs", url.Values{"do": {"cancel"}, "id": {ids[0][1]}}).is(409)
	g.post("/office/jobs", "/office/jobs", url.Values{"do": {"retry"}, "id": {ids[0][1], "none"}}).is(303)
	g.get("/office/jobs?state=ready").has("2 个任务中，1 个已处理")
}
