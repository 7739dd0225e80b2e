package office

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/paper/chart"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// scene is a page with made-up content, as the gallery shows it.
type scene struct {
	name string // says what is to be seen
	page string // template
	make func(o *Office, r *http.Request) any
}

// gallery is every page of the office. Each area adds its scenes.
var gallery = slices.Concat(shellScenes, peopleScenes, itemScenes, webhookScenes, mailScenes, requestScenes, reportScenes)

// elsewhere are the pages whose content a scene cannot make up, with the test that shows
// them over real records.
var elsewhere = map[string]string{
	"item_compare": "TestItems", "request_redact": "TestRedactPage", "item_edit": "TestItems", "item_review": "TestItems", "item_sheet": "TestItems", "item_show": "TestItems",
}

// gallerySession sees everything.
func gallerySession() Session {
	s := clerk()
	return s
}

// galleryHandler serves the gallery: a list of its scenes, and each by its name.
func galleryHandler(o *Office) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /office/static/", o.assets)
	mux.HandleFunc("GET /office/_gallery/{name}", func(w http.ResponseWriter, r *http.Request) {
		for _, s := range gallery {
			if s.name == r.PathValue("name") {
				if err := o.show(w, r, s.page, s.make(o, r)); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
				}
				return
			}
		}
		http.NotFound(w, r)
	})
	return web.Secure(web.Languages(i18n.Chinese, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Session: gallerySession(), secret: "gallery", body: "a1"}
		if strings.HasPrefix(r.URL.Path, "/office/_gallery/out-") {
			v = &visit{secret: "gallery"}
		}
		mux.ServeHTTP(w, withVisit(r, v))
	})), http.NotFoundHandler())
}

func galleryServer(t testing.TB) *httptest.Server {
	h := serve(t, nil)
	s := httptest.NewServer(galleryHandler(h.o))
	t.Cleanup(s.Close)
	return s
}

// Every page has a scene, and every scene renders in both languages without a message
// that lacks its words.
func TestGallery(t *testing.T) {
	h := serve(t, nil)
	pages := map[string]bool{}
	handler := galleryHandler(h.o)
	for _, s := range gallery {
		pages[s.page] = true
		for _, prefix := range []string{"", "/en"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("GET", prefix+"/office/_gallery/"+s.name, nil))
			for _, bad := range []string{"⟦", "ZgotmplZ", "%!", "<no value>"} {
				if strings.Contains(w.Body.String(), bad) {
					t.Errorf("%s%s has %s", prefix, s.name, bad)
				}
			}
			if w.Code != http.StatusOK {
				t.Errorf("%s%s: %d %s", prefix, s.name, w.Code, w.Body)
			}
		}
	}
	files, err := filepath.Glob("page/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".html"); !pages[name] && elsewhere[name] == "" {
			t.Errorf("the gallery does not show page/%s.html", name)
		}
	}
}

// TestServeGallery serves the gallery for looking at, at the address GONGKAI_TEST_GALLERY
// names, and beside it an office over an empty database with an administrator signed in:
// GONGKAI_TEST_GALLERY=127.0.0.1:8099 go test -run TestServeGallery -timeout 0 ./internal/web/office
func TestServeGallery(t *testing.T) {
	addr := os.Getenv("GONGKAI_TEST_GALLERY")
	if addr == "" {
		t.Skip("GONGKAI_TEST_GALLERY is not set")
	}
	h, _ := withDB(t)
	scenes, real := galleryHandler(h.o), h.o.Handler()
	server := web.NewServer(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/office/_gallery/") {
			scenes.ServeHTTP(w, r)
			return
		}
		if _, err := r.Cookie(sessionCookie); err != nil {
			r.AddCookie(&http.Cookie{Name: sessionCookie, Value: "admin"})
		}
		real.ServeHTTP(w, r)
	}))
	t.Log(server.ListenAndServe())
}

