package read

import (
	"strings"
	"testing"

	"gongkai/internal/extract"
)

// What is no report in the unified form is refused with the reason; the texts are made up
// after kinds of pages that turn up in collections.
func TestRefuse(t *testing.T) {
	tests := []struct{ name, text, reason string }{
		{"empty", "  \n\n", "annual.read.refuse.empty"},
		{"a report of before 2019", `示范市2017年政府信息公开工作年度报告
一、基本工作情况
全市设立了公开工作机构。
二、主动公开政府信息情况
全年主动公开政府信息1200条。
三、依申请公开政府信息和不予公开政府信息情况
收到申请3件。
四、行政复议、诉讼和申诉情况
没有发生。
五、收费及减免情况
没有收费。
六、存在的主要问题及改进措施
更新不够及时。`, "annual.read.refuse.before"},
		{"a notice about the reports", `示范市人民政府办公室关于做好2024年度政府信息公开工作年度报告编制发布工作的通知
各区人民政府，市政府各部门：
一、编制内容
按照统一格式编制年度报告，数据要准确。
二、时间要求
2025年1月31日前向社会公布。`, "annual.read.refuse.no_tables"},
		{"a news item", "示范市召开政务公开工作会议。会议指出，要做好政府信息公开工作。", "annual.read.refuse.no_tables"},
		{"another kind of report", "示范市样例局2024年法治政府建设工作报告\n一、总体情况\n全年立案12件，结案10件。", "annual.read.refuse.subject"},
	}
	for _, tt := range tests {
		r := Document(extract.Paste(tt.text))
		if r.Refused == nil {
			t.Errorf("%s: read as a report", tt.name)
			continue
		}
		var keys []string
		for _, m := range r.Refused.Reasons {
			keys = append(keys, m.Key)
		}
		if !strings.Contains(strings.Join(keys, " "), tt.reason) {
			t.Errorf("%s: refused for %v, want %s", tt.name, keys, tt.reason)
		}
		if len(r.Cells) > 0 {
			t.Errorf("%s: refused, yet %d cells", tt.name, len(r.Cells))
		}
	}
}

// A report whose tables are pictures is a report: its headings say so, its cells are missing.
func TestTablesMissing(t *testing.T) {
	r := Document(extract.Paste(`示范市样例局2024年政府信息公开工作年度报告
一、总体情况
本年度做好公开工作。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
更新不够及时。
六、其他需要报告的事项
没有。`))
	if r.Refused != nil {
		t.Fatalf("refused: %v", r.Refused.Reasons)
	}
	if len(r.Cells) != 0 || len(r.Missing()) != 200 {
		t.Errorf("%d cells, %d missing; want 0, 200", len(r.Cells), len(r.Missing()))
	}
}
