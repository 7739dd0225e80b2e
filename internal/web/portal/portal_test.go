package portal

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
	"gongkai/internal/secret"
	"gongkai/internal/site"
	"gongkai/internal/workday"
)

// public is the public's pages over a body with two documents.
type public struct {
	t       testing.TB
	handler http.Handler
	Options
	body     string
	old, new string // items
	officer  actor.Actor
}

func open(t testing.TB, d *db.DB) *public {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	system := actor.System("test")
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), system, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县人民政府", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N",
	}})
	must(err)
	s, err := (&section.Desk{DB: d, Calendar: workday.Embedded}).Create(t.Context(), system, a.ID, "", section.Draft{Name: "通知公告", Kind: section.News})
	must(err)
	blobs, err := blob.Open(d, t.TempDir())
	must(err)
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	must(err)
	x := &public{t: t, body: a.ID, officer: actor.Actor{ID: "o", Name: "示例", Grants: []actor.Grant{
		{Role: actor.Officer, Agency: a.ID}, {Role: actor.Editor, Agency: a.ID}, {Role: actor.Publisher, Agency: a.ID}}}}
	reader := &disclosure.Reader{DB: d}
	log, err := ledger.Open(t.Context(), d, keys, "example.gov.cn/ledger")
	must(err)
	texts, err := search.Open(t.Context(), filepath.Join(t.TempDir(), "text.db"), d, disclosure.Texts{})
	must(err)
	t.Cleanup(func() { must(texts.Close()) })
	x.Options = Options{DB: d, Reader: reader, Blobs: blobs, Log: slog.New(slog.DiscardHandler), Guides: &guide.Desk{DB: d, Reader: reader},
		Credit:    &credit.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Policy: credit.Usual},
		Normative: &normative.Desk{DB: d, Calendar: workday.Embedded, Policy: normative.Usual},
		Sites:     &site.Directory{DB: d, Now: time.Now}, Ledger: log, Search: texts}
	must(d.Update(t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), system)
		for _, one := range []struct {
			id           *string
			index, title string
		}{{&x.old, "示-1", "示例县养老服务办法"}, {&x.new, "示-2", "示例县养老服务新办法"}} {
			ready, _ := disclosure.Import{Agency: a.ID, Section: s.ID, Kind: disclosure.Information, Origin: disclosure.Made, IndexNo: one.index,
				Content:     disclosure.Content{Title: one.title, Summary: "概述", Body: "<p>正文</p>", FormedOn: date.Must(2026, 11, 2), Attribute: "proactive", Validity: "valid"},
				PublishedAt: dbtest.Noon.Add(-time.Hour)}.Ready()
			i, err := m.Add(ready)
			if err != nil {
				return err
			}
			*one.id = i.ID
		}
		if err := (disclosure.Texts{}).Imported(tx, x.old, x.new); err != nil {
			return err
		}
		return m.Close()
	}))
	_, err = texts.CatchUp(t.Context())
	must(err)
	x.handler, err = New(x.Options)
	must(err)
	return x
}

// has asks for a page in both languages and looks for texts in the Chinese one.
func (x *public) has(path string, texts ...string) string {
	x.t.Helper()
	var body string
	for _, prefix := range []string{"/en", ""} {
		w := httptest.NewRecorder()
		x.handler.ServeHTTP(w, httptest.NewRequest("GET", prefix+path, nil))
		body = w.Body.String()
		if w.Code != http.StatusOK || strings.Contains(body, "⟦") || strings.Contains(body, "%!") {
			x.t.Errorf("%s%s: %d %s", prefix, path, w.Code, body)
		}
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			x.t.Errorf("%s lacks %q: %s", path, text, body)
		}
	}
	return body
}

