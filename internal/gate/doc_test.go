package gate

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

var update = flag.Bool("update", false, "write the tables of docs/gate.md anew")

// severities in the words of the reader.
var severities = map[check.Severity]string{check.Error: "错误 error", check.Warning: "待说明 warning", check.Info: "提示 info"}

// fresh holds a table against that of docs/gate.md, which stands between two remarks.
func fresh(t *testing.T, name, table string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "gate.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, found := strings.Cut(string(page), open)
	have, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("docs/gate.md has no place for the table of %s", name)
	}
	if have == table {
		return
	}
	if !*update {
		t.Errorf("the table of %s in docs/gate.md is stale: go test ./internal/gate -run 'TestPage|TestCorpus' -update", name)
		return
	}
	if err := os.WriteFile(path, []byte(before+open+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The list of rules in docs/gate.md is what the code says.
func TestPage(t *testing.T) {
	zh, en := i18n.To(i18n.Chinese), i18n.To(i18n.English)
	var b strings.Builder
	b.WriteString("| 编号 Code | 程度 Severity | 阻断 Blocks | 核查内容 Checks | 依据 Cites |\n|---|---|---|---|---|\n")
	for _, r := range Rules() {
		blocks := ""
		if Blocking(r.Code) {
			blocks = "是 yes"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s<br>%s | %s |\n", r.Code, severities[r.Severity], blocks, zh.Text(r.Title), en.Text(r.Title), cite(r.Cite))
	}
	fresh(t, "rules", b.String())
}

func cite(r statute.Ref) string {
	s := r.String()
	if r.Instrument.Number != "" && !strings.Contains(s, r.Instrument.Number) {
		s += "（" + r.Instrument.Number + "）"
	}
	return s
}

// The word lists in docs/gate.md are those that come with the product.
func TestPageOfLists(t *testing.T) {
	var b strings.Builder
	b.WriteString("| 文件 File | 类别 Kind | 条数 Entries | 来源 Source | 日期 Date |\n|---|---|---:|---|---|\n")
	for _, l := range DefaultLists() {
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s |\n", l.Name, l.Kind, len(l.Entries), l.Source, l.Date)
	}
	fresh(t, "lists", b.String())
}

// Codes stand once and in order; each rule has a citation and a title in both languages;
// what blocks is a rule.
func TestRules(t *testing.T) {
	last := ""
	codes := map[string]bool{}
	for _, r := range Rules() {
		if r.Code <= last {
			t.Errorf("%s stands after %s", r.Code, last)
		}
		last, codes[r.Code] = r.Code, true
		if r.Cite.IsZero() || r.Severity == "" || r.Find == nil {
			t.Errorf("%s lacks a citation, a severity or its work", r.Code)
		}
		for _, l := range i18n.Langs {
			if s := i18n.To(l).Text(r.Title); s == "" || strings.Contains(s, "⟦") {
				t.Errorf("%s has no title in %s", r.Code, l)
			}
		}
	}
	for _, code := range blocking {
		if !codes[code] {
			t.Errorf("%s blocks and is no rule", code)
		}
	}
	if !slices.IsSorted(blocking) {
		t.Error("what blocks is not in order")
	}
}
