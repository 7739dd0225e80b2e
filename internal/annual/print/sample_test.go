package print

import (
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
)

// vector is the balanced table three and four of a city for 2025 (spec §2.7): a row of the
// form and its seven figures.
const vector = `
new 13612 252 0 45 128 32 14069
carry_in 535 6 0 1 18 0 560
done.open 5345 129 0 41 19 14 5548
done.partial 2120 39 0 1 6 2 2168
done.deny.secret 13 0 0 0 0 0 13
done.deny.law 30 0 0 0 0 0 30
done.deny.safety 11 0 0 0 0 0 11
done.deny.third 49 2 0 0 0 0 51
done.deny.internal 103 1 0 0 0 0 104
done.deny.process 84 1 0 0 0 0 85
done.deny.casefile 282 4 0 0 0 0 286
done.deny.query 147 0 0 0 1 2 150
done.unable.nohold 3075 50 0 0 89 8 3222
done.unable.make 177 3 0 0 0 0 180
done.unable.unclear 19 0 0 0 0 0 19
done.noproc.petition 199 1 0 0 3 0 203
done.noproc.repeat 147 1 0 0 0 0 148
done.noproc.publication 0 0 0 0 0 0 0
done.noproc.excess 100 1 0 0 0 0 101
done.noproc.confirm 5 0 0 0 0 0 5
done.other.nocorrect 315 3 0 0 0 0 318
done.other.nopay 202 0 0 1 0 0 203
done.other.misc 941 17 0 1 3 3 965
done.total 13364 252 0 44 121 29 13810
carry_out 783 6 0 2 25 3 819
`

// city returns a report made of the vector and texts of a city that does not exist.
func city(t testing.TB) *annual.Report {
	f := form.ByID("2021")
	r := &annual.Report{
		File: "青禾市.docx", Form: f, Year: 2025,
		Title:     annual.Text{Text: "青禾市人民政府2025年政府信息公开工作年度报告"},
		Agency:    annual.Text{Text: "青禾市人民政府"},
		IndexNo:   annual.Text{Text: "11341702486344515H/2026-00013"},
		Publisher: annual.Text{Text: "青禾市人民政府办公室"},
		Published: annual.Day{Date: date.Must(2026, 3, 20), Text: "2026-03-20"},
		Signature: annual.Text{Text: "青禾市人民政府"},
		Signed:    annual.Day{Date: date.Must(2026, 3, 9), Text: "2026年3月9日"},
		Period:    annual.Text{Text: "统计期限自2025年1月1日起至2025年12月31日止"},
		Preface: []annual.Text{{Text: "本报告依照《中华人民共和国政府信息公开条例》第五十条和《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）编制。" +
			"报告所列数据的统计期限自2025年1月1日起至2025年12月31日止。本报告电子版可在青禾市人民政府网站下载。"}},
		Cells: map[form.Key]annual.Cell{},
	}
	for _, s := range f.Sections {
		r.Sections = append(r.Sections, annual.Section{Key: s.Key, Heading: annual.Text{Text: s.Full}, Paragraphs: texts[s.Key]})
	}
	for _, line := range strings.Split(strings.TrimSpace(vector), "\n") {
		fields := strings.Fields(line)
		for i, c := range f.Row("T3." + fields[0]).Cells {
			fill(r, c.Key, fields[1+i])
		}
	}
	figures := map[string]string{
		"T2.rules": "1 0 12", "T2.normdocs": "37 6 214", "T2.license": "210348", "T2.penalty": "5107",
		"T2.coercion": "", "T2.fees": "7730.28",
	}
	for row, line := range figures {
		values := strings.Fields(line)
		for i, c := range f.Row(row).Cells {
			if i < len(values) {
				fill(r, c.Key, values[i])
			} else {
				fill(r, c.Key, "")
			}
		}
	}
	for i, v := range strings.Fields("376 97 196 121 790 16 1 12 27 56 74 1 30 51 156") {
		fill(r, f.Cells()[len(f.Cells())-15+i].Key, v)
	}
	return r
}

// fill puts a figure or, for "", a blank into a cell.
func fill(r *annual.Report, k form.Key, v string) {
	if v == "" {
		r.Cells[k] = annual.Cell{State: annual.Blank}
		return
	}
	r.Cells[k] = annual.Cell{State: annual.Printed, Value: decimal.MustParse(v), Raw: v}
}

// unsettle takes a cell's value away and asks for it.
func unsettle(r *annual.Report, keys ...form.Key) {
	q := annual.Question{Keys: keys, Raw: []string{"212204"}}
	var o annual.Assignment
	for _, k := range keys {
		delete(r.Cells, k)
		o = append(o, annual.Maybe{Value: decimal.Int(2)})
	}
	q.Options = []annual.Assignment{o}
	r.Questions = append(r.Questions, q)
}

var texts = map[string][]annual.Text{
	"s1": {
		{Text: "2025年，青禾市坚持以公开为常态、不公开为例外，围绕群众关切推进政府信息公开工作。"},
		{Text: "（一）主动公开。全年通过市政府网站公开信息3.2万余条，其中政策文件214件，政策解读材料186件，解读率达86.9%；举办新闻发布会41场。"},
		{Text: "（二）依申请公开。全年新收申请14069件，上年结转560件，办结13810件，结转下年度819件，按期答复率100%。"},
		{Text: "（三）政府信息管理。对现行有效的12件规章、214件行政规范性文件逐件核对文本，统一格式后集中公开；清理失效文件6件，并在网站显著位置标注。"},
		{Text: "（四）平台建设。完成政府信息公开专栏改版，增设“一键查询”“无障碍阅读”等功能；政务新媒体矩阵共有账号128个，关停并转17个。"},
		{Text: "（五）监督保障。开展业务培训5期、1260人次；将政府信息公开纳入绩效考核，占比4%。全年未发生因不履行公开义务被追究责任的情况。"},
	},
	"s5": {
		{Text: "2025年存在的主要问题：一是部分单位答复文书说理不够充分，行政复议纠正率仍为12.3%；二是政策解读形式较为单一；三是乡镇（街道）力量薄弱，人员流动快。"},
		{Text: "2026年改进措施：一是推行答复文书范本并开展月度评查；二是增加图解、视频、场景问答；三是实行市、县两级跟班学习，年内轮训一遍。"},
	},
	"s6": {
		{Text: "2025年，青禾市各级行政机关依据《政府信息公开信息处理费管理办法》收取信息处理费的情况：发出收费通知203件，总金额5.6万元，实际收取0元。"},
	},
}
