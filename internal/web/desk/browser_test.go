package desk_test

import (
	"context"
	"encoding/json"
	"net/url"
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

	"gongkai/internal/web/desk"
)

// intranet is a host name that the test browser finds on this machine but does not trust
// as it trusts 127.0.0.1: plain http on an intranet looks like this.
const intranet = "desk.test"

// launched is the one browser all tests share.
var launched = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP "+intranet+" 127.0.0.1"),
	)
	ctx, _ := chromedp.NewExecAllocator(context.Background(), opts...) // ends with the test program
	ctx, _ = chromedp.NewContext(ctx)
	return ctx, chromedp.Do(ctx)
})

// tab is a page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string // of the desk
}

// open opens a tab on a new desk with the samples.
func open(t *testing.T) *tab {
	t.Helper()
	browser, err := launched()
	if err != nil {
		t.Fatalf("these tests need Chromium (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	b := start(t, desk.Options{Samples: samples()})
	tb := &tab{t, ctx, b.URL}
	tb.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.URL+"/"))
	return tb
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// js runs a script that returns nothing of interest.
func (b *tab) js(script string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("(() => {" + script + "})()"))
}

// truth waits until the expression holds. A page that is being left answers with an error;
// the next one is asked again.
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
	at, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.href + ' ' + document.activeElement?.outerHTML?.slice(0, 200)"))
	b.t.Fatalf("waited in vain for %s: %v (at %s)", expression, err, at)
}

// say evaluates a text.
func (b *tab) say(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// hand uploads files by the file field and the button.
func (b *tab) hand(names ...string) {
	b.t.Helper()
	var paths []string
	for _, name := range names {
		path := filepath.Join(b.t.TempDir(), filepath.Base(name))
		if err := os.WriteFile(path, corpus(b.t, name), 0o600); err != nil {
			b.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), paths))
	b.js(`document.querySelector("form[data-drop] button.primary").click()`)
	b.truth(`location.pathname.startsWith("/desk/") && document.readyState === "complete"`)
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(b)
}

// A file dropped on the page is checked at once; a drop beside the zone does no harm.
func TestDrop(t *testing.T) {
	b := open(t)
	drop := func(target string) string {
		return `const files = new DataTransfer();
			files.items.add(new File([` + quoted(string(corpus(t, "seed/S4_焦作市民政局_2023.txt"))) + `], "S4.txt"));
			document.querySelector("` + target + `").dispatchEvent(
				new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files}));`
	}
	b.js(drop("footer"))
	b.truth(`location.pathname === "/"`)
	b.js(drop("form[data-drop]"))
	b.truth(`document.querySelector("h1")?.textContent.startsWith("焦作市民政局2023年")`)
}

// What is pasted with its tables keeps their merged cells; text changed after pasting is
// taken as it stands.
func TestPasteWithTables(t *testing.T) {
	paste := `const data = new DataTransfer();
		data.setData("text/html", ` + quoted(string(corpus(t, "full/R09_杭州式_2025.html"))) + `);
		data.setData("text/plain", "年报");
		document.querySelector(".paste").open = true;
		const area = document.querySelector("textarea");
		area.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}));
		area.value = "年报";`
	submit := `document.querySelector("form[data-drop] button.primary").click()`

	b := open(t)
	b.js(paste + `setTimeout(() => ` + submit + `, 100)`)
	b.truth(`document.querySelector('[data-key="T3.new.natural"]')?.textContent.trim() === "13612"`)

	b.do(chromedp.Navigate(b.url + "/"))
	b.js(paste + `setTimeout(() => { area.value = "改过的文字"; ` + submit + ` }, 100)`)
	b.truth(`document.querySelector(".row")?.textContent.includes("粘贴的内容.txt")`)
}

