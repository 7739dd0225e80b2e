package internal

import (
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/annual/cycle"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
)

// drawings are the tables of moves (flow.Table) as pages of docs/flow.
var drawings = map[string]func() string{
	"credit.md": func() string {
		word := func(key string) string { return i18n.To(i18n.Chinese).Text(credit.Word(key)) }
		return credit.Flow.Draw("行政许可、行政处罚和行政强制信息的状态流转", credit.Recorded, word)
	},
	"report.md": func() string {
		word := func(key string) string { return i18n.To(i18n.Chinese).Text(cycle.Word(key)) }
		return cycle.Flow.Draw("政府信息公开年度报告的状态流转", cycle.Start, word)
	},
	"request.md": func() string {
		word := func(key string) string { return i18n.To(i18n.Chinese).Text(foi.Word(key)) }
		return foi.Flow.Draw("政府信息公开申请的状态流转", foi.Submitted, word)
	},
	"normative.md": func() string {
		word := func(key string) string { return i18n.To(i18n.Chinese).Text(normative.Word(key)) }
		return normative.Flow.Draw("规章和行政规范性文件的状态流转", normative.Drafting, word)
	},
}

// docs/flow shows every table of moves as it is in the code.
func TestFlowPagesAreFresh(t *testing.T) {
	for name, draw := range drawings {
		path, want := filepath.Join(root, "docs", "flow", name), draw()
		if os.Getenv("GONGKAI_TEST_WRITE") != "" {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != want {
			t.Errorf("docs/flow/%s is out of date: run make docs", name)
		}
	}
}
