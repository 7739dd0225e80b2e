package office

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// reportScenes are the views of an annual report in the making.
var reportScenes = []scene{
	{"report", "report", reportScene},
	{"report-tables", "report", func(o *Office, r *http.Request) any {
		p := reportScene(o, r).(*ReportPage)
		p.Findings, p.Stats = nil, nil
		p.Tables = sceneTables(p, false)
		return p
	}},
	{"report-enter", "report", func(o *Office, r *http.Request) any {
		p := reportScene(o, r).(*ReportPage)
		p.Findings, p.Stats = nil, nil
		p.Tables = sceneTables(p, true)
		p.Entry = NewForm(p.Page, "", Group{Fields: []Field{{Name: "reason", Label: p.T("office.report.basis"), Required: true}}})
		p.Entry.Buttons = []Button{{Text: p.T("office.report.save"), Tone: "primary"}}
		return p
	}},
}

func reportScene(o *Office, r *http.Request) any {
	p := &ReportPage{Page: o.page(r, "示范市民政局2025年政府信息公开工作年度报告"), State: &Badge{"编制中", Wait}, Lead: "第1版"}
	p.Steps = []ReportStep{{Text: "编制", When: "2026-01-08 10:00", Done: true}, {Text: "核查", On: true}, {Text: "审核"}, {Text: "签发"}, {Text: "公布"}, {Text: "报送"}, {Text: "接收"}, {Text: "锁定"}}
	p.Stats = []Stat{{Text: "报送同级主管部门并公布", Value: "2026-01-31", Note: "还有 9 天", Tone: Warn}, {Text: "必须改正", Value: "1", Tone: Bad}, {Text: "等待说明", Value: "1", Tone: Warn}}
	p.Notices = []Notice{{"需要处理：第五部分没有写明改进情况", Bad}}
	p.Findings = []ReportFinding{
		{ID: "f1", Code: "R-AR-25", Text: "留有待补充的文字", Badge: Badge{"必须改正", Bad}, Places: []ReportPlace{{"五、存在的主要问题及改进情况", "（待补充：改进措施）", ""}}},
		{ID: "f2", Code: "R-AR-06", Text: "2024年结转下年度继续办理3件，本年“上年结转”填2件", Badge: Badge{"请说明", Warn}, Cite: "年报格式表三", Places: []ReportPlace{{"表三“二、上年结转”总计", "2", "#"}},
			Form: explaining(p.Page)},
	}
	return p
}

func sceneTables(p *ReportPage, input bool) []ReportTable {
	var all []ReportTable
	for _, t := range form.ForYear(2025).Tables {
		table := ReportTable{Printer: p.Printer, ID: t.ID, Name: t.Name, Input: input}
		for n, row := range t.Grid {
			var boxes []ReportBox
			for _, b := range row {
				box := ReportBox{Box: b, Head: b.Role != form.RoleValue, Value: "12", Href: "#", Name: string(b.Key)}
				if n%5 == 4 {
					box.Tone, box.Note = "entered", "人工填写"
				}
				boxes = append(boxes, box)
			}
			table.Rows = append(table.Rows, boxes)
		}
		all = append(all, table)
	}
	return all
}

// reportHouse is an office over a city and a department of it.
func reportHouse(t *testing.T) (h *house, civil string) {
	t.Helper()
	d := dbtest.SQLite(t)
	d.Clock = func() time.Time { return dbtest.Noon }
	registry := &agency.Registry{DB: d}
	body := func(name string, k agency.Kind, parent string) string {
		a, err := registry.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2010, 1, 1), Facts: agency.Facts{Name: name, Kind: k, Level: agency.City, Parent: parent}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	city := body("示范市人民政府", agency.Government, "")
	civil = body("示范市民政局", agency.Department, city)
	desk := &cycle.Desk{DB: d, Source: func(*db.Tx, string, int) (cycle.Counted, error) {
		c := cycle.Counted{Cells: map[string]int64{}}
		for _, one := range form.ForYear(2025).Cells() {
			if one.Key.Table() != "T2" {
				c.Cells[string(one.Key)] = 0
			}
		}
		for _, row := range []string{"T3.new.", "T3.done.open.", "T3.done.total."} {
			c.Cells[row+"natural"], c.Cells[row+"total"] = 1, 1
		}
		return c, nil
	}}
	person := func(id, at, name string, r actor.Role) Session {
		return Session{Actor: actor.Actor{ID: id, Name: id, Grants: []actor.Grant{{Role: r, Agency: at}}, Supervises: map[string]bool{civil: at == city}}, Bodies: []Body{{at, name}}}
	}
	h = serve(t, func(o *Options) {
		o.Now = func() time.Time { return dbtest.Noon }
		o.Agencies, o.Reports = registry, desk
		o.Sessions = held{"officer": person("officer", civil, "示范市民政局", actor.Officer), "reviewer": person("reviewer", civil, "示范市民政局", actor.Reviewer2),
			"head": person("head", civil, "示范市民政局", actor.Reviewer3), "supervisor": person("supervisor", city, "示范市人民政府", actor.Supervisor)}
	})
	return h, civil
}

