package office

import (
	"bytes"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// lawHouse is an office over one body, whose officer keeps all its registers.
func lawHouse(t testing.TB) (*house, string) {
	t.Helper()
	d := dbtest.SQLite(t)
	body, err := (&agency.Registry{DB: d}).Create(t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{
		Name: "示范市人民政府", Kind: agency.Government, Level: agency.City, CreditCode: "11370322004222241N", Region: "420200",
	}, Since: date.Must(2019, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	who := Session{Actor: actor.Actor{ID: "p1", Name: "示例员甲", Grants: []actor.Grant{
		{Role: actor.Officer, Agency: body.ID}, {Role: actor.Editor, Agency: body.ID}, {Role: actor.Publisher, Agency: body.ID},
	}}, Bodies: []Body{{body.ID, body.Name}}}
	reader := Session{Actor: actor.Actor{ID: "p2", Name: "示例员乙", Grants: []actor.Grant{{Role: actor.Reviewer1, Agency: body.ID}}}, Bodies: who.Bodies}
	return serve(t, func(o *Options) {
		o.Now = func() time.Time { return dbtest.Noon }
		o.Sessions, o.Agencies = held{"officer": who, "reader": reader}, &agency.Registry{DB: d}
		withLaw(o, d, keys)
	}), body.ID
}

func withLaw(o *Options, d *db.DB, keys *secret.Keyring) {
	o.Normative = &normative.Desk{DB: d, Calendar: workday.Embedded, Policy: normative.Usual}
	o.Credit = &credit.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Policy: credit.Usual}
	o.Guides = &guide.Desk{DB: d, Reader: &disclosure.Reader{DB: d}}
}

var lawInPath = regexp.MustCompile(`^/office/(normative|normative/clean|credit)/([0-9a-f-]{36})$`)

// key is the key of the record an answer leads to.
func (s seen) key(t testing.TB) string {
	t.Helper()
	m := lawInPath.FindStringSubmatch(s.header.Get("Location"))
	if m == nil {
		t.Fatalf("leads to %q", s.header.Get("Location"))
	}
	return m[2]
}

// register enters a document and returns its key.
func (g *guest) register(more url.Values) string {
	g.t.Helper()
	v := url.Values{"kind": {"document"}, "state": {"in_force"}, "issued_on": {"2025-03-03"}, "published_on": {"2025-03-05"}, "effective_on": {"2025-04-01"}}
	for name, values := range more {
		v[name] = values
	}
	return g.post("/office/normative/register", "/office/normative/register", v).is(303).key(g.t)
}

// A document from its draft to its repeal, by its forms. R-NRM-11, R-NRM-12, R-NRM-19.
func TestNormativePages(t *testing.T) {
	h, _ := lawHouse(t)
	g := h.visitor("officer")
	g.get("/office/normative").is(200).has("还没有登记", "起草新文件")
	g.post("/office/normative/new", "/office/normative/new", url.Values{"kind": {"document"}}).is(422).has("请填写这一项")
	at := "/office/normative/" + g.post("/office/normative/new", "/office/normative/new", url.Values{"kind": {"document"}, "title": {"示范市养老服务管理办法"}}).is(303).key(t)

	step := func(version, kind, passed string) seen {
		return g.post(at, at, url.Values{"do": {"step"}, "version": {version}, "step": {kind}, "from": {"2026-10-09"}, "passed": {passed}})
	}
	step("1", "collective", "1").is(422).has("未经合法性审核", `value="2026-10-09"`)
	step("1", "legal", "1").is(303)
	step("1", "collective", "1").is(409).has("已被他人修改")
	step("2", "collective", "1").is(303)
	g.post(at, at, url.Values{"do": {"number"}, "version": {"3"}, "doc_no": {"示政规2026"}, "issued_on": {"2026-10-10"}}).is(422).has("发文字号不对")
	g.post(at, at, url.Values{"do": {"number"}, "version": {"3"}, "doc_no": {"示政规[2026]03号"}, "issued_on": {"2026-10-10"}}).is(303)
	g.post(at, at, url.Values{"do": {"publish"}, "version": {"4"}, "published_on": {"2026-10-12"}, "effective_on": {"2026-11-01"}, "expires_on": {"2031-10-31"}}).is(303)
	g.get(at).is(200).has("示政规〔2026〕3号", "现行有效", "2031年10月31日", "废止或宣布失效", "应当在2026年10月27日前备案")
	g.get("/en"+at).is(200).has("In force", "2031-10-31")
	g.get("/office/normative?view=force").has("示范市养老服务管理办法").lacks("草案")
	g.get("/office/normative/watch").has("备案", "逾期")
	g.get("/office/tasks").has("示范市养老服务管理办法", "备案", "逾期")
	h.visitor("reader").get("/office/tasks").lacks("示范市养老服务管理办法")
	g.post(at, at, url.Values{"do": {"end"}, "version": {"5"}, "act": {"repeal"}, "on": {"2026-11-23"}}).is(422).has("请写明理由")
	g.post(at, at, url.Values{"do": {"end"}, "version": {"5"}, "act": {"repeal"}, "on": {"2026-11-23"}, "by": {"示政发〔2026〕9号"}}).is(303)
	g.get(at).has("废止", "示政发〔2026〕9号").lacks("废止或宣布失效")
	g.get("/office/normative?format=csv").is(200).has("示范市养老服务管理办法,示政规〔2026〕3号")
}

func TestCleaningPages(t *testing.T) {
	h, _ := lawHouse(t)
	g := h.visitor("officer")
	first := g.register(url.Values{"title": {"示范市甲办法"}, "doc_no": {"示政规〔2025〕1号"}})
	second := g.register(url.Values{"title": {"示范市乙办法"}, "doc_no": {"示政规〔2025〕2号"}})
	g.post("/office/normative/clean", "/office/normative/clean", url.Values{"as_of": {"2026-11-01"}}).is(422)
	at := "/office/normative/clean/" + g.post("/office/normative/clean", "/office/normative/clean", url.Values{"title": {"2026年文件清理"}, "as_of": {"2026-11-01"}}).is(303).key(t)
	g.get(at).has("示范市甲办法", "示范市乙办法", "待定")
	g.post(at, at+"/settle", url.Values{"version": {"1"}, "on": {"2026-11-20"}, "decision": {"示政发〔2026〕12号"}}).is(422).has("还有2件没有清理结论")
	g.post(at, at, url.Values{"do": {"repeal"}, "id": {first}}).is(200).has("1 件文件：废止")
	g.post(at, at, url.Values{"do": {"repeal"}, "id": {first}, "sure": {"1"}, "reason": {"依据已废止"}}).is(303)
	g.post(at, at, url.Values{"do": {"continue"}, "id": {second}, "sure": {"1"}}).is(303)
	g.post(at, at+"/settle", url.Values{"version": {"3"}, "on": {"2026-11-20"}, "decision": {"示政发〔2026〕12号"}}).is(303)
	g.get("/office/normative/"+first).has("废止", "示政发〔2026〕12号", "依据已废止")
	g.get("/office/normative/" + second).has("现行有效")
	for _, file := range []string{"xlsx", "docx"} {
		if s := g.get(at + "?file=" + file).is(200); !strings.HasPrefix(s.body, "PK") || !strings.Contains(s.header.Get("Content-Disposition"), file) {
			t.Errorf("%s: %q", file, s.header)
		}
	}
}

// licences is a file of licences by label.
func licences(rows ...[]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"行政相对人名称", "行政相对人类别", "统一社会信用代码", "行政许可决定文书名称", "行政许可决定文书号", "许可类别", "许可内容", "许可决定日期", "许可机关", "不予公开的依据和理由"})
	_ = w.WriteAll(rows)
	return b.Bytes()
}

