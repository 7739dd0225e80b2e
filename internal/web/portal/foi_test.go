package portal

import (
	stdbytes "bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// citizen is somebody with a browser, at a portal that takes requests.
type citizen struct {
	*browser
	now time.Time
}

// asking opens a portal that takes requests to a body whose office has a card.
func asking(t *testing.T, d *db.DB) *citizen {
	t.Helper()
	x := open(t, d)
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	x.Requests = &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: x.Blobs, Address: "https://www.example.gov.cn/request.html"}
	if _, err := (&agency.Registry{DB: d}).SetContact(t.Context(), x.officer, agency.Contact{Agency: x.body, Office: "办公室", Address: "示例县一号路1号",
		Hours: "工作日9时至17时", Phone: "0000-1234567", Fax: "0000-7654321", Email: "a@example.gov.cn", Postcode: "100000", Online: "https://www.example.gov.cn"}); err != nil {
		t.Fatal(err)
	}
	s := foi.Usual()
	s.Authorities, s.Courts = []string{"示例市人民政府"}, []string{"示例县人民法院"}
	if err := x.Requests.SaveSettings(t.Context(), x.officer, x.body, s); err != nil {
		t.Fatal(err)
	}
	x.Secure = true
	if x.handler, err = New(x.Options); err != nil {
		t.Fatal(err)
	}
	c := &citizen{&browser{x, map[string]*http.Cookie{}}, dbtest.Noon}
	d.Clock = func() time.Time { return c.now }
	return c
}

// send posts a form, with files as name=content under their fields.
func (c *citizen) send(path string, fields map[string]string, files map[string]string) *httptest.ResponseRecorder {
	var b stdbytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = form.WriteField(name, value)
	}
	for field, file := range files {
		name, content, _ := strings.Cut(file, "=")
		w, _ := form.CreateFormFile(field, name)
		_, _ = w.Write([]byte(content))
	}
	_ = form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	for _, one := range c.jar {
		r.AddCookie(one)
	}
	w := httptest.NewRecorder()
	c.x.handler.ServeHTTP(w, r)
	for _, one := range w.Result().Cookies() {
		if c.jar[one.Name] = one; one.MaxAge < 0 {
			delete(c.jar, one.Name)
		}
	}
	return w
}

// goes expects a form to lead to another page.
func (c *citizen) goes(w *httptest.ResponseRecorder, to string) {
	c.x.t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
		c.x.t.Fatalf("%d to %q, not to %s: %s", w.Code, w.Header().Get("Location"), to, w.Body)
	}
}

// shows expects a page with texts.
func (c *citizen) shows(w *httptest.ResponseRecorder, status int, texts ...string) string {
	c.x.t.Helper()
	body := w.Body.String()
	if w.Code != status || w.Header().Get("Cache-Control") != "no-store" {
		c.x.t.Fatalf("%d, %s: %s", w.Code, w.Header().Get("Cache-Control"), body)
	}
	for _, one := range append(texts, "") {
		if !strings.Contains(body, one) {
			c.x.t.Errorf("the page lacks %q: %s", one, body)
		}
	}
	if strings.Contains(body, "⟦") || strings.Contains(body, "%!") {
		c.x.t.Errorf("the page lacks words: %s", body)
	}
	return body
}

var (
	whatFields = map[string]string{"sought_name": "2025年度养老服务补贴发放名册", "features": "示例县民政局2025年发放", "do": "next"}
	howFields  = map[string]string{"form": "electronic", "way": "web", "do": "next"}
	whoFields  = map[string]string{"kind": "natural", "name": "甲某某", "id_type": "idcard", "id_number": "110101199003070011", "phone": "13800000000", "do": "next"}
)

