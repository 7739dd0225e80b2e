package sample

import (
	"testing"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
)

// What is made up passes the rules as a careful body's report does, year after year, on both
// versions of the form.
func TestMadeReportsAreSound(t *testing.T) {
	for _, body := range []struct {
		name string
		kind agency.Kind
		size int
	}{{"示范市民政局", agency.Department, 60}, {"示范市人民政府", agency.Government, 640}, {"示范市科学技术局", agency.Department, 3}} {
		var before *annual.Report
		for year := 2019; year <= 2025; year++ {
			r := Made(body.name, year, body.size)
			audit := rule.Check(r, rule.Context{Previous: before, Kind: body.kind})
			for _, f := range audit.Findings {
				if f.Severity != check.Info && f.Code != "R-AR-22" {
					t.Errorf("%s %d: %s %s %v %s", body.name, year, f.Code, f.Severity, f.Message, f.Working)
				}
			}
			if len(r.Missing()) > 0 {
				t.Errorf("%s %d lacks %v", body.name, year, r.Missing())
			}
			before = r
		}
	}
}