// Clicking a finding marks its places in the form and in the source, brings both to sight
// and does not load the page anew; a second click unmarks them.
func TestClickFinding(t *testing.T) {
	b := open(t)
	b.hand("seed/S4_焦作市民政局_2023.txt")
	b.js(`window.same = true;
		[...document.querySelectorAll(".finding")].find((f) => f.textContent.includes("R-AR-14") &&
			f.querySelector('[href="#c-T2.normdocs.issued"]')).querySelector("[data-finding]").click()`)
	b.truth(`document.querySelector(".middle mark.on")?.textContent.includes("7")`)
	b.truth(`document.querySelector('.middle td.on[data-key="T2.normdocs.issued"]') !== null`)
	b.truth(`document.querySelector(".right mark.on")?.textContent.includes("7")`)
	b.truth(`(() => { const m = document.querySelector(".right mark.on").getBoundingClientRect(), c = document.querySelector(".right").getBoundingClientRect();
		return m.top >= c.top && m.bottom <= c.bottom })()`)
	b.truth(`document.querySelector("[data-finding][aria-current]") === document.activeElement`)
	b.js(`document.activeElement.click()`)
	b.truth(`document.querySelector("mark.on, td.on") === null && window.same`)
}

// A reading picked with the mouse is saved and checked again in place; the person goes on
// to the findings when no question is left, and the decisions can be undone after a second
// click.
func TestSettleLive(t *testing.T) {
	b := open(t)
	b.hand("seed/S2_集安市民政局_2020.txt")
	b.js(`window.same = true`)
	b.do(chromedp.Click(chromedp.CSS(".question .option label")))
	b.truth(`document.querySelector("#edits") !== null && document.querySelector(".question") === null`)
	b.truth(`document.getElementById("said").textContent.includes("已保存")`)
	b.truth(`document.activeElement.id === "findings-h"`)
	b.truth(`document.querySelector("td.settled .mark").textContent === "已确定"`)
	b.truth(`document.querySelector('#parts a[href="#asked"]') === null`)
	b.js(`document.querySelector("#edits .sure").open = true; document.querySelector("#edits button[name=all]").click()`)
	b.truth(`document.querySelector("#edits") === null && document.querySelector(".question") !== null && window.same`)
	b.truth(`document.querySelector('#parts a[href="#asked"]') !== null`)
}

// Arrow keys move between the readings and save nothing (WCAG 3.2.2); Enter saves the one
// that is chosen.
func TestSettleByKeyboard(t *testing.T) {
	b := open(t)
	b.hand("seed/S2_集安市民政局_2020.txt")
	b.js(`window.sent = 0; const f = window.fetch; window.fetch = (...a) => { window.sent++; return f(...a); };
		document.querySelector(".question input[type=radio]").focus()`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowUp))
	b.truth(`document.activeElement === document.querySelectorAll(".question input[type=radio]")[1] && document.activeElement.checked`)
	b.do(chromedp.Sleep(300 * time.Millisecond))
	b.truth(`window.sent === 0 && document.querySelector("#edits") === null`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.truth(`window.sent === 1 && document.querySelector("#edits") !== null && document.activeElement.id === "findings-h"`)
}

// After one answer the person goes on with the next question, where what is typed stays.
func TestNextQuestion(t *testing.T) {
	b := open(t)
	b.js(`document.querySelector("form.samples button").click()`)
	b.truth(`location.pathname.startsWith("/desk/") && document.readyState === "complete"`)
	b.js(`[...document.querySelectorAll(".row a")].find((a) => a.textContent.includes("示范市民政局2024")).click()`)
	b.truth(`document.querySelectorAll(".question").length === 2 && document.readyState === "complete"`)
	b.js(`const second = document.querySelectorAll(".question")[1];
		window.second = second.querySelector("input[type=radio]").name; second.querySelector(".free input[type=text]").value = "12"`)
	b.do(chromedp.Click(chromedp.CSS(".question .option label")))
	b.truth(`document.querySelectorAll(".question").length === 1 && document.activeElement.name === window.second`)
	b.truth(`document.querySelector(".free input[type=text]").value === "12" && !document.activeElement.checked`)
	b.truth(`document.getElementById("said").textContent.includes("还有 1 项待确定")`)
	b.truth(`document.querySelector('#parts a[href="#asked"] .n').textContent === "1"`)
}