// written goes to the last page before sending.
func (c *citizen) written() {
	c.x.t.Helper()
	c.goes(c.send("/apply/begin.html", map[string]string{"agency": c.x.body}, nil), "/apply/what.html")
	c.goes(c.send("/apply/what.html", whatFields, nil), "/apply/how.html")
	c.goes(c.send("/apply/how.html", howFields, nil), "/apply/who.html")
	c.goes(c.send("/apply/who.html", whoFields, nil), "/apply/check.html")
	c.shows(c.ask("GET", "/apply/check.html"), 200, "13800000000")
	c.now = c.now.Add(time.Minute)
}

// answered is the form with the question answered, off by some.
func (c *citizen) answered(off int) map[string]string {
	c.x.t.Helper()
	f, err := c.x.Requests.Draft(c.x.t.Context(), c.x.Requests.Passed("draft", c.jar[draftCookie].Value))
	if err != nil {
		c.x.t.Fatal(err)
	}
	return map[string]string{"answer": strconv.Itoa(solution(f.Asked) + off)}
}

var codeShape = regexp.MustCompile(`[A-Z2-9]{4}(-[A-Z2-9]{4}){3}`)

// sent sends what is written and returns the query code.
func (c *citizen) sent() string {
	c.x.t.Helper()
	c.goes(c.send("/apply/check.html", c.answered(0), nil), "/apply/sent.html")
	return codeShape.FindString(c.shows(c.ask("GET", "/apply/sent.html"), 200, "申请已经提交"))
}

func (c *citizen) count(table string) int {
	c.x.t.Helper()
	var n int
	if err := c.x.DB.View(c.x.t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Count("SELECT count(*) FROM " + table)
		return err
	}); err != nil {
		c.x.t.Fatal(err)
	}
	return n
}

// R-REQ-03, R-REQ-04: from the first page to the query code, with every kind of mistake on the way;
// nothing that was typed or brought is lost.
func TestAskingForInformation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := asking(t, d)
		// 20 working days after Monday, 23 November 2026: Monday, 21 December.
		c.x.has("/apply.html", "向示例县人民政府申请公开政府信息", "2026年12月21日", "0000-1234567", "不需要说明用途")
		c.x.has("/apply.html?q=养老服务", "示例县养老服务新办法", "是不是这些")
		c.goes(c.ask("GET", "/apply/who.html"), "/apply/resume.html")
		c.goes(c.send("/apply/begin.html", map[string]string{"agency": c.x.body, "q": "补贴名册"}, nil), "/apply/what.html")
		c.shows(c.ask("GET", "/apply/what.html"), 200, `value="补贴名册"`, "noindex")

		c.shows(c.send("/apply/what.html", map[string]string{"doc_no": "示政发〔2025〕3号", "do": "next"}, map[string]string{"attachment": "线索.txt=一段文字"}), 422,
			"请写明要什么信息", "示政发〔2025〕3号", "线索.txt")
		c.shows(c.send("/apply/what.html", whatFields, map[string]string{"attachment": "病毒.exe=MZ"}), 422, "不能接收文件病毒.exe", "线索.txt", "2025年度养老服务补贴发放名册")
		c.goes(c.send("/apply/what.html", whatFields, nil), "/apply/how.html")
		c.shows(c.send("/apply/how.html", map[string]string{"form": "paper", "way": "", "help": "请放大字号", "do": "next"}, nil), 422, "请选择怎样获取信息", "请放大字号")
		c.goes(c.send("/apply/how.html", map[string]string{"form": "paper", "way": "post", "do": "next"}, nil), "/apply/who.html")
		c.shows(c.send("/apply/who.html", map[string]string{"kind": "natural", "phone": "13800000000", "id_type": "idcard", "id_number": "110101199003070012", "do": "next"}, nil), 422,
			"请填写姓名或者名称", "邮寄请填写联系地址", "身份证号码不对", `value="13800000000"`, `href="#f-name"`)
		agent := map[string]string{"acts": "1", "agent_name": "乙某", "address": "示例县二号路2号"}
		for k, v := range whoFields {
			agent[k] = v
		}
		c.shows(c.send("/apply/who.html", agent, nil), 422, "请上传授权委托书", "乙某")
		c.goes(c.send("/apply/who.html", agent, map[string]string{"authority": "委托书.txt=兹委托"}), "/apply/check.html")
		c.shows(c.ask("GET", "/apply/check.html"), 200, "甲某某", "委托书.txt", "线索.txt", "邮寄")

		c.shows(c.send("/apply/check.html", c.answered(0), nil), 422, "提交得太快了")
		c.now = c.now.Add(time.Minute)
		c.shows(c.send("/apply/check.html", map[string]string{"answer": "1", "website": "x"}, nil), 422, "看不见的栏目")
		c.shows(c.send("/apply/check.html", c.answered(1), nil), 422, "请回答这道新题", "甲某某")
		again := c.answered(0)
		code := c.sent()
		c.goes(c.send("/apply/check.html", again, nil), "/apply/sent.html")
		if second := codeShape.FindString(c.ask("GET", "/apply/sent.html").Body.String()); len(code) != 19 || second != code {
			t.Errorf("codes %q and %q", code, second)
		}
		if n, files := c.count("foi_request"), c.count("foi_draft_file"); n != 1 || files != 0 {
			t.Errorf("%d requests, %d files of drafts left", n, files)
		}
		if w := c.ask("GET", "/request/form/pdf"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "%PDF") {
			t.Errorf("the form: %d", w.Code)
		}
		c.shows(c.ask("GET", "/request.html"), 200, "已提交，等待机关确认", "线索.txt", "委托书.txt")
	})
}

