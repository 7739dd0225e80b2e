package read

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// htmlOf prints a report as a web page, its cells made by cell.
func htmlOf(f *form.Form, year int, cell func(form.Box) string, tables func(id string, rows []string) string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>示范市样例局%d年政府信息公开工作年度报告_示范市人民政府</title></head><body>", year)
	b.WriteString("<div class=nav><a>首页</a> &gt; <a>政府信息公开</a> &gt; <a>年度报告</a></div>")
	fmt.Fprintf(&b, "<h1>示范市样例局%d年政府信息公开工作年度报告</h1><p>来源：示范市样例局 发布时间：%d-01-25 字体：[大 中 小]</p>", year, year+1)
	for _, s := range f.Sections {
		fmt.Fprintf(&b, "<p>%s</p>", s.Full)
		if s.Table == "" {
			b.WriteString("<p>本年度没有其他情况需要说明。</p>")
			continue
		}
		var rows []string
		for _, line := range f.Table(s.Table).Grid {
			row := "<tr>"
			for _, box := range line {
				row += fmt.Sprintf(`<td rowspan="%d" colspan="%d">%s</td>`, box.RowSpan, box.ColSpan, cell(box))
			}
			rows = append(rows, row+"</tr>")
		}
		b.WriteString(tables(s.Table, rows))
	}
	fmt.Fprintf(&b, "<p>示范市样例局</p><p>%d年1月20日</p>", year+1)
	b.WriteString("<div>分享到：微信 微博</div><p>上一篇：无</p><div>版权所有：示范市人民政府 备案号：示ICP备00000000号</div></body></html>")
	return []byte(b.String())
}

func oneTable(_ string, rows []string) string {
	return "<table>" + strings.Join(rows, "") + "</table>"
}

// TestGrids reads true tables with what editors and publishing systems do to them. Every
// cell must come out right.
func TestGrids(t *testing.T) {
	plain := func(v map[form.Key]decimal.Decimal) func(form.Box) string {
		return func(b form.Box) string {
			if b.Role == form.RoleValue {
				return v[b.Key].String()
			}
			return b.Text
		}
	}
	tests := []struct {
		name   string
		cell   func(v map[form.Key]decimal.Decimal) func(form.Box) string
		tables func(string, []string) string
	}{
		{"plain", plain, oneTable},
		{"spaces and breaks inside labels and figures", func(v map[form.Key]decimal.Decimal) func(form.Box) string {
			return func(b form.Box) string {
				if b.Role == form.RoleValue {
					s := v[b.Key].String()
					if len(s) > 3 {
						s = s[:2] + "\n" + s[2:]
					}
					return "&nbsp; " + s + " "
				}
				return strings.Join(strings.Split(b.Text, ""), " ")
			}
		}, oneTable},
		{"full-width digits, units and note marks", func(v map[form.Key]decimal.Decimal) func(form.Box) string {
			wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３")
			return func(b form.Box) string {
				if b.Role != form.RoleValue {
					return strings.NewReplacer("（", "(", "）", ")", "，", ",", "：", ":").Replace(b.Text)
				}
				s := wide.Replace(v[b.Key].String())
				switch {
				case strings.HasSuffix(string(b.Key), "natural"):
					return s + "件"
				case strings.HasSuffix(string(b.Key), "total"):
					return s + "（注1）"
				}
				return s
			}
		}, oneTable},
		{"a character missing from long labels", func(v map[form.Key]decimal.Decimal) func(form.Box) string {
			return func(b form.Box) string {
				if b.Role == form.RoleValue {
					return v[b.Key].String()
				}
				if r := []rune(b.Text); len(r) > 8 && b.Role == form.RoleRowLabel {
					return string(r[:5]) + string(r[6:])
				}
				return b.Text
			}
		}, oneTable},
		{"split over pages, head repeated", plain, func(id string, rows []string) string {
			if id != "T3" {
				return oneTable(id, rows)
			}
			head := strings.Join(rows[:3], "")
			return "<table>" + head + strings.Join(rows[3:12], "") + "</table><p>- 2 -</p><table>" + head + strings.Join(rows[12:], "") + "</table>"
		}},
		{"empty columns at the right", plain, func(id string, rows []string) string {
			return "<table>" + strings.ReplaceAll(strings.Join(rows, ""), "</tr>", "<td></td><td></td></tr>") + "</table>"
		}},
		{"whole page set in a layout table", plain, func(id string, rows []string) string {
			return "<table><tr><td><div>" + oneTable(id, rows) + "</div></td></tr></table>"
		}},
	}
	for _, tt := range tests {
		rng := rand.New(rand.NewPCG(3, 4))
		for i := range 6 {
			f := form.All()[i%2]
			v := figuresOf(rng, f)
			r, err := Bytes(context.Background(), "x.html", htmlOf(f, f.From, tt.cell(v), tt.tables))
			if err != nil {
				t.Fatal(err)
			}
			if r.Refused != nil {
				t.Fatalf("%s: refused", tt.name)
			}
			bad := 0
			for k, want := range v {
				if c, ok := r.Cells[k]; !ok || c.State == annual.Blank || c.Value != want {
					if bad++; bad < 4 {
						t.Errorf("%s, form %s: %s is %s %q (%s), want %s", tt.name, f.ID, k, c.Value, c.Raw, c.State, want)
					}
				}
			}
			if r.Agency.Text != "示范市样例局" || r.Year != f.From || r.Published.Date.IsZero() || r.Signed.Date.IsZero() {
				t.Errorf("%s: agency %q, year %d, published %s, signed %s", tt.name, r.Agency.Text, r.Year, r.Published.Date, r.Signed.Date)
			}
			for _, s := range r.Sections {
				for _, p := range s.Paragraphs {
					if strings.Contains(p.Text, "版权") || strings.Contains(p.Text, "分享") {
						t.Errorf("%s: page furniture in %s: %q", tt.name, s.Key, p.Text)
					}
				}
			}
		}
	}
}