// An own entry waits for all its fields: half of it is not saved, and the person is taken
// to the field that lacks.
func TestSettleOwnEntry(t *testing.T) {
	b := open(t)
	b.hand("seed/S2_集安市民政局_2020.txt")
	b.js(`document.querySelector(".free input[type=text]").focus()`)
	b.do(chromedp.KeyEvent("35"), chromedp.KeyEvent(kb.Tab))
	b.truth(`document.querySelector(".question [value=free]").checked && document.querySelector("#edits") === null`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.truth(`document.activeElement.getAttribute("aria-invalid") === "true" && document.querySelector(".free input[type=text]").value === "35"`)
	b.truth(`document.getElementById(document.activeElement.getAttribute("aria-describedby")).textContent.includes("空白")`)
	b.truth(`document.querySelector("#verdict [role=alert] a").hash === "#" + document.activeElement.id && document.querySelector("#edits") === null`)
	b.js(`for (const f of document.querySelectorAll(".free input[type=text]")) f.value ||= "0"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.truth(`document.querySelector("#edits") !== null && document.querySelector(".question") === null`)
}

// 编辑表格 begins at the first table, the prose folded.
func TestEditOpens(t *testing.T) {
	b := open(t)
	b.hand("seed/S4_焦作市民政局_2023.txt")
	for _, width := range []int64{1440, 390} {
		b.do(chromedp.EmulateViewport(width, 900))
		b.js(`document.querySelector('.bar a[href*="edit"]').click()`)
		b.truth(`document.activeElement?.name === document.querySelector("[data-edit] td.value input")?.name`)
		b.truth(`(() => { const at = document.activeElement.getBoundingClientRect(); return at.top > 0 && at.bottom < innerHeight })()`)
		b.truth(`document.querySelector(".prose-fold:not([open])") !== null && document.querySelector(".prose-fold[open]") === null`)
		b.do(chromedp.Navigate(b.say(`location.href.split("?")[0]`)))
	}
}

// In the edited form a value changed is checked as soon as the field is left, and the
// fields stay as they are.
func TestEditLive(t *testing.T) {
	b := open(t)
	b.hand("seed/S4_焦作市民政局_2023.txt")
	b.do(chromedp.Navigate(b.say(`location.href.split("?")[0]`) + "?edit"))
	b.js(`window.field = document.querySelector('[name="c:T3.new.natural"]'); field.focus(); field.value = "99"; field.dispatchEvent(new Event("change", {bubbles: true}))`)
	b.truth(`document.querySelector('td.has-error[data-key="T3.new.natural"] .mark')?.textContent === "差错"`)
	b.truth(`window.field.isConnected && document.activeElement === window.field && field.value === "99"`)
}

// Without a mouse: the skip link, the findings by Alt+J, the tables by arrows, Enter for a
// value's origin, Escape to unmark.
func TestKeyboard(t *testing.T) {
	b := open(t)
	b.hand("seed/S4_焦作市民政局_2023.txt")
	b.do(chromedp.KeyEvent(kb.Tab))
	b.truth(`document.activeElement.matches(".skip")`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.truth(`document.activeElement.id === "main"`)

	b.do(chromedp.KeyEvent("j", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.truth(`document.activeElement.dataset.finding === "1"`)
	b.do(chromedp.KeyEvent("j", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.truth(`document.activeElement.dataset.finding === "2" && document.querySelector(".finding.on").id === "f2"`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.truth(`document.querySelector(".finding.on") === null`)

	b.js(`document.querySelector('[data-key="T3.new.natural"] a').focus()`)
	b.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowDown))
	b.truth(`document.activeElement.parentElement.dataset.key === "T3.carry_in.biz"`)
	if n := b.say(`String(document.querySelectorAll("table.T3 td.value a:not([tabindex='-1'])").length)`); n != "1" {
		t.Errorf("table three has %s stops of the Tab key, want 1", n)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.truth(`document.activeElement.id === "cell-h" && document.querySelector("#cell [name^='c:']").name === "c:T3.carry_in.biz"`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.truth(`document.querySelector("#cell") === null && document.activeElement.parentElement.dataset.key === "T3.carry_in.biz"`)
}

// A form goes through on plain http of an intranet too, where the browser names no
// Sec-Fetch-Site and the origin alone tells that it is our own page.
func TestPlainHTTP(t *testing.T) {
	b := open(t)
	u, err := url.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = intranet + ":" + u.Port()
	b.do(chromedp.Navigate(u.String() + "/"))
	b.hand("seed/S4_焦作市民政局_2023.txt")
	b.truth(`document.querySelector("h1").textContent.startsWith("焦作市民政局")`)
}

// violation is what axe finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Every kind of page is free of what axe-core can find against WCAG 2.2 AA, in both
// languages, wide and narrow, light and dark, and nothing but tables scrolls sideways.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("..", "..", "..", "test", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is needed (make setup installs it): %v", err)
	}
	b := open(t)
	b.js(`document.querySelector("form.samples button").click()`)
	b.truth(`location.pathname.startsWith("/desk/") && document.readyState === "complete"`)
	list := b.say(`location.pathname`)
	b.do(chromedp.Navigate(b.url + list + "merge"))
	b.js(`document.getElementById("agency").value = "示范市人民政府"; document.querySelector("form button.primary").click()`)
	b.truth(`location.pathname.endsWith("/merged/")`)
	reports := map[string]string{}
	b.do(chromedp.Navigate(b.url + list))
	for _, title := range []string{"民政局", "司法局", "文库转载"} {
		reports[title] = b.say(`[...document.querySelectorAll(".row a")].find((a) => a.textContent.includes("` + title + `")).getAttribute("href")`)
	}
	b.do(chromedp.Navigate(b.url + reports["民政局"]))
	b.js(`fetch(location.pathname + "settle", {method: "POST", body: new URLSearchParams(
		[[document.querySelector(".question input[type=radio]").name, "free"]])}).then((r) => { window.sent = r.url })`)
	b.truth(`window.sent?.includes("wrong")`)
	pages := []string{
		"/", "/help", "/none", list, reports["民政局"], reports["民政局"] + "?finding=1", reports["民政局"] + "?wrong", reports["民政局"] + "?cell=T3.new.total",
		reports["民政局"] + "?edit", reports["司法局"], reports["文库转载"], list + "merge", list + "merged/?cell=T3.new.total",
		list + "compare", list + "compare?f=1&f=11",
	}
	views := []struct {
		mode, prefix string
		width        int64
	}{
		{"light", "", 1440}, {"light", "/en", 1440}, {"light", "", 390}, {"light", "/en", 390}, {"dark", "", 1440},
	}
	for _, v := range views {
		b.do(chromedp.EmulateViewport(v.width, 900), scheme(v.mode))
		for _, at := range pages {
			b.do(chromedp.Navigate(b.url + v.prefix + at))
			b.audit(string(axe), v.mode, v.width, v.prefix+at)
		}
	}
}

// scheme sets what the person prefers: "light" or "dark"; motion is reduced.
func scheme(s string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: s}, {Name: "prefers-reduced-motion", Value: "reduce"},
			},
		})
		return chromedp.Void{}, err
	}
}

// audit runs axe on the page and looks for sideways scrolling, also at 320 pixels.
func (b *tab) audit(axe, mode string, width int64, at string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]violation](
		`axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) => r.violations)`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		b.t.Errorf("%s %d %s: %s: %s (%d times)\n%s\n%s", mode, width, at, v.ID, v.Help, len(v.Nodes), v.Nodes[0].HTML, v.Nodes[0].Summary)
	}
	if width > 400 {
		return
	}
	b.do(chromedp.EmulateViewport(320, 900))
	if over := b.say(`String(document.documentElement.scrollWidth - innerWidth)`); strings.TrimPrefix(over, "-") == over && over != "0" {
		b.t.Errorf("%s at 320 pixels is %s pixels too wide", at, over)
	}
	b.do(chromedp.EmulateViewport(width, 900))
}
