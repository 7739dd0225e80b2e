package chart

import (
	"math"
	"strings"
	"testing"
)

// The scale's top is a round number at or above the greatest value.
func TestRoundUp(t *testing.T) {
	tests := map[float64]float64{0: 2, 1: 2, 2: 2, 3: 4, 7: 8, 9: 10, 11: 20, 37: 40, 59: 60, 81: 100, 999: 1000}
	for v, want := range tests {
		if got := roundUp(v); got != want {
			t.Errorf("%v: %v, want %v", v, got, want)
		}
	}
}

// Lines and rings are well-formed, hold their texts escaped and survive having no values.
func TestLineAndDonut(t *testing.T) {
	months := []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}
	tests := []struct {
		name string
		svg  string
		has  []string
	}{
		{"a line", Line{Title: "发布量", Labels: months[:3], Series: []Series{{"<本单位>", []float64{0, 5, 10}}}}.SVG(), []string{">3月<", ">10<", ">5<", `<path d="M52 164L216 89L380 14"`}},
		{"two lines with a legend", Line{Title: "发布量", Labels: months, Series: []Series{{"今年", []float64{1, 2}}, {"去年&", nil}}}.SVG(), []string{"去年&amp;", ">12月<"}},
		{"no line", Line{Title: "空"}.SVG(), []string{"空"}},
		{"a ring", Donut{Title: "状态", Middle: "4", Parts: []Bar{{Label: "<已发布>", Value: 3, Text: "3"}, {Label: "草稿", Value: 1, Text: "1"}}}.SVG(), []string{"&lt;已发布&gt;", `stroke-dasharray="290.7 98.9"`, `stroke-dasharray="95.9 293.7"`}},
		{"an empty ring", Donut{Title: "状态", Middle: "0"}.SVG(), []string{"<circle"}},
		{"one part is a whole ring", Donut{Title: "状态", Parts: []Bar{{Label: "草稿", Value: 9}}}.SVG(), []string{`stroke-dasharray="389.6 0"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, want := range tt.has {
				if !strings.Contains(tt.svg, want) {
					t.Errorf("lacks %s:\n%s", want, tt.svg)
				}
			}
			wellFormed(t, tt.name, tt.svg)
		})
	}
}

// A year without a figure leaves a gap in the line and no nought.
func TestALineWithAGap(t *testing.T) {
	svg := Line{Title: "新收申请", Labels: []string{"2022年", "2023年", "2024年", "2025年"},
		Series: []Series{{"件数", []float64{10, math.NaN(), 5, 10}}}}.SVG()
	wellFormed(t, "a gap", svg)
	if !strings.Contains(svg, `d="M52 14M`) || strings.Count(svg, "<circle") != 3 || !strings.Contains(svg, `class="line-1"`) {
		t.Errorf("got %s", svg)
	}
}