// shellScenes are the pages and pieces of the shell itself.
var shellScenes = []scene{
	{"home", "home", homeScene},
	{"help", "help", func(o *Office, r *http.Request) any { return &helpPage{o.page(r, "使用帮助")} }},
	{"list", "list", listScene},
	{"list-empty", "list", emptyScene},
	{"form", "form", formScene},
	{"record", "record", recordScene},
	{"confirm", "confirm", confirmScene},
	{"failure", "failure", func(o *Office, r *http.Request) any {
		return &failurePage{Page: o.page(r, "没有办成"), Message: "没有这个页面。", Cite: "条例第十七条"}
	}},
	{"out-failure", "failure", func(o *Office, r *http.Request) any {
		return &failurePage{Page: o.page(r, "没有办成"), Message: "登录已失效。", SignIn: "/office/sign-in"}
	}},
}

func homeScene(o *Office, r *http.Request) any {
	p := &HomePage{Page: o.page(r, "我的工作台")}
	p.Tasks = o.taskList(p.Page, []Task{
		{Kind: i18n.M("office.tasks.title"), Title: "示范市民政局2026年养老服务补贴发放情况的公示", Href: "#", Due: date.Must(2026, 11, 20), Since: time.Date(2026, 11, 17, 2, 0, 0, 0, time.UTC), Note: "退回：请补充发放标准的文号"},
		{Kind: i18n.M("office.tasks.title"), Title: "关于调整示范市最低生活保障标准的通知", Href: "#", Due: date.Must(2026, 11, 24), Since: time.Date(2026, 11, 19, 7, 30, 0, 0, time.UTC)},
		{Kind: i18n.M("office.tasks.title"), Title: "2025年度社会组织年检结果公告", Href: "#", Since: time.Date(2026, 11, 22, 1, 5, 0, 0, time.UTC), Body: "示范市司法局"},
	}, ListQuery{Size: urgent})
	p.Stats = []Stat{
		{Text: "待办", Value: "7", Href: "#", Tone: Wait}, {Text: "逾期", Value: "2", Href: "#", Tone: Bad, Note: "最久的已逾期 5 天"},
		{Text: "三天内到期", Value: "4", Href: "#", Tone: Warn}, {Text: "草稿", Value: "3", Href: "#"}, {Text: "本月已发布", Value: "128", Href: "#", Tone: Good},
	}
	p.Cards = []Card{
		{ID: "links", Title: "最近编辑", Links: []web.Link{{Href: "#", Text: "关于调整示范市最低生活保障标准的通知", Lang: "zh-CN"}}, More: web.Link{Href: "#", Text: "全部 7 件"}},
		{ID: "month", Title: "每月发布量", Chart: Draw(chart.Line{Title: "每月发布量", Description: "一月到十一月", Labels: []string{"1月", "2月", "3月", "4月", "5月", "6月"},
			Series: []chart.Series{{Name: "今年", Values: []float64{12, 18, 9, 31, 22, 27}}, {Name: "去年", Values: []float64{10, 8, 14, 21, 25, 16}}}})},
		{ID: "state", Title: "信息状态", Chart: Draw(chart.Donut{Title: "信息状态", Middle: "160 条", Parts: []chart.Bar{{Label: "已发布", Value: 128, Text: "128"}, {Label: "审核中", Value: 21, Text: "21"}, {Label: "草稿", Value: 11, Text: "11"}}})},
		{ID: "board", Title: "栏目更新", Chart: Draw(chart.Ranked{Title: "栏目更新", Bars: []chart.Bar{{Label: "政策文件", Value: 42, Text: "42 条"}, {Label: "财政预决算", Value: 7, Text: "7 条"}}})},
		{ID: "none", Title: "退回给我的", Empty: "没有退回的信息。"},
	}
	return p
}

var listColumns = []Column{
	{Key: "title", Text: "标题", Sort: true}, {Key: "section", Text: "栏目", Wide: true}, {Key: "state", Text: "状态", Slim: true},
	{Key: "due", Text: "到期", Sort: true, Slim: true}, {Key: "views", Text: "字数", Num: true, Sort: true, Slim: true},
}