func licence(name, category, code, no, on, why string) []string {
	return []string{name, category, code, "准予行政许可决定书", no, "普通", "同意设立", on, "示范市某局", why}
}

// upload posts a form with a file.
func (g *guest) upload(path string, fields url.Values, name string, data []byte) seen {
	g.t.Helper()
	return g.uploadFrom(path, path, fields, name, data)
}

// uploadFrom is upload with the token of the page at from.
func (g *guest) uploadFrom(from, path string, fields url.Values, name string, data []byte) seen {
	g.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("token", g.get(from).token())
	for k, vs := range fields {
		_ = m.WriteField(k, vs[0])
	}
	f, err := m.CreateFormFile("file", name)
	if err != nil {
		g.t.Fatal(err)
	}
	_, _ = f.Write(data)
	_ = m.Close()
	return g.send("POST", path, nil, func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
		r.Header.Set("Content-Type", m.FormDataContentType())
	})
}

// A file tried, brought in, published, overturned and withdrawn. R-FLW-10 to R-FLW-14.
func TestCreditPages(t *testing.T) {
	h, _ := lawHouse(t)
	g := h.visitor("officer")
	kind := url.Values{"kind": {"licence"}}
	code := "11441700007280420Y"
	g.get("/office/credit").is(200).has("还没有许可")
	bad := licences(licence("某公司", "", "11441700007280420X", "许1号", "2026-11-20", ""))
	g.upload("/office/credit/import", kind, "a.csv", bad).is(200).has("没有写入", "第2行", "校验位不对")
	good := licences(licence("某公司", "", code, "许1号", "2026-11-20", ""), licence("欧阳某某", "自然人", "", "许2号", "2026-11-01", ""), licence("某厂", "", code, "许3号", "2026-11-20", "涉及商业秘密"))
	g.upload("/office/credit/import", kind, "a.csv", good).is(200).has("没有发现问题", "新记录 3 条")
	g.get("/office/credit").lacks("许1号")
	kind.Set("write", "1")
	g.upload("/office/credit/import", kind, "a.csv", good).is(303)
	page := g.get("/office/credit").is(200).has("许1号", "欧阳**", "依法不公开").lacks("欧阳某某")
	g.get("/office/credit/watch").has("许2号", "逾期", "许1号").lacks("许3号")
	g.get("/office/tasks").has("有 2 条许可或处罚等待公示或撤回，其中有逾期的")

	key := regexp.MustCompile(`/office/credit/([0-9a-f-]{36})"[^>]*>许2号`).FindStringSubmatch(page.body)
	if key == nil {
		t.Fatal(page.body)
	}
	at := "/office/credit/" + key[1]
	g.post("/office/credit", "/office/credit", url.Values{"do": {"publish"}, "id": {key[1]}}).is(303)
	g.post("/office/credit", "/office/credit", url.Values{"do": {"publish"}, "id": {key[1]}}).is(303)
	g.get("/office/credit").has("不允许此操作")
	g.get(at).has("公示中", "欧阳**").lacks("欧阳某某")
	g.post(at, at, url.Values{"do": {"reveal"}}).is(200).has("欧阳某某")
	g.post(at, at, url.Values{"do": {"withdraw"}, "version": {"2"}, "reason": {""}}).is(422).has("请写明理由")
	g.post(at, at, url.Values{"do": {"overturn"}, "version": {"2"}, "on": {"2026-11-20"}, "reason": {"撤销"}}).is(303)
	g.get("/office/credit/watch").has("撤回", "2026-11-25")
	g.post(at, at, url.Values{"do": {"withdraw"}, "version": {"3"}, "reason": {"许可已撤销"}}).is(303)
	g.get(at).has("已撤回", "许可已撤销")
	h.visitor("reader").post(at, at, url.Values{"do": {"reveal"}}).is(403)
}

