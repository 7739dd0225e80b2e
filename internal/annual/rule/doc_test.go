package rule

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

var update = flag.Bool("update", false, "write docs/annual-rules.md anew")

// severities in the words of the reader.
var severities = map[check.Severity]string{check.Error: "错误", check.Warning: "待说明", check.Info: "提示"}

// page writes the list of rules as docs/annual-rules.md shows it.
func page() string {
	zh, en := i18n.To(i18n.Chinese), i18n.To(i18n.English)
	var b strings.Builder
	b.WriteString("# 年报核查规则 Rules of the annual report\n\n" +
		"由 `go test ./internal/annual/rule -run TestPage -update` 从 `rule.Rules()` 生成，请勿手改。严重程度是通常的一级，个别情形会轻一级或重一级。\n\n" +
		"Generated from `rule.Rules()`; do not edit. The severity is the usual one; a finding may be milder or graver.\n\n" +
		"| 编号 Code | 程度 Severity | 核查内容 Checks | 依据 Cites | 施行 Since |\n|---|---|---|---|---|\n")
	for _, r := range Rules() {
		since := r.Since.String()
		if since == "" {
			since = "—"
		}
		fmt.Fprintf(&b, "| %s | %s %s | %s<br>%s | %s | %s |\n",
			r.Code, severities[r.Severity], r.Severity, zh.Text(r.Title), en.Text(r.Title), cite(r.Cite), since)
	}
	return b.String()
}

func cite(r statute.Ref) string {
	s := r.String()
	if r.Instrument.Number != "" && !strings.Contains(s, r.Instrument.Number) {
		s += "（" + r.Instrument.Number + "）"
	}
	return s
}

// The page in docs is what the code says.
func TestPage(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "annual-rules.md")
	want := page()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/annual-rules.md is stale: go test ./internal/annual/rule -run TestPage -update")
	}
}

// Codes stand once and in order; each rule has a citation and a title in both languages.
func TestRules(t *testing.T) {
	last := ""
	for _, r := range Rules() {
		if r.Code <= last {
			t.Errorf("%s stands after %s", r.Code, last)
		}
		last = r.Code
		if r.Cite.IsZero() || r.Severity == "" || r.Find == nil {
			t.Errorf("%s lacks a citation, a severity or its work", r.Code)
		}
		for _, l := range i18n.Langs {
			if s := i18n.To(l).Text(r.Title); s == "" || strings.Contains(s, "⟦") {
				t.Errorf("%s has no title in %s", r.Code, l)
			}
		}
	}
}
