package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"gongkai/internal/app"
	"gongkai/internal/cli"
	"gongkai/internal/config"
	"gongkai/internal/dbtest"
)

// chosen is the password everybody chooses.
const chosen = "Kx7-qmzt-Bwv"

// launched is the one browser all tests share.
var launched = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true))
	ctx, _ := chromedp.NewExecAllocator(context.Background(), opts...) // ends with the test program
	ctx, _ = chromedp.NewContext(ctx)
	return ctx, chromedp.Do(ctx)
})

// site is the running program over a new installation.
type site struct{ url, code string }

// running serves a new installation on a database, "" for SQLite, until the test ends.
func running(t *testing.T, database string) site {
	t.Helper()
	c := config.Default()
	c.Addr, c.Data, c.Database = "127.0.0.1:0", t.TempDir(), database
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan cli.Running, 1), make(chan error, 1)
	go func() {
		ended <- app.App{Now: time.Now, Err: io.Discard}.Serve(ctx, c, false, func(r cli.Running) { ready <- r })
	}()
	t.Cleanup(stop)
	select {
	case r := <-ready:
		t.Cleanup(func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		return site{strings.TrimSuffix(r.URL, "/"), r.SetupCode}
	case err := <-ended:
		t.Fatal(err)
		return site{}
	}
}

// visitor is somebody with a browser of their own.
type visitor struct {
	t   *testing.T
	ctx context.Context
	url string
}

func (s site) visitor(t *testing.T) *visitor {
	t.Helper()
	browser, err := launched()
	if err != nil {
		t.Fatalf("these tests need Chromium (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	v := &visitor{t, ctx, s.url}
	v.do(chromedp.EmulateViewport(1440, 900))
	return v
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) goTo(path string) { v.t.Helper(); v.do(chromedp.Navigate(v.url + path)) }

// truth waits until the expression holds.
func (v *visitor) truth(expression string) {
	v.t.Helper()
	var holds bool
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if holds, err = chromedp.Run(v.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); holds {
			return
		}
		v.do(chromedp.Sleep(30 * time.Millisecond))
	}
	at, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.querySelector('main')?.innerText"))
	v.t.Fatalf("waited in vain for %s: %v; at %s", expression, err, at)
}

// sees waits until the page's main part has all the texts.
func (v *visitor) sees(texts ...string) {
	v.t.Helper()
	for _, s := range texts {
		v.truth(`document.querySelector("main")?.textContent.includes(` + quoted(s) + `)`)
	}
}

// say evaluates a text.
func (v *visitor) say(expression string) string {
	v.t.Helper()
	s, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		v.t.Fatal(err)
	}
	return s
}

// at is the path of the page that is open.
func (v *visitor) at() string { v.t.Helper(); return v.say("location.pathname") }

// run evaluates a script.
func (v *visitor) run(script string) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void]("(() => {" + script + "})()"))
}

// fill puts texts into a form's fields by their names, having opened the groups that are
// folded; "#id" of the section that holds the form may stand before the name.
func (v *visitor) fill(form string, fields map[string]string) {
	v.t.Helper()
	v.run(`document.querySelectorAll("main details").forEach((d) => { d.open = true })`)
	for name, text := range fields {
		v.do(chromedp.SetValue(chromedp.CSS(form+" [name='"+name+"']"), text))
	}
}

// choose picks the option of a list by its words.
func (v *visitor) choose(form, name, text string) {
	v.t.Helper()
	css := form + " [name='" + name + "']"
	value := v.say(`[...document.querySelector(` + quoted(css) + `).options].find((o) => o.text.includes(` + quoted(text) + `))?.value ?? ""`)
	if value == "" {
		v.t.Fatalf("%s has no option %s", css, text)
	}
	v.do(chromedp.SetValue(chromedp.CSS(css), value))
}

// press clicks what leads to another page, and waits for that.
func (v *visitor) press(css string) {
	v.t.Helper()
	v.run(`window.left = true`)
	v.do(chromedp.Click(chromedp.CSS(css)))
	v.truth(`!window.left && document.readyState === "complete"`)
}

func quoted(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(out)
}

const send = "main .form-actions button"

// enter signs somebody in for the first time: a new password, and with admin a second factor.
func (v *visitor) enter(login, once string, admin bool) {
	v.t.Helper()
	v.goTo("/office/")
	v.fill("main", map[string]string{"login": login, "password": once})
	v.press(send)
	v.sees("设置新密码")
	v.fill("main", map[string]string{"password": chosen, "again": chosen})
	v.press(send)
	if admin {
		v.truth(`document.querySelector(".qr svg path") !== null`)
		code, err := totp.GenerateCode(v.say(`document.querySelector("code.key").textContent`), time.Now())
		if err != nil {
			v.t.Fatal(err)
		}
		v.fill("main", map[string]string{"code": code})
		v.press(send)
		v.truth(`document.querySelectorAll(".codes li").length === 8`)
		v.press("main a.primary")
	}
	v.truth(`location.pathname === "/office/"`)
}

