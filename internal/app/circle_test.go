package app_test

import (
	"archive/zip"
	"encoding/base64"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gongkai/internal/actor"
	"gongkai/internal/app"
	"gongkai/internal/dbtest"
)

// applicant is who asks in these tests. What identifies her is found nowhere else.
var applicant = struct{ name, id, phone, address string }{"桂示民", "110101198506120426", "13812345670", "示范路七百号"}

// register is the list that is asked for: what stands in withheld is not for the public.
var (
	register = []string{"2025年度居家养老服务补贴发放名册", "示例养老服务中心，补贴52000元，联系人柏示安，电话13912345678。", "领取人槐某某，身份证号11010519491231002X，补贴800元。"}
	withheld = []string{"柏示安", "13912345678", "槐某某", "11010519491231002X"}
)

// circle is one body and who walks around in it.
type circle struct {
	t    *testing.T
	town *app.Town
	site site
	all  map[actor.Role]*visitor
	code string // by which the applicant follows the request
	path string // of the request in the office
}

// The whole circle in a browser: a request filed on a telephone, confirmed, corrected, others
// consulted, the period extended, parts withheld, the decision reviewed by three people, the reply
// read and downloaded, the year's report with it in the right cells, reviewed, signed, published.
func TestTheCircle(t *testing.T) {
	for engine, database := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return dbtest.EmptyPostgres(t) }} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			town := app.NewTown(t, database(t))
			c := &circle{t: t, town: town, site: site{url: town.URL()}, all: map[actor.Role]*visitor{}}
			citizen := c.files()
			c.confirms()
			c.corrects(citizen)
			c.consults()
			due := c.extends()
			c.withholds()
			c.decides(due)
			c.reads(citizen)
			c.reports()
			town.Keeps(t, c.path, append([]string{applicant.name, applicant.id, applicant.phone, applicant.address, c.code, strings.ReplaceAll(c.code, "-", "")}, withheld...)...)
		})
	}
}

// on moves the clocks to noon of a day.
func (c *circle) on(year int, month time.Month, day int) {
	c.town.Move(time.Date(year, month, day, 4, 0, 0, 0, time.UTC))
}

// as is who holds a role, signed in, at a page.
func (c *circle) as(r actor.Role, path string) *visitor {
	c.t.Helper()
	v := c.all[r]
	if v == nil {
		v = c.site.visitor(c.t)
		c.all[r] = v
	}
	v.goTo(path)
	if v.at() == "/office/sign-in" {
		v.fill("main", map[string]string{"login": c.town.Login(r), "password": app.Password})
		v.press(send)
		v.goTo(path)
	}
	return v
}

// does takes an act of the request with a form.
func (c *circle) does(r actor.Role, act string, fields map[string]string, ticks ...string) *visitor {
	c.t.Helper()
	v := c.as(r, c.path+"/do/"+act)
	v.fill("main", fields)
	for _, tick := range ticks {
		v.do(chromedp.Click(chromedp.CSS("main " + tick)))
	}
	v.press(send)
	v.truth(`!location.pathname.includes("/do/")`)
	return v
}

// sends numbers the first letter that waits, and records that it left.
func (c *circle) sends(name string, more map[string]string) string {
	c.t.Helper()
	v := c.as(actor.Officer, c.path+"?view=papers")
	v.run(`[...document.querySelectorAll('main a[href*="/letters/"]')].find((a) => a.textContent.includes(` + quoted(name) + `)).id = "wanted"`)
	v.press("#wanted")
	text := v.say(`document.querySelector("main .sheet").textContent`)
	v.press("#finish form button.primary")
	v.sees("文书已编号")
	v.fill("#send", more)
	v.press("#send form button.primary")
	v.sees("已登记发出")
	return text
}