// A draft goes on elsewhere with its code, holds nothing in the open, and ends after thirty days.
func TestDraftsOfRequests(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := asking(t, d)
		c.goes(c.send("/apply/begin.html", map[string]string{"agency": c.x.body}, nil), "/apply/what.html")
		c.goes(c.send("/apply/what.html", whatFields, map[string]string{"attachment": "线索.txt=一段文字"}), "/apply/how.html")
		later := map[string]string{}
		for k, v := range whoFields {
			later[k] = v
		}
		later["do"] = "later"
		c.goes(c.send("/apply/who.html", later, nil), "/apply/saved.html")
		code := codeShape.FindString(c.shows(c.ask("GET", "/apply/saved.html"), 200, "2026年12月23日"))
		for _, table := range []string{"foi_draft", "foi_draft_file"} {
			if text := c.dump(table); strings.Contains(text, "甲某某") || strings.Contains(text, "线索") || strings.Contains(text, "文字") || strings.Contains(text, code) {
				t.Errorf("%s holds personal data in the open: %s", table, text)
			}
		}
		c.jar = map[string]*http.Cookie{}
		c.shows(c.send("/apply/resume.html", map[string]string{"code": "AAAA-BBBB-CCCC-DDDD"}, nil), 404, "没有找到这份草稿")
		c.goes(c.send("/apply/resume.html", map[string]string{"code": strings.ToLower(strings.ReplaceAll(code, "-", " "))}, nil), "/apply/what.html")
		c.shows(c.ask("GET", "/apply/what.html"), 200, "2025年度养老服务补贴发放名册", "线索.txt")
		c.now = c.now.AddDate(0, 0, 30)
		c.shows(c.send("/apply/resume.html", map[string]string{"code": code}, nil), 404, "30天")
		if err := c.x.Requests.Purge(t.Context()); err != nil || c.count("foi_draft")+c.count("foi_draft_file") != 0 {
			t.Errorf("after the purge: %v, %d, %d", err, c.count("foi_draft"), c.count("foi_draft_file"))
		}
	})
}

// dump is all a table holds, as text.
func (c *citizen) dump(table string) string {
	c.x.t.Helper()
	var b strings.Builder
	err := c.x.DB.View(c.x.t.Context(), func(tx *db.Tx) error {
		all, err := tx.Tables()
		for _, one := range all {
			if one.Name != table || err != nil {
				continue
			}
			err = tx.EachRow(one, func(r db.Row) error {
				for _, v := range r {
					fmt.Fprintln(&b, v)
				}
				return nil
			})
		}
		return err
	})
	if err != nil || b.Len() == 0 {
		c.x.t.Fatalf("%s: %v", table, err)
	}
	return b.String()
}