func listScene(o *Office, r *http.Request) any {
	p := &ListPage{Page: o.page(r, "信息"), Lead: "本单位起草、审核和发布的全部信息。", Tools: []Tool{{Text: "导入", Href: "#"}, {Text: "新建信息", Href: "#", Main: true, New: true}}}
	p.Tabs = &Tabs{Label: "信息的分类", Tabs: []Tab{{Text: "全部", Href: "#", On: true}, {Text: "草稿", Href: "#", Count: 3}, {Text: "审核中", Href: "#", Count: 12}, {Text: "已发布", Href: "#"}}}
	p.List = NewList(p.Page, "信息列表", listColumns, ReadList(r, listColumns, "-due"))
	p.List.FilterBy(Field{Name: "q", Label: "标题或文号"}, Field{Name: "state", Label: "状态", Kind: SelectField, Choices: []Choice{{Text: "全部"}, {Value: "draft", Text: "草稿"}}},
		Field{Name: "from", Label: "发布日期起", Kind: DateField}, Field{Name: "to", Label: "止", Kind: DateField})
	today := date.Must(2026, 11, 23)
	badge := Left(p.Printer, date.Must(2026, 11, 20), today, 3)
	soon := Left(p.Printer, date.Must(2026, 11, 25), today, 3)
	p.List.Rows = []Row{
		{ID: "1", Name: "低保标准", Tone: Bad, Cells: []Cell{{Text: "关于调整示范市2026年城乡居民最低生活保障标准的通知", Href: "#", Sub: "示民发〔2026〕12号"}, {Text: "政策文件"}, {Badge: &Badge{"待二审", Wait}}, {Badge: &badge}, {Text: "1,284"}}},
		{ID: "2", Name: "养老补贴", Cells: []Cell{{Text: "养老服务补贴发放情况公示", Href: "#"}, {Text: "社会救助"}, {Badge: &Badge{"已发布", Good}}, {Badge: &soon}, {Text: "860"}}},
		{ID: "3", Name: "旧通知", Tone: Gone, Cells: []Cell{{Text: "2024年度社会组织年检结果公告", Href: "#"}, {Text: "社会组织"}, {Badge: &Badge{"已撤下", Gone}}, {}, {Text: "12,040"}}},
	}
	p.List.Total, p.List.Next = "共 1,203 条", "3"
	p.List.BulkTo, p.List.Bulk = "#", []Bulk{{Value: "submit", Text: "送审"}, {Value: "retract", Text: "撤下", Tone: "danger"}}
	return p
}

func emptyScene(o *Office, r *http.Request) any {
	p := &ListPage{Page: o.page(r, "规范性文件")}
	p.List = NewList(p.Page, "规范性文件列表", listColumns, ReadList(r, listColumns, "title"))
	p.List.Empty, p.List.Start = "还没有规范性文件。登记第一件后，有效性和到期提醒会列在这里。", web.Link{Text: "登记规范性文件", Href: "#"}
	return p
}

