package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/check"
)

func TestParseList(t *testing.T) {
	l, err := ParseList("a.txt", "\uFEFF# kind: term\r\n# severity: info\n# source: 某文件\n# date: 2026-11-23\n# 说明\n\n旧名\t新名\tsince=2018-03-21; except=旧名称|破旧名; near=局; far=原; quoted\n误写\n")
	if err != nil {
		t.Fatal(err)
	}
	e := l.Entries[0]
	if l.Kind != Terms || l.Severity != check.Info || l.Source != "某文件" || l.Date.String() != "2026-11-23" || len(l.Entries) != 2 ||
		e.Wrong != "旧名" || e.Right != "新名" || e.Since.String() != "2018-03-21" || !slices.Equal(e.Except, []string{"旧名称", "破旧名"}) || !e.Quoted {
		t.Errorf("%+v", l)
	}
	for text, want := range map[string]string{
		"旧名\t新名\n":                                 "no line # kind",
		"# kind: x\n":                              "line 1: unknown kind",
		"# kind: term\n# severity: grave\n":        "line 2: unknown severity",
		"# kind: term\n# date: 2026-02-30\n":       "line 2: parse date",
		"# kind: term\n旧\n":                        "line 2: \"旧\": a word has",
		"# kind: term\n" + strings.Repeat("旧", 65): "line 2",
		"# kind: term\n旧名\t新名\twhen=1\n":           "line 2: unknown option",
		"# kind: term\n旧名\t新名\tsince=1\n":          "line 2: parse date",
	} {
		if _, err := ParseList("a.txt", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// Each list that comes with the product names its source and its date, no word is its own
// correction, and every word is found unless a longer one hides it.
func TestDefaultLists(t *testing.T) {
	for _, l := range DefaultLists() {
		if l.Source == "" || l.Date.IsZero() {
			t.Errorf("%s has no source or date", l.Name)
		}
		seen := map[string]bool{}
		for _, e := range l.Entries {
			if e.Wrong == e.Right || seen[e.Wrong] {
				t.Errorf("%s: %s stands twice or corrects itself", l.Name, e.Wrong)
			}
			seen[e.Wrong] = true
			if e.Right != "" && len(DefaultWords().find([]rune(e.Right))) > 0 {
				t.Errorf("%s: the correction %s is found fault with", l.Name, e.Right)
			}
			for _, x := range e.Except {
				if !strings.Contains(x, e.Wrong) {
					t.Errorf("%s: the exception %s does not hold %s", l.Name, x, e.Wrong)
				}
			}
		}
	}
}

func TestLaterListsReplace(t *testing.T) {
	list := func(right string) List {
		return List{Kind: Typos, Severity: check.Warning, Entries: []Entry{{Wrong: "布署", Right: right}}}
	}
	hits := Compile(list("部署"), list("安排")).find([]rune("布署"))
	if len(hits) != 1 || hits[0].entry.Right != "安排" {
		t.Errorf("%+v", hits)
	}
	allowed := List{Kind: Allow, Entries: []Entry{{Wrong: "布署"}}}
	if hits := Compile(list("部署"), allowed).find([]rune("布署")); len(hits) != 0 {
		t.Errorf("allowed: %+v", hits)
	}
}

// The machine finds what a search word by word finds.
func TestMachineFindsEveryWord(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(longest int) string {
		var b strings.Builder
		for range 1 + random.IntN(longest) {
			b.WriteString([]string{"甲", "乙", "丙", "A", "ａ", "𠀀"}[random.IntN(6)])
		}
		return b.String()
	}
	for range 500 {
		var words []string
		for range 1 + random.IntN(8) {
			words = append(words, word(4))
		}
		text := []rune(word(30))
		m := newMachine(words)
		var got, want []string
		for _, f := range m.find(text) {
			got = append(got, fmt.Sprint(f.start, f.end, f.word))
		}
		for n, w := range words {
			for i := range text {
				if end := i + len([]rune(w)); end <= len(text) && folded(text[i:end]) == folded([]rune(w)) {
					want = append(want, fmt.Sprint(i, end, n))
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("words %q in %q:\n got %q\nwant %q", words, string(text), got, want)
		}
	}
}

func folded(text []rune) string {
	out := make([]rune, len(text))
	for i, r := range text {
		out[i] = fold(r)
	}
	return string(out)
}
