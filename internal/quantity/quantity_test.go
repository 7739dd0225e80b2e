package quantity

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/decimal"
)

// show writes a find as a test states it: value, unit, bound.
func show(q Quantity) string {
	v := q.Value.String()
	if q.High != q.Value {
		v += "…" + q.High.String()
	}
	switch q.Kind {
	case None:
		return "none"
	case Year:
		return "year " + v
	}
	if q.Bound != Exact {
		return fmt.Sprintf("%s%s %s", v, q.Unit, q.Bound)
	}
	return v + q.Unit
}

func TestFind(t *testing.T) {
	tests := []struct{ text, want string }{
		// counts in Arabic figures
		{"发布本地新闻657条", "657条"},
		{"２０２３年发布６５７条", "year 2023 657条"},
		{"2023 年 657 条", "year 2023 657条"},
		{"受理政府信息公开申请 21 件，", "21件"},
		{"共1,136条，另有11,398,889件", "1136条 11398889件"},
		{"1，136条", "1136条"},
		{"收费7730.28万元", "7730.28万元"},
		{"316441万元", "316441万元"},
		{"3.5亿元", "35000万元"},
		{"信息处理费400元", "400元"},
		{"共计1.2万条", "12000条"},
		{"粉丝3千人", "3000人"},
		{"分别为3、5、8件", "3 5 8件"},
		{"发布信息57\n6条", "576条"},
		// Chinese numerals
		{"三百二十一件", "321件"},
		{"十七件", "17件"},
		{"两千零五条", "2005条"},
		{"一千二百多条", "1200条 at_least"},
		{"百余条", "100条 at_least"},
		{"廿五件", "25件"},
		{"一万二千条", "12000条"},
		{"十余场", "10场 at_least"},
		{"一件", "1件"},
		{"指定一名工作人员", "1名"},
		{"收到申请两件", "2件"},
		// bounds
		{"600余条", "600条 at_least"},
		{"120多人次", "120人次 at_least"},
		{"约30篇", "30篇 about"},
		{"近200条", "200条 about"},
		{"50件左右", "50件 about"},
		{"超过80次", "80次 at_least"},
		{"不少于2次", "2次 at_least"},
		{"不足10件", "10件 at_most"},
		{"100人以上", "100人 at_least"},
		{"3至5次", "3…5次"},
		{"3-5次", "3…5次"},
		// shares
		{"办结率100%", "100%"},
		{"占35.2％", "35.2%"},
		{"百分之三十", "30%"},
		{"百分之百", "100%"},
		{"提高12个百分点", "12个百分点"},
		// nothing of it
		{"未收到政府信息公开申请", "none"},
		{"没有因政府信息公开被申请行政复议", "none"},
		{"全年无被行政复议", "none"},
		{"均为0件", "0件"},
		{"无障碍浏览，无法提供，无正当理由", ""},
		{"零投诉", "none"},
		// numbers that count nothing
		{"自2023年1月1日起至2023年12月31日止", "year 2023 year 2023"},
		{"20231月1日至202312月31日", ""},
		{"（国令第 711 号）", ""},
		{"（国办公开办函〔2021〕30号）", ""},
		{"（黄民办函〔2023〕4号）", ""},
		{"第二十条第（五）项", ""},
		{"第20条第(5)项", ""},
		{"十九届二中、三中、四中与五中全会", ""},
		{"落实“三审三校”制度", ""},
		{"12345热线", ""},
		{"（2024－2027 年）", ""},
		{"一是健全组织。二是落实责任。三是", ""},
		{"邮编：000000，电话：0000-00000000，gongkai126@example.com", ""},
		{"示范大道 90\n号", ""},
		{"https://www.example.com/2024/123.html", ""},
		{"“十四五”规划，“三公”经费，统一，专门，一些", ""},
		{"1.政府信息处理费收取情况。", ""},
		{"（一）主动公开情况。", ""},
		{"3个月内、20个工作日、7天", ""},
		{"党的二十大精神", ""},
		{"信息公开一次性告知，每季度一次", ""},
		{"- 1 -", "1"},
		{"24小时", ""},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, q := range find(tt.text) {
			got = append(got, show(q))
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, g, tt.want)
		}
	}
}

func TestPositionsCountRunes(t *testing.T) {
	text := "全年超过６００ 余 条信息"
	q := find(text)[0]
	if got := string([]rune(text)[q.Start:q.End]); got != "超过６００ 余 条" {
		t.Errorf("span %q", got)
	}
}

func TestAllows(t *testing.T) {
	tests := []struct {
		text string
		v    string
		want bool
	}{
		{"9件", "9", true},
		{"9件", "10", false},
		{"600余条", "600", true},
		{"600余条", "699", true},
		{"600余条", "701", false},
		{"600余条", "599", false},
		{"近200条", "195", true},
		{"近200条", "150", false},
		{"不足10件", "9", true},
		{"不足10件", "11", false},
		{"3至5次", "4", true},
		{"3至5次", "6", false},
	}
	for _, tt := range tests {
		if got := find(tt.text)[0].Allows(decimal.MustParse(tt.v)); got != tt.want {
			t.Errorf("%s allows %s: %v", tt.text, tt.v, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"2023 年 657 条", "一千二百多万件", "1,136.5%", "〔2023〕4号", "百分之", "0-0-0", "9999999999999万亿元", "超过", "12,12,12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := len([]rune(text))
		last := 0
		for _, q := range find(text) {
			if q.Start < 0 || q.End > n || q.Start >= q.End || q.Value < 0 || q.High < q.Value {
				t.Fatalf("%q: %+v", text, q)
			}
			if q.End < last {
				t.Fatalf("%q: out of order: %+v", text, q)
			}
			last = q.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("2023年，我局共收到政府信息公开申请17件，其中自然人6件，办结率100%。根据〔2021〕30号文件要求。", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		find(text)
	}
}

func find(text string) []Quantity { return FindRunes([]rune(text)) }
