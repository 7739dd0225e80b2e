package workday

import (
	"testing"

	"gongkai/internal/date"
)

// What a clerk copies out of a notice reads as the same notice: a holiday of one day, one of
// eight days, two make-up days on a line.
func TestLines(t *testing.T) {
	text, faults := Lines(2027, "https://www.example.gov.cn/2027", "休 元旦 2027-01-01\n\n放假 春节 2027-02-05 至 2027-02-12\n班 春节 2027-01-30 2027-02-20\n")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	n, faults := ParseNotice(text)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	off, work := n.Off(), n.Work()
	if n.Year != 2027 || len(n.Sources) != 1 || len(off) != 2 || len(work) != 2 ||
		off[1].From != date.Must(2027, 2, 5) || off[1].To != date.Must(2027, 2, 12) || work[0].From != date.Must(2027, 1, 30) {
		t.Errorf("got %+v", n)
	}
}

func TestLinesThatAreNone(t *testing.T) {
	for _, line := range []string{"春节 2027-02-05", "休 2027-02-05", "假 春节 2027-02-05", "休 春节 2月5日", "休 春节 2027-02-05..2027-02-01",
		"休 春节 2027-02-05至2027-03-08", "休 春节 2027-02-05 至 9999-12-31"} {
		if _, faults := Lines(2027, "", "休 元旦 2027-01-01\n"+line); len(faults) != 1 || faults[0].Args["line"] != 2 {
			t.Errorf("%s: %v", line, faults)
		}
	}
	if _, faults := Lines(2027, "", "休 春节 2027-02-05至2027-03-07"); len(faults) != 0 {
		t.Errorf("31 days: %v", faults)
	}
}
