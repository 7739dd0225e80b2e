package rule

import (
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/i18n"
)

// Whoever reads a finding is told what to do about it, by the rule or by the remedy for its
// kind.
func TestFindingsAreAdvised(t *testing.T) {
	tests := []struct {
		name, want string
		edit       func(*annual.Report)
	}{
		{"late", "核对日期；确已逾期的，向政府信息公开工作主管部门说明原因", func(r *annual.Report) {
			r.Signed, r.Published = day("2024-02-03"), annual.Day{}
		}},
		{"undated", "在文末写明落款单位和日期", func(r *annual.Report) { r.Signed, r.Published = annual.Day{}, annual.Day{} }},
		{"a heading is missing", "补写缺少的部分和标题；没有这类情况的也要保留标题并写明", func(r *annual.Report) { r.Section("s5").Missing = true }},
		{"the rule's own advice stands", "应为“2023年1月1日至2023年12月31日”", func(r *annual.Report) {
			r.Period = annual.Text{}
			r.Section("s1").Paragraphs[0].Text = "统计期限自2022年1月1日起至2022年12月31日止。"
		}},
	}
	for _, tt := range tests {
		r := faultless()
		tt.edit(r)
		fs := Check(r, Context{}).Findings
		if len(fs) != 1 {
			t.Errorf("%s: %d findings, want 1:\n%s", tt.name, len(fs), all(fs))
			continue
		}
		if got := i18n.To(i18n.Chinese).Text(fs[0].Advice); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
