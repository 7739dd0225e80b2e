package date

import (
	"testing"
	"time"
)

func TestPlus(t *testing.T) {
	tests := []struct {
		name string
		got  Date
		want string
	}{
		{"over the end of a leap February", Must(2024, 2, 28).Plus(2), "2024-03-01"},
		{"back over a year's end", Must(2026, 1, 1).Plus(-1), "2025-12-31"},
		{"no date stays none", Date{}.PlusMonths(3), ""},
		{"a month to a shorter one ends with it", Must(2026, 1, 31).PlusMonths(1), "2026-02-28"},
		{"five years from a leap day", Must(2024, 2, 29).PlusMonths(60), "2029-02-28"},
		{"three months over a year's end", Must(2026, 11, 30).PlusMonths(3), "2027-02-28"},
		{"months back", Must(2026, 1, 15).PlusMonths(-2), "2025-11-15"},
	}
	for _, tt := range tests {
		if tt.got.String() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if day := Must(2026, 11, 23).Weekday(); day != time.Monday {
		t.Errorf("2026-11-23 is a %v, want Monday", day)
	}
}
