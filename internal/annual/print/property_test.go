package print

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
)

// words that real reports are made of, with the punctuation they use and misuse.
var words = []string{
	"政府信息公开", "依申请公开", "行政机关", "群众", "平台", "培训", "解读", "答复", "工作人员", "县级以上",
	"，", "、", "；", "：", "——", "…", "·", "“三安全一稳定”", "《条例》", "〔2021〕30号", "（含延期）", "(1)",
	"2025年", "1260人次", "86.9%", "3.2万余条", "5‰", "12345热线", "℃", "①", "12月31日", "0件", "-3",
	"a&b", "<b>", "\"引号\"", "it's", "#1", "50%", "C++", "https://www.example.gov.cn/a?b=1&c=2", "e-mail", "Ⅱ级", "〇",
	"镕", "喆", "堃", "赟", "昇", "玥", "祎",
}

// sentence draws text of n words that no reader takes for a heading or a row of a table.
func sentence(t *rapid.T, label string) string {
	n := rapid.IntRange(1, 60).Draw(t, label)
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{
		"本机关认真贯彻落实条例和上级部署，", "2025年，我局坚持依法依规、便民利民，全年", "一是健全审查机制，先审查、后公开，",
		"（一）主动公开。进一步规范公开的内容和程序，", "（二）依申请公开情况", "1.强化监督，对各科室公开情况按季度通报，",
	}).Draw(t, "start"))
	for range n {
		b.WriteString(rapid.SampledFrom(words).Draw(t, "word"))
	}
	b.WriteString("等工作有序推进。")
	return b.String()
}

func paragraphs(t *rapid.T, label string, least int) []annual.Text {
	var out []annual.Text
	for range rapid.IntRange(least, 4).Draw(t, label) {
		out = append(out, annual.Text{Text: sentence(t, label)})
	}
	return out
}

// report draws a report of either form: blanks, zeros, small and big figures, decimals,
// changes below zero, cells nobody has settled.
func report(t *rapid.T) *annual.Report {
	f := form.ByID(rapid.SampledFrom([]string{"2019", "2021"}).Draw(t, "form"))
	year := rapid.IntRange(f.From, f.From+1).Draw(t, "year")
	body := rapid.SampledFrom([]string{"青禾市水利局", "白鹭县人民政府", "云岭省青禾市白鹭新区政务服务和大数据管理局", "青禾市城市管理综合行政执法局（青禾市城市管理局）"}).Draw(t, "body")
	r := &annual.Report{
		Form: f, Year: year, Title: annual.Text{Text: f.Title(body, year)}, Agency: annual.Text{Text: body},
		Signature: annual.Text{Text: body}, Signed: annual.Day{Date: date.Must(year+1, 1, rapid.IntRange(1, 31).Draw(t, "day"))},
		Preface: paragraphs(t, "preface", 0), Cells: map[form.Key]annual.Cell{},
	}
	if rapid.Bool().Draw(t, "facts") {
		r.IndexNo.Text = "11341702486344515H/2026-00013"
		r.Publisher.Text = "青禾市人民政府办公室"
		r.DocNo.Text = "青政函〔2026〕7号"
		r.Published.Date = date.Must(year+1, 1, 31)
	}
	for _, s := range f.Sections {
		least := 0
		if s.Table == "" {
			least = 1
		}
		r.Sections = append(r.Sections, annual.Section{Key: s.Key, Heading: annual.Text{Text: s.Full}, Paragraphs: paragraphs(t, s.Key, least)})
	}
	fullness := rapid.IntRange(0, 10).Draw(t, "fullness")
	for _, c := range f.Cells() {
		switch n := rapid.IntRange(0, 20).Draw(t, "cell"); {
		case n == 20:
			r.Questions = append(r.Questions, annual.Question{Keys: []form.Key{c.Key}})
		case n >= 2*fullness:
			r.Cells[c.Key] = annual.Cell{State: annual.Blank}
		default:
			r.Cells[c.Key] = annual.Cell{State: annual.Printed, Value: figureFor(t, c.Kind)}
		}
	}
	return r
}

func figureFor(t *rapid.T, k form.Kind) decimal.Decimal {
	whole := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 99), rapid.Int64Range(0, 99_999_999)).Draw(t, "figure")
	v := decimal.Int(whole)
	switch k {
	case form.Money, form.Amount:
		v += decimal.Decimal(rapid.Int64Range(0, 999_999).Draw(t, "fraction"))
	case form.Change:
		if rapid.Bool().Draw(t, "less") {
			v = -v
		}
	}
	return v
}

// fewer cuts the reports drawn down to a fifth: reading a PDF takes a hundred times as long
// as reading another format.
func fewer(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value
	n, err := strconv.Atoi(checks.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Set(strconv.Itoa(max(1, n/5))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Set(strconv.Itoa(n)); err != nil {
			t.Error(err)
		}
	})
}

// What is printed reads back as the same report, cell by cell, in each format.
func TestPropertyReadBack(t *testing.T) {
	for _, f := range Formats {
		t.Run(string(f), func(t *testing.T) {
			if f == PDF {
				fewer(t)
			}
			rapid.Check(t, func(rt *rapid.T) {
				r := report(rt)
				for _, d := range differences(f, r, again(t, r, f)) {
					rt.Error(d)
				}
			})
		})
	}
}