// Following: wrong codes show nothing and come to an end; a correction is asked for and made, and
// the request is withdrawn.
func TestFollowingARequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := asking(t, d)
		c.written()
		code := c.sent()
		r, err := c.x.Requests.Follow(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		id := r.Request.ID
		clerk := actor.Actor{ID: "clerk", Name: "职员", Grants: []actor.Grant{{Role: actor.Officer, Agency: c.x.body}}}
		ask := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err = c.x.Requests.Confirm(t.Context(), clerk, id, 0, date.Must(2026, 11, 23), "")
		ask(err)
		_, err = c.x.Requests.AskCorrection(t.Context(), clerk, id, 0, foi.Correction{What: "没有写明是哪一年的名册", Guidance: "请写明年度和乡镇", Days: 15})
		ask(err)
		c.mail(clerk, id, "L02")

		c.jar = map[string]*http.Cookie{}
		c.shows(c.ask("GET", "/request.html"), 200, "输入提交申请时得到的查询码")
		for _, path := range []string{"/request/form/pdf", "/request/files/x", "/request/letters/x/pdf"} {
			if w := c.ask("GET", path); w.Code != http.StatusNotFound {
				t.Errorf("%s without a code: %d", path, w.Code)
			}
		}
		body := c.shows(c.send("/request.html", map[string]string{"code": "ABCD-EFGH-JKMN-PQRS"}, nil), 404, "没有查到这个查询码")
		if strings.Contains(body, "补贴") || strings.Contains(body, "甲") {
			t.Error("a wrong code shows something")
		}
		c.goes(c.send("/request.html", map[string]string{"code": strings.ToLower(code)}, nil), "/request.html")
		body = c.shows(c.ask("GET", "/request.html"), 200, "请您补正", "请写明年度和乡镇", "为什么是这一天", "noindex")
		at := regexp.MustCompile(`/request/letters/[^/"]+/`).FindString(body)
		for kind, want := range map[string]string{"pdf": "%PDF", "docx": "PK"} {
			if w := c.ask("GET", at+kind); w.Code != 200 || !strings.HasPrefix(w.Body.String(), want) {
				t.Errorf("the letter as %s: %d", kind, w.Code)
			}
		}
		c.shows(c.send("/request/correct.html", map[string]string{"text": strings.Repeat("长", 5001), "do": "send"}, map[string]string{"attachment": "名册.txt=样子"}), 422, "名册.txt", "最多5000字")
		c.goes(c.send("/request/correct.html", map[string]string{"text": "2025年度，一号乡", "do": "send"}, nil), "/request.html?did=correct")
		c.shows(c.ask("GET", "/request.html?did=correct"), 200, "正在办理", "补正已经收到", "名册.txt", "2026年12月21日")
		c.shows(c.ask("GET", "/request/withdraw.html"), 200, "确定要撤回这件申请吗")
		c.goes(c.send("/request/withdraw.html", map[string]string{"reason": "不需要了"}, nil), "/request.html?did=withdraw")
		c.shows(c.ask("GET", "/request.html"), 200, "已经撤回", "撤回申请", "结束")
		c.goes(c.send("/request/leave.html", nil, nil), "/request.html")
		c.shows(c.ask("GET", "/request.html"), 200, "输入提交申请时得到的查询码")
		for range 29 {
			c.send("/request.html", map[string]string{"code": "ABCD-EFGH-JKMN-PQRS"}, nil)
		}
		c.shows(c.send("/request.html", map[string]string{"code": code}, nil), 413, "输错的次数太多")
		c.now = c.now.Add(61 * time.Minute)
		c.goes(c.send("/request.html", map[string]string{"code": code}, nil), "/request.html")
	})
}

