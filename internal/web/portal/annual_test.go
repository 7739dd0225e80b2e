package portal

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/sample"
	annualshelf "gongkai/internal/annual/shelf"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
	"gongkai/internal/workday"
)

// department adds a department to the portal's body and returns it.
func (x *public) department(name string) string {
	x.t.Helper()
	a, err := (&agency.Registry{DB: x.DB}).Create(x.t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1),
		Facts: agency.Facts{Name: name, Kind: agency.Department, Level: agency.County, Parent: x.body}})
	if err != nil {
		x.t.Fatal(err)
	}
	return a.ID
}

// report publishes a made-up report of a body and has the shelf read it.
func (x *public) report(body, name string, year int, on date.Date) (item string) {
	x.t.Helper()
	var b strings.Builder
	rep := sample.Made(name, year, 60)
	if err := print.Write(&b, rep, print.HTML, print.Options{}); err != nil {
		x.t.Fatal(err)
	}
	ready, _ := disclosure.Import{Agency: body, Section: x.column(body), Kind: disclosure.Information, Origin: disclosure.Made,
		Content:     disclosure.Content{Title: rep.Title.Text, Body: b.String(), Attribute: "proactive"},
		PublishedAt: time.Date(on.Year(), time.Month(on.Month()), on.Day(), 2, 0, 0, 0, time.UTC)}.Ready()
	err := x.DB.Update(x.t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
		i, err := m.Add(ready)
		if err != nil {
			return err
		}
		item = i.ID
		return m.Close()
	})
	if err == nil {
		_, err = (&annualshelf.Desk{DB: x.DB, Reader: x.Reader, Blobs: x.Blobs}).Read(x.t.Context(), actor.System("test"), item)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return item
}