// R-NRM-18: the page of a document that ended says so, stays readable and leads to the one in
// its place, whatever the text itself once said of its validity.
func TestTheValidityOfADocument(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.has("/items/"+x.old+".html", "示例县养老服务办法", "正文")
		put := func(r normative.Record) *normative.Record {
			r.Agency, r.Kind, r.IssuedOn, r.PublishedOn, r.EffectiveOn = x.body, normative.Document, date.Must(2026, 11, 2), date.Must(2026, 11, 2), date.Must(2026, 11, 2)
			got, err := x.Normative.Register(t.Context(), x.officer, r)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		next := put(normative.Record{Title: "示例县养老服务新办法", State: normative.InForce, Item: x.new, DocNo: "示政规〔2026〕2号"})
		x.has("/items/"+x.new+".html", "现行有效")
		put(normative.Record{Title: "示例县养老服务办法", State: normative.Repealed, Item: x.old, DocNo: "示政规〔2026〕1号", EndedOn: date.Must(2026, 11, 20), EndedBy: "示政发〔2026〕9号", Successor: next.ID})
		body := x.has("/items/"+x.old+".html", "废止", "2026年11月20日", "示政发〔2026〕9号", "/items/"+x.new, "替代文件：示例县养老服务新办法", "正文")
		if strings.Contains(body, "现行有效") {
			t.Error("what is repealed is said to be in force")
		}
	})
}

// R-FLW-14: a natural person's name is masked, and a text that may name the person stays out.
// What is not shown yet, or no longer, is not there.
func TestLicencesForThePublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		head := "行政相对人名称,行政相对人类别,统一社会信用代码,行政许可决定文书名称,行政许可决定文书号,许可类别,许可内容,许可决定日期,许可机关\n"
		rows := "某公司,法人,11441700007280420Y,准予决定,许1号,普通,同意设立某店,2026-11-20,示例局\n欧阳某某,自然人,,准予决定,许2号,普通,同意欧阳某某设摊,2026-11-20,示例局\n某厂,法人,11441700007280420Y,准予决定,许3号,普通,未公示的内容,2026-11-20,示例局\n"
		in := credit.Import{Agency: x.body, Kind: credit.Licence, Name: "许可.csv", Data: []byte(head + rows)}
		rep, err := x.Credit.Import(t.Context(), x.officer, in)
		if err != nil || len(rep.Faults) > 0 {
			t.Fatalf("%+v, %v", rep, err)
		}
		at := "/credit.html"
		if body := x.has(at, "还没有已发布"); strings.Contains(body, "许1号") {
			t.Error("shown before its publication")
		}
		all, err := x.Credit.List(t.Context(), x.officer, credit.Filter{Agency: x.body, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all.Decisions {
			if one.No != "许3号" {
				if _, err := x.Credit.Publish(t.Context(), x.officer, []string{one.ID}); err != nil {
					t.Fatal(err)
				}
			}
		}
		body := x.has(at, "某公司", "同意设立某店", "欧阳**", "许2号")
		for _, secret := range []string{"欧阳某某", "设摊", "许3号", "未公示"} {
			if strings.Contains(body, secret) {
				t.Errorf("the page tells %s", secret)
			}
		}
		x.has("/credit/penalty.html", "还没有已发布")
	})
}

// Article 12: the guide's nine fields and the catalogue's four.
func TestGuideAndCatalogueForThePublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.has("/", "政府信息公开指南", "公开目录", "行政许可和行政处罚")
		at := "/guide.html"
		x.has(at, "还没有发布")
		card := agency.Contact{Agency: x.body, Office: "示例县政府办公室", Address: "示例路1号", Hours: "工作日", Phone: "0710-1234567", Fax: "无", Online: "gk@example.invalid"}
		if _, err := (&agency.Registry{DB: d}).SetContact(t.Context(), x.officer, card); err != nil {
			t.Fatal(err)
		}
		c := guide.Content{Classes: "分类说明", Arrangement: "体系说明", Ways: "方式说明", Channels: []guide.Channel{
			{Key: guide.InPerson, Open: true, Note: "请携带证件"}, {Key: guide.Post, Open: true, Note: "注明字样"}, {Key: guide.FaxBy, Note: "不开通的渠道"}}}
		g, err := x.Guides.Save(t.Context(), x.officer, x.body, 0, c)
		if err != nil {
			t.Fatal(err)
		}
		x.has(at, "还没有发布")
		if _, err := x.Guides.Publish(t.Context(), x.officer, x.body, g.Version); err != nil {
			t.Fatal(err)
		}
		if body := x.has(at, "分类说明", "0710-1234567", "示例路1号", "当面", "请携带证件"); strings.Contains(body, "不开通的渠道") {
			t.Error("a channel that is not open is announced")
		}
		x.has("/catalogue.html", "示-1", "示例县养老服务办法", "概述", "2026-11-02")
	})
}