func formScene(o *Office, r *http.Request) any {
	p := &FormPage{Page: o.page(r, "新建信息")}
	p.Crumb("信息", "#")
	p.Form = NewForm(p.Page, "#",
		Group{Legend: "基本信息", Fields: []Field{
			{Name: "title", Label: "标题", Required: true, Most: 120, Value: "示例标题", Help: Help{Text: "写全发文机关、事由和文种。", Cite: "条例第二十六条"}},
			{Name: "no", Label: "发文字号", Half: true, Hint: "如 示民发〔2026〕12号"}, {Name: "day", Label: "成文日期", Kind: DateField, Half: true, Required: true},
			{Name: "open", Label: "公开属性", Kind: RadioField, Required: true, Value: "yes", Help: HelpOn(p.Printer, "office.help.field_text", statute.OGI2019.Art(5)),
				Choices: []Choice{{Value: "yes", Text: "主动公开"}, {Value: "ask", Text: "依申请公开", Note: "须写明理由和条文依据"}, {Value: "no", Text: "不予公开", Note: "须写明理由和条文依据"}}},
			{Name: "sections", Label: "同时发布到", Kind: TicksField, Values: []string{"b"}, Choices: []Choice{{Value: "a", Text: "政策文件", Group: "法定栏目"}, {Value: "b", Text: "财政信息", Group: "法定栏目"}, {Value: "c", Text: "工作动态", Group: "新闻"}}},
			{Name: "days", Label: "保留期", Kind: NumberField, Unit: "个工作日", Half: true}, {Name: "section", Label: "栏目", Kind: SelectField, Half: true, Choices: []Choice{{Value: "1", Text: "政策文件"}, {Value: "2", Text: "通知公告"}}},
			{Name: "top", Label: "置顶", Kind: TickField}, {Name: "body", Label: "摘要", Kind: LongField}, {Name: "file", Label: "附件", Kind: FileField, Many: true},
			{Name: "mail", Label: "联系邮箱", Kind: MailField}, {Name: "pw", Label: "密码", Kind: PasswordField, Auto: "current-password"}, {Name: "code", Label: "动态码", Kind: CodeField, Most: 6, Auto: "one-time-code"},
			{Name: "when", Label: "定时发布", Kind: TimeField}, {Name: "who", Label: "起草人", Kind: ShownField, Value: "示例员甲"},
		}},
		Group{Legend: "更多", Folded: true, Fields: []Field{{Name: "note", Label: "备注", Kind: LongField}}})
	p.Form.Buttons = []Button{{Text: "保存", Tone: "primary"}, {Text: "保存草稿", Name: "draft", Value: "1", NoCheck: true}}
	p.Form.Back = p.back("#")
	p.Form.Version = 3
	p.Form.Tell(web.Faults{web.ErrRequired.At("day"), web.ErrTooLong.At("title").With("limit", 120).With("n", 130), web.ErrFormSize})
	p.Side = []Card{{ID: "gate", Title: "填写提示", Note: "保存后会自动检查个人信息、涉密标志和错别字。", Facts: []Fact{{Label: "时限", Value: "形成之日起20个工作日内"}}}}
	return p
}

func recordScene(o *Office, r *http.Request) any {
	p := &RecordPage{Page: o.page(r, "关于调整示范市2026年城乡居民最低生活保障标准的通知"), State: &Badge{"待二审", Wait}, Tools: []Tool{{Text: "编辑", Href: "#"}, {Text: "送审", Href: "#", Main: true}}}
	p.Crumb("信息", "#")
	p.Cards = []Card{{ID: "facts", Title: "基本信息", Facts: []Fact{{Label: "索引号", Value: "XA0001/2026-00012"}, {Label: "栏目", Value: "政策文件", Href: "#"}, {Label: "状态", Badge: &Badge{"待二审", Wait}}, {Label: "摘要", Value: "从2026年7月1日起，城市低保标准调整为每人每月示例数额。"}}}}
	form := NewForm(p.Page, "#", Group{Fields: []Field{{Name: "reason", Label: "意见", Kind: LongField, Required: true}}})
	form.Buttons = []Button{{Text: "通过", Tone: "primary", Name: "do", Value: "pass"}, {Text: "退回", Name: "do", Value: "back", Tone: "danger"}}
	retract := NewForm(p.Page, "#", Group{Fields: []Field{{Name: "why", Label: "理由"}}})
	retract.Buttons = []Button{{Text: "撤下", Tone: "danger"}}
	p.Forms = []Section{{ID: "review", Title: "审核", Form: form}, {ID: "more", Title: "撤下", Folded: true, Form: retract}}
	p.Timeline = []Event{{When: "2026-11-20 09:12", Who: "示例员甲", Title: "起草", Tone: Good}, {When: "2026-11-21 15:40", Who: "示例员乙", Title: "一审通过", Note: "同意。", Tone: Good}, {When: "2026-11-21 15:40", Title: "送二审", Tone: Wait}}
	return p
}