// column is a body's 政府信息公开年报.
func (x *public) column(body string) (id string) {
	x.t.Helper()
	d := &section.Desk{DB: x.DB, Calendar: workday.Embedded, Policy: section.Standard}
	if _, err := d.Establish(x.t.Context(), actor.System("test"), body); err != nil {
		x.t.Fatal(err)
	}
	err := x.DB.View(x.t.Context(), func(tx *db.Tx) error {
		s, err := section.OfKind(tx, body, section.Reports)
		if err == nil {
			id = s.ID
		}
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

// answers is the status of an address.
func (x *public) answers(path string) int {
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Code
}

// R-PLT-09: all years and all bodies below are reached from the government's page, and each
// report is read, compared and taken away.
func TestAnnualReportsOfAllYearsAndBodies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Sites.URL = "https://www.example.gov.cn"
		health, school := x.department("示例县卫生健康局"), x.department("示例县教育局")
		x.report(x.body, "示例县人民政府", 2023, date.Must(2024, 3, 20))
		item := x.report(x.body, "示例县人民政府", 2024, date.Must(2025, 3, 20))
		x.report(health, "示例县卫生健康局", 2024, date.Must(2025, 1, 20))
		x.report(school, "示例县教育局", 2024, date.Must(2025, 2, 11))

		x.has("/annual.html", "/annual/2024.html", "/annual/2023.html", "/items/"+item+".html", "2025-03-20公布",
			"示例县卫生健康局", "/bodies/"+health+"/annual/2024.html", `class="in_time"`, `class="after"`, `class="absent"`,
			"尚未公布", "公布期限2024-01-31", "新收政府信息公开申请", `role="img"`)
		if list := x.has("/annual.html?q=%E6%95%99%E8%82%B2", "3个机关中有1个相符"); strings.Contains(list, "示例县卫生健康局</a></th>") {
			t.Error("the filter leaves a body in")
		}
		x.has("/annual/2024.html", "一、总体情况", `headers="t-s3r1c4 t-s3r2c4`, "<caption>表三", "/annual/2023.html", "与2023年相比", "/annual/2024.pdf", "国办公开办函〔2021〕30号")
		if s := x.machine("/sitemaps/pages.xml", 200); strings.Count(s, "/annual/2024.html</loc>") != 1 || strings.Count(s, "/annual/2023.html</loc>") != 1 {
			t.Error(s)
		}
		x.has("/annual/2024/compare.html", "2023年与2024年", "行政许可", "持平")
		x.has("/annual/2023/compare.html?with=2024", "2024年与2023年")
		x.has("/annual/2024/bodies.html", "示例县教育局", "公开率", "2个下级机关")
		if one := x.has("/annual/2024/bodies.html?body="+school, "示例县教育局"); strings.Contains(one, "/bodies/"+health+"/annual/2024.html") {
			t.Error("a body that was not chosen is listed")
		}
		for path, want := range map[string]int{
			"/annual/2024.docx": 200, "/annual/2024.pdf": 200, "/annual/2024.xlsx": 200, "/annual/2024.json": 200, "/annual/2024/bodies.xlsx": 200,
			"/annual/2024": 301, "/annual/2024.exe": 404, "/annual/2022.html": 404, "/annual/2022.json": 404, "/annual/24.html": 404,
			"/annual/2022/bodies.html": 404, "/annual/2024/bodies.xlsx?x": 200, "/bodies/" + health + "/annual/2024/bodies.html": 404,
			"/bodies/" + health + "/annual/2024/compare.html": 404, "/bodies/" + school + "/annual.html": 200,
		} {
			if got := x.answers(path); got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
	})
}

// No outlet shows anything of a report whose item is no longer public.
func TestAnnualReportsThatAreNotPublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		health := x.department("示例县卫生健康局")
		item := x.report(health, "示例县卫生健康局", 2024, date.Must(2025, 1, 20))
		site := "/bodies/" + health
		x.has(site+"/annual/2024.html", "一、总体情况")
		leaf, err := x.Reader.Item(t.Context(), item)
		if err != nil {
			t.Fatal(err)
		}
		desk := &disclosure.Desk{DB: d, Blobs: x.Blobs, Calendar: workday.Embedded}
		by := actor.Actor{ID: "p", Name: "p", Grants: []actor.Grant{{Role: actor.Publisher, Agency: health}}}
		if _, err := desk.Retract(t.Context(), by, leaf.Edition.ID, leaf.Edition.Version, "数据有误"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/annual/2024.html", "/annual/2024/compare.html", "/annual/2024.docx", "/annual/2024.pdf", "/annual/2024.xlsx", "/annual/2024.json"} {
			if got := x.answers(site + path); got != http.StatusNotFound {
				t.Errorf("%s: %d", path, got)
			}
		}
		if got := x.answers("/annual/2024/bodies.xlsx"); got != http.StatusNotFound {
			t.Errorf("the workbook of all bodies: %d", got)
		}
		for _, page := range []string{site + "/annual.html", "/annual.html"} {
			if text := x.has(page); strings.Contains(text, item) || strings.Contains(text, "2025-01-20") {
				t.Errorf("%s still tells of the report", page)
			}
		}
	})
}

// A copy of the pages has no forms that nobody would answer, and still leads to every comparison.
func TestAnnualReportsInACopy(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	x.department("示例县教育局")
	x.report(x.body, "示例县人民政府", 2023, date.Must(2024, 3, 20))
	x.report(x.body, "示例县人民政府", 2024, date.Must(2025, 3, 20))
	for path, leads := range map[string]string{"/annual.html": "/annual/2024/bodies.html", "/annual/2024.html": "/annual/2024/compare.html", "/annual/2024/compare.html": "/annual/2023.html"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		x.handler.ServeHTTP(w, r.WithContext(web.Copying(r.Context())))
		_, main, _ := strings.Cut(w.Body.String(), "<main")
		if w.Code != http.StatusOK || strings.Contains(main, `class="filter"`) || !strings.Contains(main, leads) {
			t.Errorf("%s: %d %s", path, w.Code, main)
		}
	}
}
