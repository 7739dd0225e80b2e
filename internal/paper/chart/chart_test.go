package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"testing"
)

func examples() map[string]string {
	return map[string]string{
		"ranked": Ranked{Title: "新收申请", Description: "各单位新收申请件数，由多到少", Bars: []Bar{
			{Label: "样例区人民政府", Value: 95, Text: "95件"}, {Label: "示范市人民政府办公室", Value: 46, Text: "46件"},
			{Label: "示范市科学技术局", Value: 34, Text: "34件"}, {Label: "示范市政务服务和数据管理委员会办公室综合处", Value: 9, Text: "9件（基数小）", Faint: true},
			{Label: "示范市司法局", Value: 0, Text: "0件"},
		}}.SVG(),
		"grouped": Grouped{Title: "两年对比", Description: "2023年与2024年", Series: []string{"2023年", "2024年"}, Groups: []Group{
			{Label: "新收申请", Bars: []Bar{{Value: 21, Text: "21"}, {Value: 95, Text: "95"}}},
			{Label: "办结", Bars: []Bar{{Value: 21, Text: "21"}, {Value: 95, Text: "95"}}},
			{Label: "行政复议", Bars: []Bar{{Value: 11, Text: "11"}, {Value: 2, Text: "2"}}},
		}}.SVG(),
	}
}

// Each chart is well-formed, names itself to a screen reader, and says its figures as text.
func TestCharts(t *testing.T) {
	say := map[string]string{"ranked": "46件", "grouped": "95"}
	for name, svg := range examples() {
		wellFormed(t, name, svg)
		for _, want := range []string{`role="img"`, "<title", "<desc", say[name]} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if dir := os.Getenv("CHART_OUT"); dir != "" {
			if err := os.WriteFile(dir+"/"+name+".svg", []byte(svg), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func wellFormed(t *testing.T, name, svg string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// Names and figures come from reports, which nobody has checked.
func TestHostileText(t *testing.T) {
	evil := `</title><script>alert(1)</script>"'&`
	for name, svg := range map[string]string{
		"ranked":  Ranked{Title: evil, Description: evil, Bars: []Bar{{Label: evil, Value: math.Inf(1), Text: evil}, {Label: "x", Value: math.NaN()}}}.SVG(),
		"grouped": Grouped{Title: evil, Series: []string{evil}, Groups: []Group{{Label: evil, Bars: []Bar{{Value: -3, Text: evil}}}}}.SVG(),
		"nothing": Ranked{}.SVG(),
	} {
		wellFormed(t, name, svg)
		if strings.Contains(svg, "<script") {
			t.Errorf("%s lets a script through", name)
		}
	}
}

// Neighbouring fills differ enough in lightness to be told apart in black and white.
func TestTones(t *testing.T) {
	last := -1.0
	for _, tone := range tones {
		l := luminance(t, tone)
		if last >= 0 && contrast(l, last) < 1.25 {
			t.Errorf("%s is too near its neighbour: %.2f", tone, contrast(l, last))
		}
		last = l
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is the relative luminance of WCAG 2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var c [3]float64
	for i := range c {
		n := 0.0
		for _, r := range hex[1+2*i : 3+2*i] {
			n = n*16 + float64(strings.IndexRune("0123456789abcdef", r))
		}
		n /= 255
		if n <= 0.03928 {
			c[i] = n / 12.92
		} else {
			c[i] = math.Pow((n+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