// files is the citizen on a telephone.
func (c *circle) files() *visitor {
	v := c.site.visitor(c.t)
	v.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	next := ".buttons button.primary"
	v.goTo("/")
	v.press(`a[href$="/apply.html"]`)
	v.choose("main", "agency", "示范市甲局")
	v.press(".start button.primary")
	v.fill("main", map[string]string{"sought_name": "2025年度居家养老服务补贴发放名册和合同", "features": "2025年发放，含机构名称和金额"})
	v.press(next)
	v.press(next)
	v.fill("main", map[string]string{"name": applicant.name, "id_number": applicant.id, "phone": applicant.phone, "address": applicant.address})
	v.press(next)
	v.sees(applicant.name)
	for v.at() != "/apply/sent.html" {
		c.town.Move(dbtest.Noon.Add(time.Minute)) // nobody fills this in within a second
		v.fill("main", map[string]string{"answer": sum(c.t, v.say(`document.querySelector("label[for=f-answer]").textContent`))})
		v.press(next)
	}
	c.code = v.say(`document.querySelector(".code").textContent`)
	v.press(`a[href$="/request.html"]`)
	v.sees("已提交，等待机关确认")
	return v
}

// follows opens the applicant's page with the code.
func (c *circle) follows(v *visitor) {
	c.t.Helper()
	v.goTo("/request.html")
	v.fill("main", map[string]string{"code": strings.ToLower(c.code)})
	v.press(".buttons button.primary")
}

func (c *circle) confirms() {
	c.on(2026, 11, 24)
	v := c.as(actor.Officer, "/office/requests?view=submitted")
	v.press(`main tbody a[href*="/office/requests/"]`)
	c.path = v.at()
	v.sees("桂**")
	v.truth(`!document.body.textContent.includes(` + quoted(applicant.name) + `)`)
	c.does(actor.Officer, "confirm", nil).sees("已登记")
	c.sends("接收回执", nil)
	c.does(actor.Officer, "assign", map[string]string{"department": "养老服务科"}, `[name=handlers]`)
}

func (c *circle) corrects(citizen *visitor) {
	c.on(2026, 11, 25)
	c.does(actor.Officer, "correction", map[string]string{"what": "“合同”指哪一份", "guidance": "请写明合同的名称、年份或者对方"})
	c.sends("补正告知书", nil)
	c.on(2026, 11, 30)
	c.follows(citizen)
	citizen.sees("请您补正", "“合同”指哪一份")
	citizen.fill("main", map[string]string{"text": "2025年5月签订的服务合同"})
	citizen.press(`form[action$="/correct.html"] .buttons button.primary`)
	citizen.sees("补正已经收到")
	c.as(actor.Officer, c.path).sees("2025年5月签订的服务合同")
}

func (c *circle) consults() {
	c.on(2026, 12, 1)
	c.does(actor.Handler, "search", map[string]string{"systems": "公文系统", "words": "居家养老", "result": "找到名册和合同各1份"}, `[name=found]`)
	c.does(actor.Officer, "consult", map[string]string{"name": "示例养老服务有限公司", "address": "示范路9号", "content": "合同中的单价", "concern": "可能是商业秘密"})
	c.sends("征求第三方意见书", map[string]string{"tracking": "EX000000001CN"})
	if told := c.sends("征求意见情况告知书", nil); !strings.Contains(told, "2026年12月1日书面征求第三方的意见") {
		c.t.Errorf("the applicant is told: %s", told)
	}
	c.on(2026, 12, 2)
	c.does(actor.Officer, "received?item=1", nil)
	c.on(2026, 12, 8)
	c.does(actor.Officer, "opinion?item=1", map[string]string{"text": "单价是商业秘密"}, `[name=consents][value=no]`).sees("已登记意见")
}

// extends returns the day the request is then due.
func (c *circle) extends() string {
	c.on(2026, 12, 9)
	c.does(actor.Officer, "extend", map[string]string{"days": "5", "reason": "需要逐页核对"})
	c.does(actor.Head, "extension", nil, `[name=ok][value=yes]`)
	told := c.sends("延期答复告知书", nil)
	due := c.as(actor.Officer, c.path).say(`document.querySelector("main").textContent.match(/20\d\d年\d+月\d+日/)[0]`)
	if !strings.Contains(told, due) {
		c.t.Errorf("the page says %s, the letter %s", due, told)
	}
	return due
}