// onBoth runs test on a new installation on each engine, both at once.
func onBoth(t *testing.T, test func(t *testing.T, s site)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, running(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, running(t, dbtest.EmptyPostgres(t)))
	})
}

// staff are the people of the department, by role, and the words of the roles.
var staff = []struct{ role, login, name, word string }{
	{"officer", "off.one", "示例员乙", "政府信息公开工作机构"}, {"editor", "edi.one", "示例员丙", "信息员"},
	{"reviewer1", "rev.one", "示例员丁", "一审"}, {"secrecy", "sec.rev", "示例员戊", "保密审查"},
	{"reviewer2", "rev.two", "示例员己", "二审"}, {"reviewer3", "rev.three", "示例员庚", "三审"},
	{"publisher", "pub.one", "示例员辛", "发布"},
}

// The two paths on one installation, in a browser, on either engine: the administrators' from
// the first run over bodies and people to sections, then the clerks' from a Word file over
// findings, reviews and publication to a correction and a retraction.
func TestPaths(t *testing.T) {
	onBoth(t, func(t *testing.T, s site) {
		people := s.firstDay(t)
		s.clerks(t, people)
	})
}

// firstDay sets the installation up and returns the department's people, signed in, by role.
func (s site) firstDay(t *testing.T) map[string]*visitor {
	sys, sec, aud := s.visitor(t), s.visitor(t), s.visitor(t)
	sys.goTo("/office/")
	sys.truth(`location.pathname === "/office/setup"`)
	sys.fill("main", map[string]string{"code": s.code, "sysadmin_name": "示例甲", "sysadmin_login": "sys.one",
		"secadmin_name": "示例乙", "secadmin_login": "sec.one", "auditor_name": "示例丙", "auditor_login": "aud.one"})
	sys.press(send)
	sys.truth(`document.querySelectorAll("code.key").length === 3`)
	once := strings.Split(sys.say(`[...document.querySelectorAll("code.key")].map((k) => k.textContent).join("\n")`), "\n")
	sys.enter("sys.one", once[0], true)
	sec.enter("sec.one", once[1], true)
	aud.enter("aud.one", once[2], true)

	s.bodies(sys)
	home := sys.at()
	passwords, pages := s.people(sys)
	s.grant(sec, pages)

	people := map[string]*visitor{}
	for i, p := range staff {
		people[p.role] = s.visitor(t)
		people[p.role].enter(p.login, passwords[i], false)
	}
	s.sections(people["officer"])
	for _, act := range []string{"新建单位", "新建用户", "授予角色"} {
		aud.goTo("/office/audit")
		aud.sees(act)
	}
	sec.goTo(home)
	sec.sees("示范市民政局")
	return people
}

// bodies makes a government and a department below it, whose wrong code is refused first.
func (s site) bodies(sys *visitor) {
	sys.t.Helper()
	sys.goTo("/office/bodies")
	sys.press(`main a[href="/office/bodies/new"]`)
	sys.fill("main", map[string]string{"name": "示范市人民政府", "kind": "government", "level": "city"})
	sys.press(send)
	sys.sees("示范市人民政府")
	sys.goTo("/office/bodies/new")
	sys.fill("main", map[string]string{"name": "示范市民政局", "kind": "department", "level": "city", "credit_code": "11370322004222241X"})
	sys.choose("main", "parent", "示范市人民政府")
	sys.press(send)
	sys.truth(`document.querySelector("#f-credit_code").ariaInvalid === "true" && document.querySelector("#f-name").value === "示范市民政局"`)
	sys.fill("main", map[string]string{"credit_code": "11370322004222241N", "org_code": "004222241"})
	sys.press(send)
	sys.truth(`/^\/office\/bodies\/[0-9a-f-]{36}$/.test(location.pathname)`)
	sys.sees("11370322004222241N")
}

// people makes an account for each of the staff, and returns their passwords and pages.
func (s site) people(sys *visitor) (passwords, pages []string) {
	sys.t.Helper()
	for _, p := range staff {
		sys.goTo("/office/people/new")
		sys.fill("main", map[string]string{"name": p.name, "login": p.login})
		sys.choose("main", "body", "示范市民政局")
		sys.press(send)
		sys.sees(p.login)
		passwords = append(passwords, sys.say(`document.querySelector("code.key").textContent`))
		sys.press("main a.primary")
		pages = append(pages, sys.at())
	}
	return passwords, pages
}

// grant gives each of the staff the role, which the system administrator could not.
func (s site) grant(sec *visitor, pages []string) {
	sec.t.Helper()
	for i, p := range staff {
		sec.goTo(pages[i])
		sec.sees(p.name)
		sec.fill("#grant", map[string]string{"role": p.role})
		sec.choose("#grant", "body", "示范市民政局")
		sec.press("#grant button")
		sec.sees(p.word)
	}
}

