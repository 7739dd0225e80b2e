package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// asks is the way of somebody who asks for information on a telephone: from the home page to the
// query code, away, and back with the code. Each page on it is looked at by axe-core and the W3C's
// checker where thorough says so.
func (s site) asks(t *testing.T, thorough bool) {
	v := s.visitor(t)
	v.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	look := func() {}
	var pages []string
	if thorough {
		look = func() { pages = append(pages, v.examined()) }
	}
	v.goTo("/")
	v.press(`main a[href$="/apply.html"]`)
	v.fill("main", map[string]string{"q": "养老服务补贴"})
	v.press(`#already + button`)
	v.sees("是不是这些")
	v.choose("main", "agency", "民政局")
	look()
	v.press(".start button.primary")
	next := ".buttons button.primary"
	v.truth(`document.querySelector("[name=sought_name]").value === "养老服务补贴"`)
	v.run(`document.querySelector("[name=sought_name]").value = ""`)
	v.press(next)
	v.sees("您写的都还在", "请写明要什么信息")
	look()
	v.fill("main", map[string]string{"sought_name": "2025年度养老服务补贴发放名册", "features": "2025年发放，含机构名称和金额"})
	v.press(next)
	look()
	v.press(next)
	v.press(next)
	v.sees("请填写姓名或者名称")
	v.truth(`getComputedStyle(document.querySelector(".firm")).display === "none"`)
	look()
	v.fill("main", map[string]string{"name": "甲某某", "id_number": "110101199003070011", "phone": "13800000000"})
	v.press(next)
	v.sees("甲某某", "2025年度养老服务补贴发放名册")
	look()
	for v.at() != "/apply/sent.html" { // at first it was too fast for a person
		v.fill("main", map[string]string{"answer": sum(t, v.say(`document.querySelector("label[for=f-answer]").textContent`))})
		v.press(next)
	}
	v.sees("申请已经提交")
	look()
	code := v.say(`document.querySelector(".code").textContent`)
	v.press(`a[href$="/request.html"]`)
	v.sees("已提交，等待机关确认", code)
	look()
	v.press(`form[action$="/leave.html"] button`)
	v.fill("main", map[string]string{"code": strings.ToLower(code)})
	v.press(next)
	v.sees("2025年度养老服务补贴发放名册")
	v.press(`a[href$="/withdraw.html"]`)
	look()
	v.press("button.danger")
	v.sees("申请已经撤回")
	if thorough {
		valid(t, pages)
	}
}

var figure = regexp.MustCompile(`十[一二三四五六七八九]?|[零一二三四五六七八九]`)

// sum answers the question that keeps robots out.
func sum(t *testing.T, question string) string {
	t.Helper()
	stated, _, _ := strings.Cut(question, "等")
	largest := strings.Contains(stated, "哪个")
	if largest {
		stated, _, _ = strings.Cut(stated, "哪个")
	}
	var n []int
	for _, word := range figure.FindAllString(stated, -1) {
		k := 0
		for i, digit := range []rune("零一二三四五六七八九十") {
			if strings.HasPrefix(word, "十") && word != "十" {
				k = 10
			}
			if strings.HasSuffix(word, string(digit)) {
				k += i
			}
		}
		n = append(n, k)
	}
	switch {
	case largest && len(n) == 3:
		return strconv.Itoa(max(n[0], n[1], n[2]))
	case strings.Contains(stated, "减") && len(n) == 2:
		return strconv.Itoa(n[0] - n[1])
	case len(n) == 2:
		return strconv.Itoa(n[0] + n[1])
	}
	t.Fatalf("the question %q", question)
	return ""
}

// examined has axe-core look at the page that is open, and returns its markup as it stands.
func (v *visitor) examined() string {
	v.t.Helper()
	axe, err := os.ReadFile(module(v.t, "axe-core/axe.min.js"))
	if err != nil {
		v.t.Fatal(err)
	}
	if wide := v.say(`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`); wide != "0" {
		v.t.Errorf("%s: %s pixels too wide", v.at(), wide)
	}
	markup := "<!DOCTYPE html>" + v.say(`(() => {
		const page = document.documentElement.cloneNode(true); // without what the script of the search box adds
		page.querySelectorAll("ul.suggestions").forEach((e) => e.remove());
		page.querySelectorAll("[role=combobox]").forEach((e) => e.getAttributeNames().filter((n) => n === "role" || n.startsWith("aria-")).forEach((n) => e.removeAttribute(n)));
		return page.outerHTML;
	})()`)
	v.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	v.run(`window.axed = ""; axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then((r) => { window.axed = JSON.stringify(r.violations) })`)
	v.truth(`window.axed`)
	var wrong []violation
	if err := json.Unmarshal([]byte(v.say(`window.axed`)), &wrong); err != nil {
		v.t.Fatal(err)
	}
	for _, w := range wrong {
		v.t.Errorf("%s: %s %s: %s\n%s", v.at(), w.ID, w.Help, w.Nodes[0].HTML, w.Nodes[0].Summary)
	}
	return markup
}

// valid has the W3C's checker read pages.
func valid(t *testing.T, pages []string) {
	t.Helper()
	args := []string{"-jar", module(t, "vnu-jar/build/dist/vnu.jar"), "--errors-only"}
	dir := t.TempDir()
	for i, markup := range pages {
		file := filepath.Join(dir, strconv.Itoa(i)+".html")
		if err := os.WriteFile(file, []byte(markup), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.CommandContext(t.Context(), "java", args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
