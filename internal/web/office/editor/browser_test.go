package editor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
	"gongkai/internal/web/office/editor"
)

// launched is the one browser all tests share.
var launched = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, _ := chromedp.NewExecAllocator(context.Background(), opts...) // ends with the test program
	ctx, _ = chromedp.NewContext(ctx)
	return ctx, chromedp.Do(ctx)
})

// page is the test page: what a page of the office puts around the editor, and a server that
// keeps what it is sent.
type page struct {
	text  string // the draft
	attrs string // more attributes of the textarea

	mu       sync.Mutex
	version  int
	saved    []string // drafts posted
	uploaded []string // names of files
	remarks  []string
	titles   []string // titles posted with the drafts
	fixed    []string // versions that the page's other form was posted with
	fail     bool     // the server is out of order
}

// policy is the office's: no inline script, no inline style.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case strings.HasPrefix(r.URL.Path, "/static/"):
		name := filepath.Base(r.URL.Path)
		dir := "../static/editor"
		if name == "base.css" {
			dir = "../../static"
		}
		http.ServeFile(w, r, filepath.Join(dir, name))
	case r.URL.Path == "/save":
		p.save(w, r)
	case r.URL.Path == "/upload":
		_, head, err := r.FormFile("file")
		if err != nil || r.Header.Get("X-Form-Token") != "t0ken" {
			answer(w, http.StatusUnprocessableEntity, map[string]any{"message": "不收"})
			return
		}
		p.uploaded = append(p.uploaded, head.Filename)
		answer(w, http.StatusOK, map[string]any{"id": fmt.Sprintf("up%d", len(p.uploaded)), "url": "/a/1", "name": head.Filename})
	case r.URL.Path == "/remark":
		p.remarks = append(p.remarks, r.FormValue("quote")+"："+r.FormValue("text"))
		answer(w, http.StatusOK, map[string]any{"id": "r9", "by": "示例审核员"})
	case r.URL.Path == "/fix":
		p.fixed = append(p.fixed, r.FormValue("version"))
		w.WriteHeader(http.StatusNoContent)
	case strings.HasPrefix(r.URL.Path, "/a/"):
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160"><rect width="320" height="160" fill="#cfe0f2"/></svg>`)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>起草</title>
<link rel="stylesheet" href="/static/base.css"><link rel="stylesheet" href="/static/editor.css"><script src="/static/editor.js" defer></script></head>
<body><main class="inner"><h1>起草信息</h1><form method="post" action="/done"><input type="hidden" name="token" value="t0ken"><input type="hidden" name="version" value="%d">
<p><label for="body">正文</label></p><textarea id="body" name="body" rows="12" data-editor data-labels="%s" data-attachment-url="/a/%%7bid%%7d" %s>%s</textarea><p><button class="primary">提交</button></p></form></main></body></html>`,
			p.version, html.EscapeString(editor.Labels(i18n.To(i18n.Chinese))), p.attrs, html.EscapeString(p.text))
	}
}

func (p *page) save(w http.ResponseWriter, r *http.Request) {
	switch {
	case p.fail:
		w.WriteHeader(http.StatusBadGateway)
	case r.FormValue("version") != fmt.Sprint(p.version):
		answer(w, http.StatusConflict, map[string]any{"compare": "/compare"})
	default:
		p.version++
		p.saved = append(p.saved, r.FormValue("body"))
		p.titles = append(p.titles, r.FormValue("title"))
		answer(w, http.StatusOK, map[string]any{"version": p.version, "at": "10:24"})
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// tab is the test page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	*page
}

const whole = `data-upload-url="/upload" data-autosave-url="/save" placeholder="在此起草"`

func open(t *testing.T, p *page) *tab {
	t.Helper()
	browser, err := launched()
	if err != nil {
		t.Fatalf("these tests need Chromium (make setup installs it): %v", err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(stop)
	b := &tab{t, ctx, p}
	b.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(server.URL+"/"))
	b.truth(`document.querySelector("textarea").editor !== undefined`)
	b.js(`window.broken = []; document.addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + " " + e.blockedURI)); window.addEventListener("error", (e) => broken.push(e.message))`)
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		if got := b.say(`broken.join("\n")`); got != "" {
			t.Errorf("the page broke its own rules: %s", got)
		}
	})
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) js(script string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("(() => { const field = document.querySelector('textarea').editor; const editor = field && field.editor; " + script + "})()"))
}

func (b *tab) truth(expression string) {
	b.t.Helper()
	var holds bool
	var err error
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		if holds, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); holds {
			return
		}
		b.do(chromedp.Sleep(30 * time.Millisecond))
	}
	b.t.Fatalf("waited in vain for %s: %v; the text is %s", expression, err, b.html())
}

func (b *tab) say(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// html is the draft as it would be stored.
func (b *tab) html() string {
	b.t.Helper()
	clean, _ := richtext.Sanitise(b.say(`document.querySelector("textarea").editor.html()`))
	return clean
}

func (b *tab) wants(want string) {
	b.t.Helper()
	if got := b.html(); got != want {
		b.t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// focus puts the cursor at the end of the text.
func (b *tab) focus() {
	b.t.Helper()
	b.js(`editor.commands.focus("end")`)
	b.truth(`document.activeElement.classList.contains("ed-text")`)
}

func (b *tab) tool(name string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS("[data-tool=" + name + "]")))
}

func quoted(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(out)
}

func (b *tab) paste(kind, content string) {
	b.t.Helper()
	b.js(`editor.commands.focus("end"); const data = new DataTransfer(); data.setData(` + quoted(kind) + `, ` + quoted(content) + `);
		editor.view.dom.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}))`)
}

// What is written and set with the tools is the shape that richtext keeps, word for word.
func TestWriteAndSet(t *testing.T) {
	b := open(t, &page{attrs: whole})
	b.truth(`document.querySelector(".ed-text p").classList.contains("is-editor-empty")`)
	b.focus()
	b.do(chromedp.KeyEvent("关于"))
	b.tool("bold")
	b.do(chromedp.KeyEvent("公开"))
	b.tool("bold")
	b.do(chromedp.KeyEvent("的规定"))
	b.tool("indent")
	b.tool("center")
	b.js(`editor.commands.keyboardShortcut("Enter")`)
	b.do(chromedp.KeyEvent("甲"))
	b.tool("left")
	b.tool("indent")
	b.tool("numbers")
	b.wants(`<p class="align-center indent">关于<strong>公开</strong>的规定</p><ol><li><p>甲</p></li></ol>`)
	b.truth(`document.querySelector("[data-tool=numbers]").getAttribute("aria-pressed") === "true"`)
	b.js(`document.querySelector("form").requestSubmit = null; field.sync()`)
	b.truth(`document.querySelector("textarea").value.startsWith('<p class="align-center indent">')`)
	b.truth(`document.querySelector(".ed-count").textContent === "共8字"`)
}

// The textarea of a draft that nobody changed keeps its bytes.
func TestUntouchedDraftStaysAsItIs(t *testing.T) {
	text := `<h2>甲</h2><p>乙 <b>丙</b></p>`
	b := open(t, &page{text: text, attrs: whole})
	b.js(`field.sync()`)
	if got := b.say(`document.querySelector("textarea").value`); got != text {
		t.Errorf("the textarea became %q", got)
	}
}

// Everything richtext keeps, the editor keeps.
func TestEditorKeepsTheShape(t *testing.T) {
	text := `<h2 class="align-center">甲</h2><h3>乙</h3><h4>丙</h4><p class="align-right indent"><a href="https://example.test/x"><strong>丁</strong></a><em><u><s>戊</s></u></em>H<sub>2</sub>O<sup>3</sup><br>己</p>` +
		`<ul><li><p>庚</p><ol type="a" start="3"><li><p>辛</p></li></ol></li></ul><blockquote><p>壬</p></blockquote><hr>` +
		`<table><caption>表一</caption><tbody><tr><th class="w-30" scope="col"><p>项目</p></th><th colspan="2" scope="col"><p>数量</p></th></tr><tr><th rowspan="2" scope="row"><p>癸</p></th><td><p class="align-right">1</p></td><td><p>2</p></td></tr><tr><td><p></p></td><td><p>4</p></td></tr></tbody></table>` +
		`<figure><img src="attachment:a1" alt="图" width="300"><figcaption>图<strong>一</strong></figcaption></figure><figure><video src="attachment:v1" title="片" controls=""></video><figcaption></figcaption></figure>` +
		`<p>子<span class="footnote">见某条</span><img src="attachment:a2" alt="印"><img src="attachment:pending" alt="缺"><a href="attachment:f1">附件</a><a href="/x?y=1&amp;z=2">丑</a><a href="mailto:a@example.test">寅</a></p>`
	if clean, _ := richtext.Sanitise(text); clean != text {
		t.Fatalf("not canonical:\n%s\n%s", text, clean)
	}
	b := open(t, &page{text: text, attrs: whole})
	b.wants(text)
	got := b.say(`(() => { const {chars} = window.gongkaiEditor.textMap(document.querySelector("textarea").editor.editor.state.doc); return chars.join("") })()`)
	if want := richtext.Text(text); got != want {
		t.Errorf("plain text in the browser %q, on the server %q", got, want)
	}
}

// Word's and WPS's clipboard: the same cleaning as the server's.
func TestPasteFromWordAndWPS(t *testing.T) {
	for _, name := range []string{"word", "wps"} {
		t.Run(name, func(t *testing.T) {
			read := func(ending string) string {
				text, err := os.ReadFile("../../../richtext/testdata/paste/" + name + ending)
				if err != nil {
					t.Fatal(err)
				}
				return string(text)
			}
			b := open(t, &page{attrs: whole})
			b.paste("text/html", read(".html"))
			b.wants(read(".clean.html"))
		})
	}
}

func TestPastePlainText(t *testing.T) {
	b := open(t, &page{attrs: whole})
	b.paste("text/plain", "第一行\r\n　　第二行\n\n第三行")
	b.wants(`<p>第一行</p><p class="indent">第二行</p><p></p><p>第三行</p>`)
}

// Tables: inserted, written in, merged, split, given a head.
func TestTable(t *testing.T) {
	b := open(t, &page{attrs: whole})
	b.focus()
	b.tool("table")
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`document.querySelectorAll(".ed-text th").length === 3 && document.querySelectorAll(".ed-text td").length === 6`)
	b.truth(`!document.querySelector(".ed-table-row").hidden`)
	b.js(`const at = []; editor.state.doc.descendants((n, p) => { if (n.type.name === "tableHeader") at.push(p) }); editor.commands.setCellSelection({anchorCell: at[0], headCell: at[1]})`)
	b.truth(`document.querySelector("[data-tool=merge]").getAttribute("aria-disabled") === "false"`)
	b.tool("merge")
	b.truth(`document.querySelector('.ed-text th[colspan="2"]') !== null`)
	b.truth(`document.querySelector("[data-tool=split]").getAttribute("aria-disabled") === "false"`)
	b.tool("split")
	b.truth(`document.querySelectorAll(".ed-text th").length === 3`)
	b.tool("header_row")
	b.truth(`document.querySelectorAll(".ed-text th").length === 0`)
	b.tool("col_width")
	b.js(`document.querySelector(".ed-pop select").value = "25"`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`document.querySelectorAll(".ed-text td.w-25").length === 3`)
	if got := b.html(); strings.Contains(got, "style") || strings.Count(got, `class="w-25"`) != 3 {
		t.Errorf("the table became %s", got)
	}
}

// A picture needs its words before it goes in; its address in the draft is the attachment's.
func TestImage(t *testing.T) {
	p := &page{attrs: whole}
	b := open(t, p)
	b.js(`editor.commands.focus(); field.uploads.offer([new File([new Uint8Array([137, 80, 78, 71])], "印章.png", {type: "image/png"})])`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`!document.querySelector(".ed-pop .ed-problem").hidden`)
	b.do(chromedp.SendKeys(chromedp.CSS(".ed-pop input"), "示例机关印章"), chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`document.querySelector('.ed-text img[src="/a/up1"]') !== null`)
	b.wants(`<figure><img src="attachment:up1" alt="示例机关印章"><figcaption></figcaption></figure>`)
	if len(p.uploaded) != 1 || p.uploaded[0] != "印章.png" {
		t.Errorf("uploaded %v", p.uploaded)
	}
	b.js(`field.uploads.offer([new File(["x"], "放弃.png", {type: "image/png"}), new File(["x"], "附表.xlsx", {type: "application/vnd.ms-excel"})])`)
	b.truth(`document.querySelector(".ed-pop") !== null`)
	b.do(chromedp.Click(chromedp.CSS("h1"))) // beside it: given up, and the next file goes on
	b.truth(`document.querySelector('.ed-text a')?.textContent === "附表.xlsx"`)
}

// A picture pasted as data is uploaded and put in its place.
func TestPastedPictureIsUploaded(t *testing.T) {
	b := open(t, &page{attrs: whole})
	b.paste("text/html", `<p>甲<img alt="点" src="data:image/png;base64,iVBORw0KGgo=">乙</p>`)
	b.truth(`document.querySelector('.ed-text img[src="/a/up1"]') !== null`)
	b.wants(`<p>甲<img src="attachment:up1" alt="点">乙</p>`)
}

// Saving goes on by itself, in versions; who comes second is told and loses nothing.
func TestAutosave(t *testing.T) {
	p := &page{attrs: whole, text: "<p>甲</p>"}
	b := open(t, p)
	b.focus()
	b.do(chromedp.KeyEvent("乙"))
	b.truth(`document.querySelector(".ed-is-unsaved, .ed-is-saving, .ed-is-saved") !== null`)
	b.truth(`document.querySelector(".ed-is-saved")?.textContent.includes("10:24")`)
	b.truth(`document.querySelector("[name=version]").value === "1"`)
	p.mu.Lock()
	if len(p.saved) != 1 || p.saved[0] != "<p>甲乙</p>" {
		t.Errorf("saved %q", p.saved)
	}
	p.version = 7 // someone else saved
	p.mu.Unlock()
	b.do(chromedp.KeyEvent("丙"), chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	b.truth(`document.querySelector('.ed-is-conflict a[href="/compare"]') !== null`)
	b.wants("<p>甲乙丙</p>")
	b.do(chromedp.KeyEvent("丁"))
	b.truth(`document.querySelector(".ed-is-conflict") !== null`)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.saved) != 1 {
		t.Errorf("saved over another's version: %q", p.saved)
	}
}

// What is written into another field of the form is saved too, and the page's other forms wait
// until all is saved and then go with the version that saving gave.
func TestAutosaveOfOtherFields(t *testing.T) {
	p := &page{attrs: whole, text: "<p>甲</p>"}
	b := open(t, p)
	b.js(`const form = document.querySelector("form");
		form.insertAdjacentHTML("afterbegin", '<input name="title" aria-label="标题">');
		form.insertAdjacentHTML("afterend", '<form method="post" action="/fix" id="other"><input type="hidden" name="version" value="0"><button id="fix">隐去</button></form>');
		let sent = false; // the office sends a form once
		document.getElementById("other").addEventListener("submit", (e) => { if (sent) e.preventDefault(); sent = true; })`)
	b.do(chromedp.SendKeys(chromedp.CSS("[name=title]"), "通知"))
	b.truth(`document.querySelector(".ed-is-saved") !== null`)
	b.do(chromedp.SendKeys(chromedp.CSS("[name=title]"), "二"), chromedp.Click(chromedp.CSS("#fix")))
	b.truth(`document.querySelector("#other [name=version]").value === "2" && document.querySelector(".ed-is-saved") !== null`)
	posted := func() bool { p.mu.Lock(); defer p.mu.Unlock(); return len(p.fixed) > 0 }
	for end := time.Now().Add(15 * time.Second); !posted() && time.Now().Before(end); {
		b.do(chromedp.Sleep(30 * time.Millisecond))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := strings.Join(p.titles, " "); got != "通知 通知二" {
		t.Errorf("saved the titles %q", got)
	}
	if got := strings.Join(p.fixed, " "); got != "2" {
		t.Errorf("the other form went with version %q, want 2", got)
	}
}

// A server out of order loses nothing; saving is tried again.
func TestAutosaveAgain(t *testing.T) {
	p := &page{attrs: whole, fail: true}
	b := open(t, p)
	b.focus()
	b.do(chromedp.KeyEvent("甲"), chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	b.truth(`document.querySelector(".ed-is-offline") !== null`)
	p.mu.Lock()
	p.fail = false
	p.mu.Unlock()
	b.truth(`document.querySelector(".ed-is-saved") !== null`)
}

// A finding is underlined where it stands, says what it is, and is put right with a click.
func TestFindings(t *testing.T) {
	text := `<h2>一、标题</h2><p>由环保局负责，环保局报送。</p><table><tbody><tr><td><p>电话</p></td><td><p>环保局</p></td></tr></tbody></table>`
	find := func(from int) string { // two places of one finding
		return fmt.Sprintf(`{"id":"f1","from":%d,"to":%d,"quote":"环保局","message":"机构名称已变更","fix":"生态环境局","level":"error"}`, from, from+3)
	}
	// 一、标题⏎由环保局负责，环保局报送。⏎电话⇥环保局: the second stands at 12, the third at 23.
	b := open(t, &page{text: text, attrs: whole + ` data-findings='[` + find(12) + `,` + find(23) + `]'`})
	b.truth(`document.querySelectorAll(".ed-finding").length === 2`)
	b.truth(`document.querySelector(".ed-found").textContent === "1处待处理"`)
	b.do(chromedp.Click(chromedp.CSS("p .ed-finding")))
	b.truth(`document.querySelector(".ed-pop")?.textContent.includes("机构名称已变更")`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.wants(`<h2>一、标题</h2><p>由环保局负责，生态环境局报送。</p><table><tbody><tr><td><p>电话</p></td><td><p>环保局</p></td></tr></tbody></table>`)
	b.truth(`document.querySelectorAll(".ed-finding").length === 1 && document.querySelector("td .ed-finding") !== null`)
	b.do(chromedp.KeyEvent(kb.F8))
	b.truth(`document.querySelector(".ed-pop .ed-primary") !== null`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`document.querySelectorAll(".ed-finding").length === 0 && document.querySelector(".ed-found").hidden`)
	if got := b.say(`JSON.stringify(document.querySelector("textarea").editor.setFindings([{from: 0, to: 2, quote: "没有的话", message: "x"}]).length)`); got != "1" {
		t.Errorf("a finding without place: %s", got)
	}
}

// A reviewer reads, selects and remarks; the text stays as it is.
func TestRemarks(t *testing.T) {
	p := &page{text: "<p>由环保局负责。</p>", attrs: `data-readonly data-remark data-remark-url="/remark" data-remarks='[{"id":"r1","from":0,"to":1,"quote":"由","text":"改为“由…牵头”","by":"示例初审","at":"11月20日"}]'`}
	b := open(t, p)
	b.truth(`document.querySelector(".ed-tools") === null && document.querySelector(".ed-text").getAttribute("contenteditable") === "false"`)
	b.do(chromedp.Click(chromedp.CSS(".ed-remark")))
	b.truth(`document.querySelector(".ed-pop")?.textContent.includes("牵头")`)
	b.js(`const text = document.querySelector(".ed-text p").lastChild; const r = document.createRange(); r.setStart(text, 0); r.setEnd(text, 3);
		getSelection().removeAllRanges(); getSelection().addRange(r); document.querySelector(".ed-text").dispatchEvent(new MouseEvent("mouseup", {bubbles: true}))`)
	b.truth(`document.querySelector(".ed-pop > .ed-primary") !== null`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop > .ed-primary")), chromedp.SendKeys(chromedp.CSS(".ed-pop textarea"), "名称有误"), chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`document.querySelectorAll(".ed-remark").length === 2`)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.remarks) != 1 || p.remarks[0] != "环保局：名称有误" {
		t.Errorf("remarks %q", p.remarks)
	}
	b.wants("<p>由环保局负责。</p>")
}

// The keyboard alone: into the tools with Escape, along with arrows, back with Escape.
func TestKeyboard(t *testing.T) {
	b := open(t, &page{text: "<p>甲乙甲</p>", attrs: whole})
	b.focus()
	b.do(chromedp.KeyEvent(kb.Escape))
	b.truth(`document.activeElement.closest(".ed-tools") !== null`)
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.truth(`document.activeElement.dataset.tool === "bold"`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.truth(`document.activeElement.classList.contains("ed-text")`)
	b.do(chromedp.KeyEvent("f", chromedp.KeyModifiers(2)))
	b.do(chromedp.SendKeys(chromedp.CSS(".ed-pop input"), "甲"))
	b.truth(`document.querySelectorAll(".ed-hit").length === 2`)
	b.js(`const [, b] = document.querySelectorAll(".ed-pop input"); b.value = "丙"; [...document.querySelectorAll(".ed-pop button")].find((x) => x.textContent === "全部替换").click()`)
	b.wants("<p>丙乙丙</p>")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.truth(`document.querySelector(".ed-pop") === null && document.querySelectorAll(".ed-hit").length === 0`)
}

// Footnotes, links and signs go in where the cursor stands.
func TestInsert(t *testing.T) {
	b := open(t, &page{text: "<p>甲</p>", attrs: whole})
	b.focus()
	b.tool("footnote")
	b.do(chromedp.SendKeys(chromedp.CSS(".ed-pop textarea"), "见某条"), chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.tool("symbol")
	b.do(chromedp.Click(chromedp.CSS(".ed-signs button")))
	b.tool("link")
	b.do(chromedp.SendKeys(chromedp.CSS(".ed-pop input"), "javascript:alert(1)"), chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.truth(`!document.querySelector(".ed-pop .ed-problem").hidden`)
	b.js(`document.querySelector(".ed-pop input").value = "https://example.test/"; document.querySelectorAll(".ed-pop input")[1].value = "网页"`)
	b.do(chromedp.Click(chromedp.CSS(".ed-pop .ed-primary")))
	b.wants(`<p>甲<span class="footnote">见某条</span>〔<a href="https://example.test/">网页</a></p>`)
}

// shade sets day or night.
func shade(mode string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}},
		})
		return chromedp.Void{}, err
	}
}

// Nothing of the editor, its dialogs included, breaks what axe-core knows of WCAG 2.2 AA, on
// a wide screen and on a telephone, by day and by night.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "test", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is needed (make setup installs it): %v", err)
	}
	b := open(t, &page{text: `<h2>甲</h2><p>由环保局负责<span class="footnote">注</span></p><table><tbody><tr><th scope="col"><p>甲</p></th></tr><tr><td><p>乙</p></td></tr></tbody></table><figure><img src="attachment:a" alt="图"><figcaption></figcaption></figure><p><img src="attachment:pending" alt="缺"></p>`,
		attrs: whole + ` data-findings='[{"quote":"环保局","from":0,"to":0,"message":"机构名称已变更","fix":"生态环境局"}]'`})
	b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	for _, mode := range []string{"light", "dark"} {
		b.do(shade(mode))
		for _, width := range []int64{1440, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			for _, act := range []string{`editor.commands.focus("end")`, `field.next(1)`, `editor.commands.setTextSelection(22); field.toolbar.table()`, `field.toolbar.symbols()`, `field.toolbar.find()`} {
				b.js(act)
				found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document.querySelector(".ed"), {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
					.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join("; ")).join("\n"))`, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				if found != "" {
					t.Errorf("%s, %d pixels, after %s: %s", mode, width, act, found)
				}
				if b.say(`String(document.documentElement.scrollWidth <= innerWidth)`) != "true" {
					t.Errorf("%s, %d pixels, after %s: scrolls sideways", mode, width, act)
				}
			}
			b.js(`document.querySelector(".ed-pop")?.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))`)
		}
	}
}