// Table two as it is counted from what the pages brought in.
func TestTable2Pages(t *testing.T) {
	h, _ := lawHouse(t)
	g := h.visitor("officer")
	g.register(url.Values{"title": {"示范市甲办法"}, "doc_no": {"示政规〔2025〕1号"}})
	g.register(url.Values{"title": {"示范市旧办法"}, "doc_no": {"示政规〔2010〕1号"}, "state": {"repealed"}, "issued_on": {"2010-01-04"}, "published_on": {"2010-01-04"}, "effective_on": {"2010-01-04"}, "on": {"2025-06-01"}})
	g.upload("/office/credit/import", url.Values{"kind": {"licence"}, "write": {"1"}}, "a.csv", licences(licence("某公司", "", "11441700007280420Y", "许1号", "2025-11-20", ""))).is(303)
	g.post("/office/table2?year=2025", "/office/table2", url.Values{"year": {"2025"}, "name": {"不动产登记费"}, "amount": {"十"}}).is(422)
	g.post("/office/table2?year=2025", "/office/table2", url.Values{"year": {"2025"}, "name": {"不动产登记费"}, "amount": {"12.345678"}}).is(303)
	g.get("/office/table2?year=2025").is(200).has("第二十条第（一）项", "行政规范性文件", "12.345678", "不动产登记费")
	g.get("/office/table2/T2.normdocs.issued?year=2025").is(200).has("示范市甲办法").lacks("示范市旧办法")
	g.get("/office/table2/T2.normdocs.repealed?year=2025").has("示范市旧办法").lacks("示范市甲办法")
	g.get("/office/table2/T2.license.decisions?year=2025").has("许1号")
	g.get("/office/table2/T2.none?year=2025").is(404)
	g.get("/office/table2?year=2020").is(422).has("2021")
	h.visitor("reader").get("/office/table2").is(403)
}

// The guide begins as the card's, and is out of date when the card changes. R-GDE-01, R-GDE-03.
func TestGuidePages(t *testing.T) {
	h, id := lawHouse(t)
	g := h.visitor("officer")
	g.get("/office/guide").is(200).has("尚未发布", "示范市人民政府")
	words := url.Values{"version": {"0"}, "publish": {"1"}, "classes": {"分类"}, "arrangement": {"体系"}, "ways": {"方式"},
		"open_in_person": {"1"}, "note_in_person": {"请携带证件"}, "open_post": {"1"}, "note_post": {"注明字样"}}
	g.post("/office/guide", "/office/guide", words).is(422).has("没有填写")
	card := agency.Contact{Agency: id, Office: "示范市人民政府办公室", Address: "示范路1号", Hours: "工作日", Phone: "0710-1234567", Fax: "无", Online: "gk@example.invalid"}
	if _, err := h.o.Agencies.SetContact(t.Context(), h.o.Sessions.(held)["officer"].Actor, card); err != nil {
		t.Fatal(err)
	}
	words.Set("version", "1")
	g.post("/office/guide", "/office/guide", words).is(303)
	g.get("/office/guide").has("内容完整", "0710-1234567")
	g.get("/office/catalogue").is(200).has("还没有已发布的信息")
	g.get("/office/numbering").is(200).has(`value="{uscc}/{yyyy}-{seq:5}"`, "11370322004222241N/2026-00001", "004222241/2026-00001")
	g.post("/office/numbering", "/office/numbering", url.Values{"template": {"{uscc}"}, "dated": {"written"}}).is(422).has("模板缺少流水号")
	g.post("/office/numbering", "/office/numbering", url.Values{"template": {"{uscc}/{yyyy}-{seq:5}"}, "dated": {"written"}}).is(303)
}