// mail numbers and sends the letter of a kind that stands as a draft.
func (c *citizen) mail(by actor.Actor, id, code string) {
	c.x.t.Helper()
	v, err := c.x.Requests.Load(c.x.t.Context(), by, id, false)
	if err != nil {
		c.x.t.Fatal(err)
	}
	for _, l := range v.Letters {
		if string(l.Code) != code {
			continue
		}
		if _, err = c.x.Requests.FinishLetter(c.x.t.Context(), by, id, l.ID, l.Version, ""); err == nil {
			_, err = c.x.Requests.SendLetter(c.x.t.Context(), by, id, l.ID, 0, foi.Sending{Way: foi.Online, On: date.Must(2026, 11, 23)})
		}
		if err != nil {
			c.x.t.Fatal(err)
		}
		return
	}
	c.x.t.Fatalf("no letter %s", code)
}

// A colleague without an account answers once, and sees nothing of the applicant.
func TestAColleaguesLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := asking(t, d)
		c.written()
		r, err := c.x.Requests.Follow(t.Context(), c.sent())
		if err != nil {
			t.Fatal(err)
		}
		clerk := actor.Actor{ID: "clerk", Name: "职员", Grants: []actor.Grant{{Role: actor.Officer, Agency: c.x.body}}}
		if _, err := c.x.Requests.Confirm(t.Context(), clerk, r.Request.ID, 0, date.Must(2026, 11, 23), ""); err != nil {
			t.Fatal(err)
		}
		_, secret, err := c.x.Requests.CoHandle(t.Context(), clerk, r.Request.ID, 0, foi.CoHandling{Department: "财务科", Question: "补贴名册是否由你科保存？", Until: date.Must(2026, 12, 4)})
		if err != nil {
			t.Fatal(err)
		}
		c.jar = map[string]*http.Cookie{}
		c.shows(c.ask("GET", "/colleague.html"), 200, "noindex", "colleague.")
		c.shows(c.send("/colleague.html", map[string]string{"secret": "nein"}, nil), 404, "已经用过或者已经过期")
		if body := c.shows(c.send("/colleague.html", map[string]string{"secret": secret}, nil), 200, "补贴名册是否由你科保存", "2026-12-04"); strings.Contains(body, "甲") || strings.Contains(body, "13800000000") {
			t.Error("the page shows the applicant")
		}
		c.shows(c.send("/colleague/answer.html", map[string]string{"secret": secret}, nil), 422, "请写明内容或者附上文件", "补贴名册是否由你科保存")
		c.shows(c.send("/colleague/answer.html", map[string]string{"secret": secret, "text": "由我科保存"}, map[string]string{"opinion": "名册.txt=样子"}), 200, "已经收到您的答复")
		c.shows(c.send("/colleague/answer.html", map[string]string{"secret": secret, "text": "再答"}, nil), 404, "已经用过")
	})
}

// Too many requests from one address are told so kindly, and nothing is lost.
func TestAFloodOfRequests(t *testing.T) {
	c := asking(t, dbtest.SQLite(t))
	for range 20 {
		c.written()
		c.sent()
	}
	c.written()
	c.shows(c.send("/apply/check.html", c.answered(0), nil), 413, "到窗口、通过邮寄提交", "2025年度养老服务补贴发放名册")
	c.now = c.now.Add(61 * time.Minute)
	c.sent()
}

// What is somebody's own is no page for caches.
func TestPersonalPages(t *testing.T) {
	for path, want := range map[string]bool{
		"/apply.html": false, "/apply/what.html": true, "/mzj/apply/check.html": true, "/en/apply/sent.html": true, "/request.html": true, "/mzj/request/withdraw.html": true,
		"/my-requests.html": true, "/colleague.html": true, "/guide.html": false, "/sections/request/1.html": false, "/": false,
	} {
		if Personal(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}