func (c *circle) withholds() {
	c.on(2026, 12, 14)
	file := filepath.Join(c.t.TempDir(), "名册.docx")
	if err := os.WriteFile(file, document(c.t, register...), 0o600); err != nil {
		c.t.Fatal(err)
	}
	v := c.as(actor.Handler, c.path+"/do/file")
	v.do(chromedp.SetUploadFiles(chromedp.CSS("main [name=file]"), []string{file}))
	v.press(send)
	v.press(`main a[href$="/redact"]`)
	v.sees("身份证号", "电话") // found by itself
	v.do(chromedp.Click(chromedp.CSS(`main button[data-all]`)))
	v.press(`main button[name=do][value=add]`)
	v.fill("main", map[string]string{"words": "柏示安\n槐某某"})
	v.press(`main button[name=do][value=find]`)
	v.sees("已标出 4 处")
	v.press(`main button[name=do][value=make]`)
	v.sees("复查未发现残留")
}

func (c *circle) decides(due string) {
	c.on(2026, 12, 15)
	v := c.as(actor.Officer, c.path+"/decide?outcome=partial")
	v.run(`[...document.querySelectorAll("main [name=files]")].find((i) => i.closest("label, li, div").textContent.includes("区分处理")).click()`)
	v.choose("main", "w1_outcome", "第三方合法权益")
	v.choose("main", "w1_class", "个人隐私")
	v.fill("main", map[string]string{"w1_what": "个人姓名、身份证号和电话", "w1_reason": "公开会损害当事人的隐私", "opinion": "部分公开"})
	v.press(send)
	v.sees("处理决定已提交审查")
	c.on(2026, 12, 16)
	for _, r := range []actor.Role{actor.Legal, actor.Secrecy, actor.Head} {
		v := c.as(r, c.path+"/review")
		v.press(`main button[name=ok][value=yes]`)
		v.sees("已同意")
	}
	c.on(2026, 12, 18)
	reply := c.sends("部分公开答复书", nil)
	for _, s := range []string{applicant.name, "延长5个工作日，至" + due, "名册和合同（补正内容：2025年5月签订的服务合同）", "第三十七条", "示范市某区人民法院"} {
		if !strings.Contains(reply, s) {
			c.t.Errorf("the reply lacks %s: %s", s, reply)
		}
	}
	c.as(actor.Officer, c.path).sees("已办结")
}

// reads is the citizen with the reply and the copy.
func (c *circle) reads(v *visitor) {
	c.follows(v)
	v.sees("已经答复", "部分公开", "先申请行政复议")
	href := func(css string) string {
		return v.say(`[...document.querySelectorAll(` + quoted(css) + `)].at(-1).href`)
	}
	letter := filepath.Join(c.t.TempDir(), "reply.pdf")
	v.saves(href(`main a[href$="/pdf"][href*="/letters/"]`), letter)
	said, err := exec.CommandContext(c.t.Context(), "pdftotext", letter, "-").Output()
	if err != nil || !strings.Contains(strings.Join(strings.Fields(string(said)), ""), "政府信息公开申请答复书") {
		c.t.Errorf("the letter: %v\n%s", err, said)
	}
	given := filepath.Join(c.t.TempDir(), "copy.docx")
	v.saves(href(`main a[href*="/request/files/"]`), given)
	text := unzipped(c.t, given)
	for _, s := range withheld {
		if strings.Contains(text, s) {
			c.t.Errorf("the copy holds %s", s)
		}
	}
	if !strings.Contains(text, "示例养老服务中心") {
		c.t.Errorf("the copy lacks what is open: %s", text)
	}
}

// saves fetches what a link of the page that is open leads to, as the browser does.
func (v *visitor) saves(href, to string) {
	v.t.Helper()
	v.run(`window.got = ""; fetch(` + quoted(href) + `).then((r) => r.ok ? r.arrayBuffer() : Promise.reject(r.status)).then((b) => { let s = ""; for (const c of new Uint8Array(b)) s += String.fromCharCode(c); window.got = btoa(s) }, (e) => { window.got = "!" + e })`)
	v.truth(`window.got`)
	b, err := base64.StdEncoding.DecodeString(v.say(`window.got`))
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		v.t.Fatalf("%s: %v", href, err)
	}
}