var reportLink = regexp.MustCompile(`/office/reports/[0-9a-f-]{36}`)
var hashField = regexp.MustCompile(`name="hash" value="([0-9a-f]{64})"`)

// From the first page to the supervising body's desk, as people do it in the browser.
func TestAReportInTheOffice(t *testing.T) {
	h, _ := reportHouse(t)
	g := h.visitor("officer")
	g.get("/office/reports").is(200).has("还没有编制年度报告", "开始编制")
	g.post("/office/reports", "/office/reports", url.Values{"year": {"2019"}}).is(422).has("可以编制的是2021年至今年")
	g.post("/office/reports", "/office/reports", url.Values{"year": {"2025"}}).is(303)
	at := reportLink.FindString(g.get("/office/reports").is(200).has("2025年年度报告", "编制中").body)
	g.get(at).is(200).has("待补充", "必须改正", "核查通过", "2026-01-31")
	g.get("/en" + at).is(200).has("What the check found")
	g.get(at+"?view=tables").has("行政规范性文件", "填写或者调整数字")
	g.get(at+"/cells/T3.new.natural").is(200).has("由记录统计", "/office/requests/cell?body=")
	g.get(at + "/cells/T3.nobody").is(404)
	g.get(at + "/files/odt").is(404)
	if s := g.get(at + "/files/docx").is(200); s.body[:2] != "PK" {
		t.Errorf("no Word file: %.20q", s.body)
	}

	g.post(at, at, url.Values{"do": {"check"}, "version": {"1"}}).is(409)
	v := func(version, do string, more ...string) url.Values {
		out := url.Values{"do": {do}, "version": {version}}
		for i := 0; i < len(more); i += 2 {
			out.Set(more[i], more[i+1])
		}
		return out
	}
	g.post(at, at, v("2", "enter", "T3.new.natural", "3", "reason", "登记簿")).is(422).has("不平衡", "R-AR-01", `value="3"`)
	g.post(at, at, v("2", "enter", "T3.new.natural", "drei", "reason", "登记簿")).is(422).has("不能填这样的数")
	g.post(at, at, v("2", "enter", "T3.new.natural", "3", "T3.carry_out.natural", "2", "reason", "登记簿")).is(303)
	g.get(at+"?view=tables").has("人工填写", "由填写的数字合计")
	g.get(at+"/cells/T3.new.natural").has("登记簿", "记录的数字")
	g.post(at, at, v("3", "write", "s1", "（一）主动公开。依法公开。（二）依申请公开。全年新收到政府信息公开申请3件。（三）政府信息管理。规范管理。（四）平台建设。维护网站。（五）监督保障。开展培训。",
		"s5", "问题：更新不够及时。改进：加强检查。", "s6", "没有收取信息处理费。")).is(303)
	body := g.get(at).is(200).lacks("待补充").body
	for _, m := range regexp.MustCompile(`name="finding" value="([0-9a-f]+)"`).FindAllStringSubmatch(body, -1) {
		version := regexp.MustCompile(`name="version" value="([0-9]+)"`).FindStringSubmatch(g.get(at).body)[1]
		g.post(at, at, v(version, "explain", "finding", m[1], "text", "")).is(422)
		g.post(at, at, v(version, "explain", "finding", m[1], "text", "已核实")).is(303)
	}
	step := func(who, do string, more ...string) {
		t.Helper()
		visitor := h.visitor(who)
		page := visitor.get(at).is(200).body
		version := regexp.MustCompile(`name="version" value="([0-9]+)"`).FindStringSubmatch(page)[1]
		hash := hashField.FindStringSubmatch(page)[1]
		visitor.post(at, at, v(version, do, append(more, "hash", hash)...)).is(303)
	}
	step("officer", "check")
	step("officer", "hand_in")
	step("reviewer", "approve", "text", "同意")
	step("head", "sign", "text", "因系统迁移，逾期签发")
	s := h.visitor("supervisor")
	s.get(at).is(403)
	s.get("/office/reports/board?year=2025").is(200).has("示范市民政局", "未报送", "逾期").lacks("因系统迁移")
	step("officer", "submit")
	s.get("/office/reports/board?year=2025").has("已报送，未公布")
	s.get(at).is(200).has("因系统迁移", "退回").lacks("填写或者调整数字")
	step("supervisor", "return", "text", "第五部分请写实")
	g.get("/office/reports").has("第2版", "第五部分请写实")
}

func TestRemindingFromTheBoard(t *testing.T) {
	h, civil := reportHouse(t)
	s := h.visitor("supervisor")
	at := "/office/reports/board?year=2025"
	s.post(at, at, url.Values{"do": {"remind"}, "id": {civil}}).is(303)
	s.get(at).has("催报")
	s.post(at, at, url.Values{"do": {"key"}, "agency": {civil}, "key": {"x"}}).is(422).has("公钥无法识别")
	s.post(at, at, url.Values{"do": {"lock"}}).is(303)
	h.visitor("officer").get(at).is(403)
	h.visitor("officer").get("/office/reports").is(200)
}

// explaining is the form by which a finding is explained.
func explaining(p Page) *Form {
	f := NewForm(p, "", Group{Fields: []Field{{Name: "text", Label: "为什么是这样"}}})
	f.Buttons = []Button{{Text: "说明"}}
	return f
}
