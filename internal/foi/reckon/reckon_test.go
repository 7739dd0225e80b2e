package reckon

import (
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/workday"
)

func on(t testing.TB, s string) date.Date {
	t.Helper()
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// read reads a case that must be in order.
func read(t testing.TB, text string) Case {
	t.Helper()
	c, faults := Read([]byte(text))
	if len(faults) > 0 {
		t.Fatalf("%s: %v", text, faults)
	}
	return c
}

// Every example of the specification, as it stands there; counted by hand on the notices of
// 2025 and 2026.
func TestTheExamples(t *testing.T) {
	tests := []struct{ rule, text, start, due string }{
		{"R-DL-03: 20 days over 春节 with two make-up Saturdays", `{"received": "2026-01-28"}`, "2026-01-28", "2026-03-03"},
		{"R-DL-04: received on a make-up Saturday", `{"received": "2026-02-14"}`, "2026-02-14", "2026-03-20"},
		{"R-DL-05: received on a Sunday", `{"received": "2026-03-08"}`, "2026-03-08", "2026-04-03"},
		{"R-DL-06: over 中秋 and 国庆", `{"received": "2026-09-18"}`, "2026-09-18", "2026-10-22"},
		{"R-DL-06: the Monday after the make-up Sunday", `{"received": "2026-09-21"}`, "2026-09-21", "2026-10-26"},
		{"R-DL-07, R-DL-08: notice on the 7th day, corrected", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "corrected": "2026-03-20"}}`, "2026-03-20", "2026-04-20"},
		{"R-DL-08: only the day of the corrected request is known", `{"received": "2026-03-02", "correction": {"corrected": "2026-03-20"}}`, "2026-03-20", "2026-04-20"},
		{"R-DL-09: before any consultation", `{"received": "2026-04-01"}`, "2026-04-01", "2026-04-30"},
		{"R-DL-09: one consultation of 14 days", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}]}`, "2026-04-01", "2026-05-22"},
		{"R-DL-10: two that overlap count once", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-24"}, {"sent": "2026-04-20", "replied": "2026-05-08"}]}`, "2026-04-01", "2026-05-27"},
		{"R-DL-11: a silent third party", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14"}]}`, "2026-04-01", "2026-05-27"},
		{"R-DL-12: extended by 10", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 10, "approved": "2026-05-20", "notified": "2026-05-22"}}`, "2026-04-01", "2026-06-05"},
		{"R-DL-12: extended by 20, over 端午", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 20, "approved": "2026-05-20", "notified": "2026-05-22"}}`, "2026-04-01", "2026-06-22"},
		{"R-DL-16: over the year's end", `{"received": "2025-12-10"}`, "2025-12-10", "2026-01-08"},
		{"R-FEE-07: anew after payment", `{"received": "2026-06-15", "fee": {"notified": "2026-06-30", "paid": "2026-07-10"}}`, "2026-07-10", "2026-08-07"},
	}
	for _, tt := range tests {
		got := Reckon(workday.Embedded(), read(t, tt.text), Policy{})
		if got.Due.String() != tt.due || got.Start.String() != tt.start || !got.Certain {
			t.Errorf("%s: from %s due %s (certain %v), want from %s due %s", tt.rule, got.Start, got.Due, got.Certain, tt.start, tt.due)
		}
	}
}