// unzipped is all that a Word file holds.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(f.Name)
		_, err = io.Copy(&all, in)
		in.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// reports takes the year's report from the records to the public.
func (c *circle) reports() {
	c.on(2027, 1, 11)
	v := c.as(actor.Officer, "/office/reports")
	v.choose("main", "year", "2026")
	v.press("main form button.primary")
	v.sees("已从记录编制")
	at := v.at()
	c.cells(v, at)
	v.goTo(at + "?view=text")
	v.run(`for (const t of document.querySelectorAll("main textarea")) t.value = t.value.replace(/（待补充[^）]*）/g, "按照规定做好了有关工作。")`)
	v.press(`main form button.primary`)
	for range 9 {
		v.goTo(at)
		if v.say(`String(document.querySelector("main input[name=finding]") !== null)`) != "true" {
			break
		}
		v.run(`document.querySelectorAll("main details").forEach((d) => { d.open = true }); document.querySelector("main input[name=finding]").form.querySelector("[name=text]").value = "情况属实。"`)
		v.run(`document.querySelector("main input[name=finding]").form.querySelector("button").id = "say"`)
		v.press("#say")
	}
	c.steps(v, at, "#check", "#hand_in")
	c.steps(c.as(actor.Reviewer2, at), at, "#approve")
	c.steps(c.as(actor.Reviewer3, at), at, "#sign")
	c.steps(c.as(actor.Editor, at), at, "#publish")
	c.town.Post(c.t, strings.TrimPrefix(at, "/office/reports/"))
	c.as(actor.Officer, at).sees("已公布")

	public := c.site.visitor(c.t)
	public.goTo("/bodies/" + c.town.Body() + "/annual/2026.html")
	public.sees("示范市甲局", "2026", "部分公开")
	public.truth(`[...document.querySelectorAll("main tr")].some((r) => r.textContent.includes("部分公开") && [...r.querySelectorAll("td")].map((d) => d.textContent.trim()).filter((s) => /^\d+$/.test(s)).join() === "1,0,0,0,0,0,1")`)
}

// steps presses the main button of each form.
func (c *circle) steps(v *visitor, at string, forms ...string) {
	c.t.Helper()
	v.goTo(at)
	for _, form := range forms {
		v.truth(`document.querySelector(` + quoted(form+" form button.primary") + `)`)
		v.press(form + " form button.primary")
		v.truth(`!document.querySelector("main [data-problem]")`)
	}
}

// cells looks at the figures of table three: the request stands where it belongs and nowhere
// else, and each figure leads to it.
func (c *circle) cells(v *visitor, at string) {
	for _, one := range []struct{ cell, value string }{
		{"T3.new.natural", "1"}, {"T3.new.total", "1"}, {"T3.carry_in.natural", "0"}, {"T3.done.partial.natural", "1"}, {"T3.done.partial.total", "1"},
		{"T3.done.open.natural", "0"}, {"T3.done.deny.third.natural", "0"}, {"T3.done.total.natural", "1"}, {"T3.carry_out.natural", "0"}, {"T3.new.biz", "0"},
	} {
		v.goTo(at + "?view=tables")
		if got := v.say(`document.querySelector('main a[href$="/cells/` + one.cell + `"]')?.textContent.trim() ?? "none"`); got != one.value {
			c.t.Errorf("%s is %s, want %s", one.cell, got, one.value)
		}
		if one.value == "0" {
			continue
		}
		for _, next := range []string{`main a[href$="/cells/` + one.cell + `"]`, `main a[href*="/office/requests/cell"]`, `main a[href*="` + c.path + `"]`} {
			v.truth(`document.querySelector(` + quoted(next) + `)`)
			v.press(next)
		}
		v.sees("已办结")
	}
}
