package rule

import (
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
)

// R-AR-05: a cell that waits for a person is counted once.
func TestUnsettledCellsAreNoErrorsBesides(t *testing.T) {
	r := &annual.Report{Questions: []annual.Question{{Keys: []form.Key{"T2.rules.issued", "T2.rules.repealed"}}}}
	at := func(k string) []check.Quote { return []check.Quote{{Key: k}} }
	got := Count(r, []check.Finding{
		{Code: "R-AR-05", Severity: check.Error, Places: at("T2.rules.issued")},
		{Code: "R-AR-05", Severity: check.Error, Places: at("T3.new.total")},
		{Code: "R-AR-01", Severity: check.Error, Places: at("T2.rules.issued")},
		{Code: "R-AR-14", Severity: check.Warning},
		{Code: "R-AR-05", Severity: check.Info, Places: at("T2.rules.repealed")},
	})
	if want := (Tally{Errors: 2, Unsettled: 1, Warnings: 1, Infos: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if sum := got.Add(got); sum.Errors != 4 || sum.Infos != 2 {
		t.Errorf("twice: %+v", sum)
	}
}