// sections has the officer make the prescribed ones and one more.
func (s site) sections(officer *visitor) {
	officer.t.Helper()
	officer.goTo("/office/sections")
	if officer.say(`String(document.querySelector("main").textContent.includes("财政预算决算"))`) != "true" {
		officer.goTo("/office/sections?view=remarks")
		officer.press(`main form[action="/office/sections/establish"] button`)
		officer.sees("财政预算决算")
	}
	officer.goTo("/office/sections/new")
	officer.fill("main", map[string]string{"name": "通知公告", "kind": "news", "rhythm": "every", "n": "7", "unit": "day"})
	officer.press(send)
	officer.sees("通知公告", "至少每 7 天更新一次")
}

// notice is a Word file with an identity number in it.
func notice(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "通知.docx")
	if err := os.WriteFile(path, document(t, "关于冬季供暖的通知", "各有关单位：", "联系人张某，身份证号11010519491231002X。"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// document is a Word file of paragraphs.
func document(t *testing.T, paragraphs ...string) []byte {
	t.Helper()
	var b, text bytes.Buffer
	for _, p := range paragraphs {
		text.WriteString(`<w:p><w:r><w:t>` + p + `</w:t></w:r></w:p>`)
	}
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + text.String() + `</w:body></w:document>`,
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write replaces the text in the editor by typing.
func (v *visitor) write(text string) {
	v.t.Helper()
	v.truth(`document.querySelector("textarea[data-editor]").editor`)
	// The editor gives itself the focus a frame later; what is typed before would be lost.
	v.run(`document.querySelector("textarea[data-editor]").editor.editor.chain().focus().selectAll().run()`)
	v.truth(`document.querySelector("textarea[data-editor]").editor.editor.isFocused`)
	v.run(`document.querySelector("textarea[data-editor]").editor.editor.commands.selectAll()`)
	v.do(chromedp.KeyEvent(text))
	v.truth(`document.querySelector("textarea[data-editor]").editor.editor.getText().trim() === ` + quoted(text))
}

// clerks takes a notice from its Word file to its end.
func (s site) clerks(t *testing.T, people map[string]*visitor) {
	editor, publisher, public := people["editor"], people["publisher"], s.visitor(t)
	at := s.draft(editor)
	s.review(people, at)

	publisher.goTo(at)
	publisher.sees("待发布")
	publisher.press("#publish button")
	publisher.sees("已发布", "11370322004222241N/")
	public.goTo("/")
	public.sees("关于冬季供暖的通知")

	publisher.goTo(at)
	publisher.fill("#supersede", map[string]string{"note": "更正供暖日期"})
	publisher.press("#supersede button")
	publisher.truth(`location.pathname !== ` + quoted(at))
	next := strings.TrimSuffix(publisher.at(), "/edit")
	editor.goTo(next + "/edit")
	editor.write("供暖自十一月十五日开始。")
	editor.press(`#draft [value="submit"]`)
	s.review(people, next)
	publisher.goTo(next)
	publisher.press("#publish button")
	publisher.sees("已发布")
	public.goTo("/")
	public.press(`main a[href*="/items/"]`)
	public.sees("十一月十五日", "更正供暖日期")
	item := public.at()

	publisher.goTo(next)
	publisher.fill("#retract", map[string]string{"reason": "待核实"})
	publisher.press("#retract button")
	publisher.sees("已撤下", "待核实")
	public.goTo(item)
	public.truth(`!document.body.textContent.includes("十一月十五日")`)
	public.goTo("/")
	public.truth(`!document.body.textContent.includes("关于冬季供暖的通知")`)
}

// draft begins with a Word file, has its finding refused, mends it and submits it, and
// returns the path of the edition.
func (s site) draft(editor *visitor) string {
	editor.t.Helper()
	editor.goTo("/office/items/new")
	editor.choose("main", "section", "通知公告")
	editor.do(chromedp.SetUploadFiles(chromedp.CSS("main [name=file]"), []string{notice(editor.t)}))
	editor.press(send)
	editor.truth(`document.querySelector(".ed-text").textContent.includes("11010519491231002X")`)
	editor.fill("#draft", map[string]string{"title": "关于冬季供暖的通知", "formed_on": time.Now().Format(time.DateOnly), "author": "示范市民政局", "summary": "冬季供暖安排"})
	editor.press(`#draft [value="submit"]`)
	editor.sees("必须处理", "110***********002X")
	editor.write("供暖自十一月开始。")
	editor.press(`#draft [value="submit"]`)
	editor.truth(`/^\/office\/editions\/[0-9a-f-]{36}$/.test(location.pathname)`)
	return editor.at()
}

// review has the three reviewers and the secrecy reviewer approve, each through the tasks.
func (s site) review(people map[string]*visitor, at string) {
	for _, role := range []string{"reviewer1", "secrecy", "reviewer2", "reviewer3"} {
		v := people[role]
		v.t.Helper()
		v.goTo("/office/items?view=review")
		v.sees("关于冬季供暖的通知")
		v.goTo(at + "/review")
		v.truth(`document.querySelector("textarea[data-editor]").editor`)
		v.run(`document.querySelectorAll("#verdict [name=ticks]").forEach((tick) => tick.click())`)
		v.fill("#verdict", map[string]string{"opinion": "同意"})
		v.press(`#verdict [value="approve"]`)
		v.truth(`location.pathname === ` + quoted(at))
	}
}
