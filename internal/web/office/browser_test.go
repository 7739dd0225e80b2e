package office

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// nodeModule returns a file of a program that npm installs for the tests.
func nodeModule(t *testing.T, path string) string {
	t.Helper()
	whole, err := filepath.Abs(filepath.Join("../../../test/node_modules", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Fatalf("%v; run make setup, which installs what the tests need", err)
	}
	return whole
}

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

// tab is a page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

func openTab(t *testing.T, url string) *tab {
	t.Helper()
	browser, err := launched()
	if err != nil {
		t.Fatalf("these tests need Chromium (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	b := &tab{t, ctx, url}
	b.do(chromedp.EmulateViewport(1440, 900))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) goTo(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.url + path)) }

// truth waits until the expression holds.
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

// Every page's HTML is valid.
func TestMarkup(t *testing.T) {
	validator := nodeModule(t, "html-validate/bin/html-validate.mjs")
	server, dir := galleryServer(t), t.TempDir()
	rules := `{"root": true, "extends": ["html-validate:standard", "html-validate:a11y"], "rules": {"long-title": "off", "valid-id": ["error", {"relaxed": true}], "no-redundant-role": "off"}}`
	if err := os.WriteFile(filepath.Join(dir, ".htmlvalidate.json"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{validator}
	for _, s := range gallery {
		resp, err := http.Get(server.URL + "/office/_gallery/" + s.name)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, s.name+".html")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.CommandContext(t.Context(), "node", args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
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

// Every page is free of what axe-core can find against WCAG 2.2 AA, in both languages, wide
// and narrow, light and dark, and nothing but tables scrolls sideways.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(nodeModule(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, galleryServer(t).URL)
	for _, v := range []struct {
		mode, prefix string
		width        int64
	}{{"light", "", 1440}, {"light", "/en", 390}, {"dark", "", 1440}, {"light", "", 320}} {
		b.do(chromedp.EmulateViewport(v.width, 900), scheme(v.mode))
		for _, s := range gallery {
			b.goTo(v.prefix + "/office/_gallery/" + s.name)
			b.audit(string(axe), v.mode, v.width, v.prefix+" "+s.name)
		}
	}
}

// as has the browser hold a session's secret.
func (b *tab) as(secret string) {
	b.t.Helper()
	b.goTo("/office/none")
	b.do(chromedp.Evaluate[chromedp.Void](`document.cookie = "` + sessionCookie + `=` + secret + `; path=/"`))
}

// Pages over real records are as free of faults as those of the gallery.
func TestRealPages(t *testing.T) {
	axe, err := os.ReadFile(nodeModule(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	h, _ := withDB(t)
	g := h.visitor("admin")
	city := g.made("示范市人民政府", "", "government", "city")
	civil := g.made("示范市民政局", city, "department", "city")
	b := openTab(t, h.URL)
	b.as("admin")
	at := "/office/bodies/" + civil
	for _, width := range []int64{1440, 390} {
		b.do(chromedp.EmulateViewport(width, 900), scheme("light"))
		for _, path := range []string{"/office/", "/office/tasks", "/office/bodies", "/office/bodies/new", "/office/bodies/import", at, at + "/edit", at + "/contact", at + "/end", "/office/jobs", "/office/system"} {
			for _, prefix := range []string{"", "/en"} {
				b.goTo(prefix + path)
				b.audit(string(axe), "light", width, prefix+path)
			}
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
	over, err := chromedp.Run(b.ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil {
		b.t.Fatal(err)
	}
	if over > 0 {
		b.t.Errorf("%s at %d pixels is %d pixels too wide", at, width, over)
	}
}

// The keys: j and k walk the rows, x ticks, / finds the filter, ? lists the keys, g h goes
// to the start; none of them works while a person types.
func TestKeys(t *testing.T) {
	b := openTab(t, galleryServer(t).URL)
	b.goTo("/office/_gallery/list")
	press := func(keys string) { b.do(chromedp.KeyEvent(keys)) }
	press("j")
	press("j")
	press("k")
	b.truth(`document.querySelectorAll("tbody tr")[0].classList.contains("at") && document.activeElement.closest("tr") !== null`)
	press("x")
	b.truth(`document.querySelectorAll("tbody .pick input:checked").length === 1 && !document.querySelector(".bulk-actions button").disabled`)
	press("/")
	b.truth(`document.activeElement.name === "q"`)
	press("j")
	b.truth(`document.activeElement.value.endsWith("j") && document.querySelectorAll("tbody tr")[0].classList.contains("at")`)
	b.goTo("/office/_gallery/list")
	press("?")
	b.truth(`document.getElementById("keys").open`)
	press("g")
	press("h")
	b.truth(`document.getElementById("keys").open`)
	b.goTo("/office/_gallery/list")
	press("g")
	press("h")
	b.truth(`location.pathname === "/office/"`)
}

// A wrong form begins at what is wrong with it, and leaving a changed one asks first.
func TestWrongForm(t *testing.T) {
	b := openTab(t, galleryServer(t).URL)
	b.goTo("/office/_gallery/form")
	b.truth(`document.activeElement.matches("[data-problem]") && document.activeElement.textContent.includes("成文日期")`)
	b.truth(`document.getElementById("f-day").getAttribute("aria-describedby").split(" ").every((id) => document.getElementById(id)) && document.getElementById("f-day").ariaInvalid === "true"`)
	b.truth(`!document.querySelector(".help-text").checkVisibility()`)
	b.do(chromedp.Click(chromedp.CSS("details.help summary")))
	b.truth(`document.querySelector(".help-text").checkVisibility() && document.querySelector(".help-text .cite").textContent === "条例第二十六条"`)
}

// On a narrow screen the navigation waits behind 菜单, without script too.
func TestNarrow(t *testing.T) {
	b := openTab(t, galleryServer(t).URL)
	b.do(chromedp.EmulateViewport(390, 844))
	b.goTo("/office/_gallery/list")
	b.truth(`!document.getElementById("nav").checkVisibility() && document.querySelector(".bar-low").checkVisibility()`)
	b.do(chromedp.Click(chromedp.CSS(`.bar-low a[href="#nav"]`)))
	b.truth(`document.getElementById("nav").checkVisibility()`)
	b.do(chromedp.Click(chromedp.CSS("#nav .close")))
	b.truth(`!document.getElementById("nav").checkVisibility()`)
}

// fill puts texts into fields by their names.
func (b *tab) fill(fields map[string]string) {
	b.t.Helper()
	for name, text := range fields {
		b.do(chromedp.SetValue(chromedp.CSS("main [name='"+name+"']"), text))
	}
}

// press clicks a button of the page's form.
func (b *tab) press(css string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(css)))
}

// device gives the browser an authenticator of its own, whose owner is always there.
func device(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	if _, err := cdp.Call(ctx, t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		return chromedp.Void{}, err
	}
	_, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return chromedp.Void{}, err
}

// An administrator's first day, in a browser: set-up, first sign-in with a new password and
// an authenticator, a passkey, and signing in with it alone.
func TestFirstDay(t *testing.T) {
	w := newTown(t)
	code, err := w.people.SetupCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, w.local)
	b.do(device)
	b.goTo("/office/")
	b.truth(`location.pathname === "/office/setup"`)
	b.fill(map[string]string{"code": code, "sysadmin_name": "示例甲", "sysadmin_login": "sys.one", "secadmin_name": "示例乙", "secadmin_login": "sec.one", "auditor_name": "示例丙", "auditor_login": "aud.one"})
	b.press("main .form-actions button")
	b.truth(`document.querySelectorAll("code.key").length === 3`)
	first := b.say(`document.querySelector("code.key").textContent`)

	b.goTo("/office/bodies")
	b.truth(`location.pathname === "/office/sign-in"`)
	b.fill(map[string]string{"login": "sys.one", "password": first})
	b.press("main .form-actions button")
	b.truth(`document.querySelector("h1").textContent === "设置新密码"`)
	b.fill(map[string]string{"password": goodPassword, "again": goodPassword})
	b.press("main .form-actions button")
	b.truth(`document.querySelector(".qr svg path") !== null`)
	b.fill(map[string]string{"code": w.code(b.say(`document.querySelector("code.key").textContent`))})
	b.press("main .form-actions button")
	b.truth(`document.querySelectorAll(".codes li").length === 8`)
	b.press("main a.primary")
	b.truth(`location.pathname === "/office/bodies"`)

	b.goTo("/office/me")
	b.truth(`document.querySelector("[data-make]").checkVisibility()`)
	b.do(chromedp.SetValue(chromedp.CSS("#pk-name"), "办公室电脑"), chromedp.SetValue(chromedp.CSS("#pk-old"), goodPassword))
	b.press("[data-make] button.primary")
	b.truth(`document.querySelector(".notice")?.textContent.includes("已添加通行密钥")`)
	b.press(".person form button")
	b.truth(`location.pathname === "/office/sign-in" && document.querySelector("[data-passkey]").checkVisibility()`)
	b.press("[data-passkey] button")
	b.truth(`location.pathname === "/office/" && document.querySelector(".who").textContent.includes("示例甲")`)
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
