package extract

import "testing"

func TestOFDTableFromRulingLines(t *testing.T) {
	xs, ys := []float64{20, 70, 110, 150}, []float64{40, 50, 60, 70}
	page := ofdText(60, 30, 6, "某市某局2024年政府信息公开工作年度报告") + ofdRules(xs, ys) +
		ofdText(22, 47, 4, "信息内容") + ofdText(72, 47, 4, "本年制发件数") + ofdText(112, 47, 4, "现行有效件数") +
		ofdText(22, 57, 4, "规章") + ofdText(72, 57, 4, "3") + ofdText(112, 57, 4, "74") +
		ofdText(22, 67, 4, "行政规范性文件") + ofdText(72, 67, 4, "564") + ofdText(112, 67, 4, "4185")
	d := mustRead(t, "报告.ofd", makeOFD(t, page))
	want := `ofd  pages=1 notes=[] meta=[{title 某市某局2024年政府信息公开工作年度报告}]
[p1 l1] 某市某局2024年政府信息公开工作年度报告
table 1 (p1), 3 columns
 |0,0 信息内容 |0,1 本年制发件数 |0,2 现行有效件数
 |1,0 规章 |1,1 3 |1,2 74
 |2,0 行政规范性文件 |2,1 564 |2,2 4185
`
	if got := sketch(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