func confirmScene(o *Office, r *http.Request) any {
	reason := Field{Name: "reason", Label: "撤下理由", Required: true, Kind: LongField}
	p := &confirmPage{Page: o.page(r, "撤下 2 条信息"), Action: "#", Values: []Field{{Name: "id", Value: "1"}, {Name: "id", Value: "2"}}}
	p.Ask = Confirm{Text: "撤下后公众不再能看到，记录仍然保留。", Items: []string{"低保标准", "养老补贴"}, Danger: true, Yes: "撤下", Back: web.Link{Text: "不撤下", Href: "#"}}
	reason.ready(p.Printer)
	p.Ask.Reason = &reason
	return p
}

// peopleScenes are the steps of signing in and what is shown once.
var peopleScenes = []scene{
	{"out-sign-in", "sign_in", func(o *Office, r *http.Request) any {
		p := &signInPage{Page: o.page(r, printer(r).T("signin.title")), Passkey: true, PasskeyTo: "#"}
		p.Form = NewForm(p.Page, "#", Group{Fields: []Field{
			{Name: "login", Label: p.T("signin.login"), Auto: "username"},
			{Name: "password", Label: p.T("signin.password"), Kind: PasswordField, Auto: "current-password"}}})
		p.Form.Buttons = []Button{{Text: p.T("office.sign_in"), Tone: "primary"}}
		p.Demo = []demoLine{{"demo.one", "demo", "示例员甲", "示范市民政局 信息员"}, {"demo.two", "demo", "示例员乙", "示范市民政局 一审人、保密审查员"}}
		return p
	}},
	{"out-enrol", "sign_in", func(o *Office, r *http.Request) any {
		p := &signInPage{Page: o.page(r, printer(r).T("signin.enrol")), Lead: printer(r).T("signin.enrol_lead"), QR: `<svg viewBox="0 0 9 9" width="220" height="220"><path d="M0 0h9v9h-9z"/></svg>`, Key: "JBSWY3DPEHPK3PXP"}
		p.Form = NewForm(p.Page, "#", Group{Fields: []Field{{Name: "code", Label: p.T("signin.code"), Kind: CodeField, Required: true, Most: 6, Auto: "one-time-code", Hint: p.T("signin.enrol_hint")}}})
		p.Form.Buttons = []Button{{Text: p.T("signin.go_on"), Tone: "primary"}}
		return p
	}},
	{"out-codes", "codes", func(o *Office, r *http.Request) any {
		return &codesPage{Page: o.page(r, printer(r).T("signin.codes")), Codes: []string{"aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"}, Next: "#"}
	}},
	{"token", "token", func(o *Office, r *http.Request) any {
		return &tokenPage{Page: o.page(r, printer(r).T("me.token_made")), Name: "示例公文系统", Secret: "gongkai_示例", Next: "#"}
	}},
	{"issued", "issued", func(o *Office, r *http.Request) any {
		return &issuedPage{Page: o.page(r, printer(r).T("people.issued")), Next: "#", People: []*account.Issued{{Account: &account.Account{Name: "示例员丁", Login: "clerk.four"}, Password: "aaaa-bbbb-cccc-dddd"}}}
	}},
	{"me", "me", func(o *Office, r *http.Request) any {
		p := &mePage{RecordPage: RecordPage{Page: o.page(r, printer(r).T("me.title"))}, Passkeys: true, PasskeyTo: "#"}
		p.Cards = []Card{{ID: "me", Title: "示例员甲", Facts: []Fact{{Label: p.T("signin.login"), Value: "clerk.one"}}}, o.meRoles(r, p.Page)}
		p.Forms = o.meFactors(r, p.Page, account.Security{MinLength: 10, Kinds: 2}, &account.Entry{Factors: []account.Way{account.WayTOTP}})
		return p
	}},
}
